"""What the desk's pages of scholarship rounds show: numbers to staff, texts to who reads them.

What somebody may not read is not in these values at all.
"""

from datetime import datetime

from shared.domain.applications import Application
from shared.domain.awards import Award, AwardStatus, Fund, FundEntry
from shared.domain.catalogue import Catalogue
from shared.domain.desk_lists import moment
from shared.domain.money import Money
from shared.domain.rounds import Round
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.scholarship_views import ReviewRow, ReviewView
from shared.domain.staff import Staff, may
from shared.domain.value import Value


def is_named(asks: Staff, policy: ScholarshipPolicy) -> bool:
    """Whether the catalogue names them as a reviewer, by the address they sign in with."""
    return asks.name.strip().lower() in {one.lower() for one in policy.reviewers}


def may_read(asks: Staff, policy: ScholarshipPolicy) -> bool:
    """Whether they may read what people wrote to apply for that round."""
    return may(asks, "read applications") or is_named(asks, policy)


class RoundLine(Value):
    """One round among all. `applications` is None when only kept counts tell of it.

    `for_me` are those that wait for the reader's own vote, `for_institute` those that their votes
    left open.
    """

    catalogue: Catalogue
    around: Round
    fund: Fund | None
    applications: int | None
    for_me: int
    for_institute: int


class RoundsPage(Value):
    """Every round, those that still go on first."""

    rounds: tuple[RoundLine, ...]

    @property
    def for_me(self) -> int:
        """How many applications wait for the reader's own vote."""
        return sum(one.for_me for one in self.rounds)


class ApplicationLine(Value):
    """One application by its number: how it was reviewed, what it came to, and its award."""

    review: ReviewRow
    application: Application
    award: Award | None = None


# What a list of applications says of each that is taken away.
APPLICATION_COLUMNS = (
    *("Number", "Came", "Priority group", "Votes", "Came to"),
    *("Award", "Currency", "The award is"),
)


def application_row(line: ApplicationLine, *, reads: bool) -> tuple[str, ...]:
    """One application as a line. Who does not read them is not told of groups, either."""
    one, award = line.application, line.award
    band = ("yes" if one.priority else "no") if reads else ""
    amount = award.amount if award else None
    return (
        one.reference,
        "late" if one.late else "in time",
        band,
        str(line.review.votes),
        str(one.outcome or ""),
        amount.decimal if amount else "",
        amount.currency if amount else "",
        str(award.status) if award else "",
    )


# And of each movement of a fund, and of each round.
FUND_COLUMNS = ("At", "What", "Moved", "Currency", "Counts already")
ROUND_COLUMNS = (
    *("Series", "Title", "Stands", "Deadline", "Applications", "Wait for your vote"),
    *("Left open by the votes", "Left in the fund", "Currency"),
)


def fund_row(entry: FundEntry, currency: str) -> tuple[str, ...]:
    """One movement as a line; what went out has a minus before it."""
    amount = Money(minor=abs(entry.by), currency=currency).decimal
    moved = f"-{amount}" if entry.by < 0 else amount
    counts = "yes" if entry.waiting is None else "no"
    return (moment(entry.at), entry.about, moved, currency, counts)


def round_row(line: RoundLine) -> tuple[str, ...]:
    """One round as a line. How many applied is left empty where only kept counts tell of it."""
    left = line.fund.left if line.fund else None
    return (
        line.around.series,
        line.catalogue.series.title,
        line.around.phase.value,
        moment(line.around.closes_at),
        "" if line.applications is None else str(line.applications),
        str(line.for_me),
        str(line.for_institute),
        left.decimal if left else "",
        left.currency if left else "",
    )


class Ahead(Value):
    """What happens by itself, and when."""

    at: datetime
    text: str


class RoundPage(Value):
    """One round. `lines` are a page of its applications, in the order of their numbers.

    `begins` is behind which number they begin, `next` behind which the next page does, if there is
    one. `movements` are the latest of the fund; `moved` how many there were.
    """

    catalogue: Catalogue
    around: Round
    reads: bool
    named: bool
    in_all: int
    for_me: int
    for_institute: int
    lines: tuple[ApplicationLine, ...]
    awards: tuple[Award, ...]
    fund: Fund | None
    movements: tuple[FundEntry, ...]
    moved: int
    ahead: tuple[Ahead, ...]
    begins: str = ""
    next: str = ""

    def held(self, status: AwardStatus) -> int:
        """How many awards are in that state."""
        return sum(one.status is status for one in self.awards)


class ApplicationPage(Value):
    """One application. `review` is what a reader of it may see by now; None for everybody else."""

    catalogue: Catalogue
    around: Round
    line: ApplicationLine
    price: Money
    named: bool
    review: ReviewView | None = None

    @property
    def waits_for_vote(self) -> bool:
        """Whether the reader's own vote is wanted."""
        review = self.review
        return self.named and review is not None and not (review.voted or review.closed)
