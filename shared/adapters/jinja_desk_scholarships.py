"""What the desk's pages of scholarship rounds say in words."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from shared.adapters.jinja_desk_series import say_counts
from shared.adapters.jinja_scholarship_pages import STRENGTHS, say_row
from shared.adapters.jinja_scholarship_words import Rows, asked, round_words, say_number
from shared.adapters.jinja_words import last_day, moment
from shared.domain.applications import Outcome
from shared.domain.awards import AwardStatus, FundEntry
from shared.domain.desk_scholarships import (
    ApplicationLine,
    ApplicationPage,
    RoundLine,
    RoundPage,
    RoundsPage,
)
from shared.domain.money import Money
from shared.domain.rounds import RoundPhase
from shared.domain.scholarship_views import say_outcome

_STATES = {
    AwardStatus.OFFERED: "offered, not answered yet",
    AwardStatus.ACCEPTED: "accepted, the rest to be paid",
    AwardStatus.TAKEN: "taken",
    AwardStatus.DECLINED: "declined",
    AwardStatus.LAPSED: "lapsed",
}
# What a movement of the fund is about, by the first word of its name.
_MOVEMENTS = {
    "put-in": "The institute changed what it puts in",
    "award": "Awarded to {}",
    "back": "Back from the award to {}",
    "again": "For the award to {}, taken after it had lapsed",
    "surplus": "From payment {}",
    "returned": "Back from payment {}",
}


def rounds_words(view: RoundsPage) -> dict[str, Any]:
    """What the list of all rounds says of each."""
    return {"rounds": [(one, say_phase(one), _numbers(one)) for one in view.rounds]}


def round_page_words(view: RoundPage) -> dict[str, Any]:
    """What the page of one round says beside its numbers."""
    words = round_words(view.catalogue)
    zone, needed = words["zone"], words["policy"].votes_needed
    return {
        "phase": say_phase(view),
        "ahead": [(_when(one.at, zone), one.text) for one in view.ahead],
        "lines": [_line(one, needed, view) for one in view.lines],
        "states": [
            (what, number) for status, what in _STATES.items() if (number := view.held(status))
        ],
        "counts": say_counts(view.around),
        "movements": [
            (moment(one.at, zone), _about(one), _moved(one, view), one.waiting is None)
            for one in view.movements
        ],
        "put_in": _put_in(view),
    }


def application_words(view: ApplicationPage) -> dict[str, Any]:
    """What the page of one application says; the words of its text are in the view itself."""
    needed = round_words(view.catalogue)["policy"].votes_needed
    one, award = view.line.application, view.line.award
    return {
        "stands": say_row(view.line.review, needed, groups=False),
        "came_to": say_outcome(one.outcome, one.award) if one.outcome else "",
        "award": f"{award.amount}, {_STATES[award.status]}" if award else "",
        "wanted": asked(one.ask, view.price),
        "outcomes": [(outcome.value, say_outcome(outcome, None)) for outcome in Outcome],
        "strengths": STRENGTHS,
        "problems": {},
    }


def say_phase(view: RoundPage | RoundLine) -> str:
    """Where the round is, in a sentence."""
    words = round_words(view.catalogue)
    policy, zone = words["policy"], words["zone"]
    match view.around.phase:
        case RoundPhase.OPEN:
            return f"People may apply until {words['deadline']}."
        case RoundPhase.VOTING:
            if view.around.close_asked:
                return "Voting is being ended."
            needed = say_number(policy.votes_needed, "vote")
            until = last_day(policy.voting_closes_at, zone)
            return f"Voting until {until}. Each application needs {needed}."
    closed_at = view.around.closed_at
    return f"Voting ended on {moment(closed_at, zone)}." if closed_at else "Voting has ended."


def _when(at: datetime, zone: str) -> str:
    """A moment; the midnight that ends a day as the end of that day."""
    if at.astimezone(ZoneInfo(zone)).time() != time():
        return moment(at, zone)
    said = last_day(at, zone)
    return said[0].upper() + said[1:]


def _numbers(line: RoundLine) -> Rows:
    rows = []
    if line.applications is not None:
        rows.append(("Applications", f"{line.applications:,}"))
    if line.for_me:
        rows.append(("Wait for your vote", f"{line.for_me:,}"))
    if line.for_institute:
        rows.append(("Left open, for the institute to decide", f"{line.for_institute:,}"))
    if line.fund is not None:
        put_in = Money(minor=line.fund.put_in, currency=line.fund.currency)
        rows.append(("Left in the fund", f"{line.fund.left}; the institute put in {put_in}"))
    return rows + say_counts(line.around)


def _line(line: ApplicationLine, needed: int, view: RoundPage) -> dict[str, Any]:
    one, review, award = line.application, line.review, line.award
    voting = view.around.phase is RoundPhase.VOTING
    mine = "you stood aside" if review.stood_aside else "you have voted" if review.voted else ""
    if view.named and voting and review.waits:
        mine = "waits for your vote"
    return {
        "reference": review.reference,
        "came": "Late" if review.late else "In time",
        "priority": "Yes" if review.priority else "–",
        "votes": f"{review.votes} of {needed}" if review.votes < needed else f"{review.votes}",
        "mine": mine,
        "waits": mine == "waits for your vote" or one.left_open,
        "came_to": say_outcome(one.outcome, one.award)
        if one.outcome
        else "Left open" if one.left_open else "–",
        "award": f"{award.amount}, {_STATES[award.status]}" if award else "–",
    }  # fmt: skip


def _put_in(view: RoundPage) -> Money | None:
    fund = view.fund
    return Money(minor=fund.put_in, currency=fund.currency) if fund else None


def _about(entry: FundEntry) -> str:
    what, _, about = entry.about.partition("/")
    said = _MOVEMENTS.get(what)
    return said.format(about.partition("/")[0]) if said else entry.about


def _moved(entry: FundEntry, view: RoundPage) -> str:
    currency = view.fund.currency if view.fund else "USD"
    amount = Money(minor=abs(entry.by), currency=currency)
    return f"{'−' if entry.by < 0 else '+'}{amount}"
