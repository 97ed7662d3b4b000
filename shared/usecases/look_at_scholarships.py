"""Look at scholarship rounds from the desk: all of them, one, one application. Changes nothing.

Which applications count, and what waits for whom, only all of a round tell: its applications and
its votes are one question each, which DynamoDB answers by the megabyte (some 2,000 of either).
Whoever looks is told from others by their address alone: an application of their own is not there
for them, here as behind the link in a reviewer's letter.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.domain.applications import LEFT_OPEN, Application
from shared.domain.awards import Award, AwardStatus, Fund, FundEntry
from shared.domain.desk_lists import Listed
from shared.domain.desk_scholarships import (
    APPLICATION_COLUMNS,
    FUND_COLUMNS,
    Ahead,
    ApplicationLine,
    ApplicationPage,
    RoundLine,
    RoundPage,
    RoundsPage,
    application_row,
    fund_row,
    is_named,
    may_read,
)
from shared.domain.reviews import decide
from shared.domain.rounds import Round, RoundPhase
from shared.domain.scholarship_policy import ScholarshipPolicy
from shared.domain.scholarship_views import ReviewRow
from shared.domain.staff import Staff
from shared.ports import Records
from shared.usecases.look_at_series import list_series
from shared.usecases.offer_awards import policy_of, sent_in, votes_on
from shared.usecases.review_applications import Reading, list_of, round_of, view_with
from shared.usecases.reviewers import is_own, reviewer_id

# So many applications are on a page, and so many movements of the fund.
APPLICATIONS = 50
MOVEMENTS = 20
# What an award waits for.
_UNTIL = {AwardStatus.OFFERED: "answered", AwardStatus.ACCEPTED: "paid"}


def look_at_rounds(
    asks: Staff, *, records: Records, applications: Records, key: bytes, now: datetime
) -> RoundsPage:
    """Every round. Of one that is over, its numbers are those that were kept."""
    held = [one for one in list_series(records=records) if one.catalogue.policies.scholarship]
    rounds = records.get_all([Round.key_of(one.series) for one in held], Round)
    funds = records.get_all([Fund.key_of(one.series) for one in held], Fund)
    me = reviewer_id(asks.name, key)
    left_open = Counter(
        one.series
        for one in applications.waiting(LEFT_OPEN, now, Application)
        if not is_own(one.learner or "", me)
    )
    lines = []
    for one in held:
        around = rounds.get(Round.key_of(one.series))
        if around is None:
            continue
        over = around.phase is RoundPhase.CLOSED
        reading = Reading(
            me, one.catalogue, around, () if over else tuple(sent_in(one.series, applications))
        )
        lines.append(
            RoundLine(
                catalogue=one.catalogue,
                around=around,
                fund=funds.get(Fund.key_of(one.series)),
                applications=None if over else len(reading.counting),
                for_me=_for_me(reading, asks, applications, key),
                for_institute=left_open[one.series],
            )
        )
    return RoundsPage(
        rounds=tuple(sorted(lines, key=lambda line: line.around.phase is RoundPhase.CLOSED))
    )


def look_at_round(
    series: str,
    asks: Staff,
    *,
    begins: str = "",
    records: Records,
    applications: Records,
    key: bytes,
    now: datetime,
) -> RoundPage | None:
    """One round with a page of its applications, those behind `begins`; None if there is none."""
    reading = _reading(series, asks, records, applications, key)
    if reading is None:
        return None
    policy = policy_of(reading.catalogue)
    awards = list(records.find(Award.key_of(series, "").partition, Award))
    fund, entries = _fund(series, records)
    lines = lines_of(reading, awards, applications, key)
    rest = [one for one in lines if one.review.reference > begins]
    shown = rest[:APPLICATIONS]
    named = is_named(asks, policy)
    return RoundPage(
        catalogue=reading.catalogue,
        around=reading.around,
        reads=may_read(asks, policy),
        named=named,
        in_all=len(lines),
        for_me=sum(one.review.waits for one in lines) if named and not reading.closed else 0,
        for_institute=sum(one.application.left_open for one in lines),
        lines=tuple(shown),
        awards=tuple(awards),
        fund=fund,
        movements=tuple(sorted(entries, key=lambda one: one.at, reverse=True)[:MOVEMENTS]),
        moved=len(entries),
        ahead=tuple(sorted(_ahead(reading, policy, awards, now), key=lambda one: one.at)),
        begins=begins,
        next=shown[-1].review.reference if len(rest) > len(shown) else "",
    )


def look_at_application(
    series: str,
    reference: str,
    asks: Staff,
    *,
    records: Records,
    applications: Records,
    key: bytes,
) -> ApplicationPage | None:
    """One application as far as they may see it; None if there is none that counts for them."""
    reading = _reading(series, asks, records, applications, key)
    one = reading.counting.get(reference) if reading else None
    if reading is None or one is None:
        return None
    policy = policy_of(reading.catalogue)
    votes = votes_on(series, reference, applications)
    breaker = reviewer_id(policy.tie_break, key) if policy.tie_break else None
    mine = next((vote for vote in votes if vote.reviewer == reading.reviewer), None)
    row = ReviewRow(
        reference=reference,
        late=one.late,
        priority=one.priority,
        votes=sum(vote.outcome is not None for vote in votes),
        voted=mine is not None,
        stood_aside=mine is not None and mine.outcome is None,
        decided=decide(votes, policy, breaker).outcome is not None,
        link=reference,
    )
    award = records.get(Award.key_of(series, one.learner or ""), Award)
    reads = may_read(asks, policy)
    return ApplicationPage(
        catalogue=reading.catalogue,
        around=reading.around,
        line=ApplicationLine(review=row, application=one, award=award),
        price=reading.catalogue.offer(policy.covers).price,
        named=is_named(asks, policy),
        review=view_with(reading, one, votes, applications) if reads else None,
    )


def list_applications(
    series: str, asks: Staff, *, records: Records, applications: Records, key: bytes
) -> Listed | None:
    """Every application of a round that counts, as a list to take away; None if there is none."""
    reading = _reading(series, asks, records, applications, key)
    if reading is None:
        return None
    reads = may_read(asks, policy_of(reading.catalogue))
    awards = records.find(Award.key_of(series, "").partition, Award)
    lines = lines_of(reading, list(awards), applications, key)
    return Listed(
        name=f"applications-{series}",
        columns=APPLICATION_COLUMNS,
        rows=tuple(application_row(one, reads=reads) for one in lines),
    )


def list_fund(series: str, *, records: Records) -> Listed | None:
    """Every movement of the fund of a series, in the order of time; None if it has none."""
    fund, entries = _fund(series, records)
    if fund is None:
        return None
    moved = sorted(entries, key=lambda one: one.at)
    rows = tuple(fund_row(one, fund.currency) for one in moved)
    return Listed(name=f"fund-{series}", columns=FUND_COLUMNS, rows=rows)


def lines_of(
    reading: Reading, awards: Sequence[Award], applications: Records, key: bytes
) -> list[ApplicationLine]:
    """Every application that counts, in the order of references."""
    held = {award.reference: award for award in awards}
    return [
        ApplicationLine(
            review=row,
            application=reading.counting[row.reference],
            award=held.get(row.reference),
        )
        for row in list_of(reading, applications, key).rows
    ]


def _reading(
    series: str, asks: Staff, records: Records, applications: Records, key: bytes
) -> Reading | None:
    """The round as somebody at the desk sees it, whether they review it or not."""
    held = round_of(series, records)
    if held is None:
        return None
    return Reading(reviewer_id(asks.name, key), *held, tuple(sent_in(series, applications)))


def _for_me(reading: Reading, asks: Staff, applications: Records, key: bytes) -> int:
    if reading.closed or not is_named(asks, policy_of(reading.catalogue)):
        return 0
    return sum(row.waits for row in list_of(reading, applications, key).rows)


def _fund(series: str, records: Records) -> tuple[Fund | None, list[FundEntry]]:
    fund = records.get(Fund.key_of(series), Fund)
    if fund is None:
        return None, []
    return fund, list(records.find(fund.key().partition, FundEntry, "ENTRY#"))


def _ahead(
    reading: Reading, policy: ScholarshipPolicy, awards: Sequence[Award], now: datetime
) -> Iterator[Ahead]:
    """What the clock does next, as far as it is known now."""
    around = reading.around
    if around.phase is RoundPhase.OPEN:
        text = "The deadline has passed. Reviewers are asked for their votes."
        yield Ahead(at=around.closes_at, text=text)
    if around.phase is not RoundPhase.CLOSED:
        for at in policy.reminders_at[around.reminded :]:
            yield Ahead(at=at, text="Whoever has not voted on everything is reminded.")
        text = "Voting ends, unless every application has its votes before. Awards are offered."
        yield Ahead(at=policy.voting_closes_at, text=text)
        return
    for status, what in _UNTIL.items():
        ends = [one.waiting_since for one in awards if one.status is status and one.waiting_since]
        if ends:
            text = f"Awards lapse that are not {what} by then, and go on to the next on the list."
            yield Ahead(at=datetime.fromisoformat(min(ends)), text=text)
    erased = [one.erase_at for one in reading.counting.values() if one.erase_at is not None]
    if erased:
        yield Ahead(at=max(min(erased), now), text="What was written is erased.")
