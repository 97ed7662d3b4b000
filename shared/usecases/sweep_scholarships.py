"""Once an hour: whatever a round, a clock or a letter should have done and did not.

Everything goes through the same doors as the events, so doing it again is harmless.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.applications import UNDECIDED, Application
from shared.domain.awards import (
    ENTRY_WAITING,
    FUND_WAITING,
    Award,
    AwardStatus,
    Fund,
    FundEntry,
)
from shared.domain.awards import WAITING as AWARDS
from shared.domain.rounds import WAITING as ROUNDS
from shared.domain.rounds import Round, RoundPhase
from shared.failures import Conflict
from shared.ports import Records, Workflows
from shared.usecases.answer_award import finish_ending, has_run_out, lapse_award
from shared.usecases.commit_again import until_committed
from shared.usecases.erase_applications import erase_due
from shared.usecases.offer_awards import (
    closed_round,
    decide_and_award,
    offer_down_the_list,
    tell_of_offer,
)
from shared.usecases.run_round import Resume, see_where_it_stands, start_round
from shared.usecases.sweep_letters import sweep_letters

_EVER = timedelta(days=3650)


@dataclass(frozen=True)
class SweptScholarships:
    """What was left lying and is on its way now."""

    letters: int
    letters_given_up: int
    rounds: int
    lapsed: int
    offered: int
    erased: int


def sweep_scholarships(
    *,
    records: Records,
    applications: Records,
    workflows: Workflows,
    resume: Resume,
    key: bytes,
    now: datetime,
) -> SweptScholarships:
    """Wake rounds, let awards lapse, offer what the fund reaches for, erase what is due."""
    again, given_up = sweep_letters(applications, records, now)
    woken = sum(
        _wake(around, records, applications, workflows, resume, key, now)
        for around in records.waiting(ROUNDS, now, Round)
    )
    for series in _left_undecided(records, applications, now):
        decide_and_award(series, records=records, applications=applications, key=key, now=now)
    lapsed = sum(
        _look_after(award, records, applications, now)
        for award in records.waiting(AWARDS, now + _EVER, Award)
    )
    for entry in records.waiting(ENTRY_WAITING, now, FundEntry):
        _add_up(entry, records, now)
    offered = sum(
        _go_down_the_list(fund, records, applications, now)
        for fund in records.waiting(FUND_WAITING, now, Fund)
    )
    return SweptScholarships(
        letters=again,
        letters_given_up=given_up,
        rounds=woken,
        lapsed=lapsed,
        offered=offered,
        erased=erase_due(records=records, applications=applications, now=now),
    )


def _left_undecided(records: Records, applications: Records, now: datetime) -> set[str]:
    """Closed rounds with applications that came in while voting was being closed."""
    waiting = {one.series for one in applications.waiting(UNDECIDED, now, Application)}
    return {series for series in waiting if closed_round(series, records) is not None}


def _wake(
    around: Round,
    records: Records,
    applications: Records,
    workflows: Workflows,
    resume: Resume,
    key: bytes,
    now: datetime,
) -> bool:
    """Start a review that no clock started; let one go on for which something is due."""
    if around.phase is RoundPhase.OPEN or around.task_token is None:
        return start_round(around.series, around.closes_at, workflows=workflows, now=now)
    stands = see_where_it_stands(
        around.series, records=records, applications=applications, key=key, now=now
    )
    if stands["next"] == "wait":
        return False
    return resume(around.task_token, {"series": around.series})


def _add_up(entry: FundEntry, records: Records, now: datetime) -> None:
    """Add to the fund what payments have posted; it never goes below zero, so some may wait."""

    def attempt() -> None:
        current = records.get(entry.key(), FundEntry)
        fund = records.get(Fund.key_of(entry.series), Fund)
        if current is None or current.waiting is None or fund is None:
            return
        if fund.balance + current.by >= 0:
            added = current.model_copy(update={"waiting": None, "waiting_since": None})
            records.commit(fund.moved(current.by, now), added)

    until_committed(attempt)


def _go_down_the_list(fund: Fund, records: Records, applications: Records, now: datetime) -> int:
    """Offer what came into a fund, from staff or from an award that was let go."""
    offered = offer_down_the_list(fund.series, records=records, applications=applications, now=now)
    current = records.get(fund.key(), Fund)
    if current is not None and offered == 0:
        with suppress(Conflict):  # something moved: it waits on
            records.commit(current.model_copy(update={"waiting": None, "waiting_since": None}))
    return offered


def _look_after(award: Award, records: Records, applications: Records, now: datetime) -> bool:
    """Let an award lapse whose day has passed; owe the letter that a cut-off step did not."""
    if award.status is AwardStatus.LAPSED:
        finish_ending(award, records=records, applications=applications, now=now)
        return False
    if not has_run_out(award, now):
        tell_of_offer(award, applications, now)
        return False
    ended = lapse_award(
        award.series, award.learner, records=records, applications=applications, now=now
    )
    return ended is not None and ended.status is AwardStatus.LAPSED
