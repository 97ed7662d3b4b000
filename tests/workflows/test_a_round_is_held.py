"""A scholarship round, from its deadline to awards and the summary for staff, by the machine."""

import json
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from functions.scholarship_round import handler as rounds
from functions.sweep.handler import sweep_scholarships
from shared import wiring
from shared.domain.applications import Application, Outcome
from shared.domain.awards import Award, AwardStatus
from shared.domain.letters import Letter, LetterKind
from shared.domain.rounds import Round, RoundPhase
from shared.failures import Unavailable
from shared.usecases import offer_awards
from tests.applicants import (
    NAME,
    OWN_WORDS,
    POLICY,
    SERIES,
    TEXT,
    applied,
    award_of,
    reviewed,
)
from tests.cloud import CONTEXT, Cloud
from tests.machines import Execution, Stage
from tests.season import on_sale

MACHINE = "ROUND_STATE_MACHINE_ARN"
NAME_OF_RUN = f"round-{SERIES}-{POLICY.closes_at:%Y%m%dT%H%MZ}"
ALARM = {"series": SERIES, "closes_at": POLICY.closes_at.isoformat()}
APPLICATIONS = "SCHOLARSHIPS_TABLE"
TO_THE_END = [
    "Close the voting",
    "Decide and offer awards",
    "More to decide?",
    "Sum up for staff",
    "The round is closed",
]


@pytest.fixture
def sent_in(stage: Stage) -> tuple[Stage, str, str]:
    """Two people applied in time; then the deadline passed."""
    on_sale(stage.cloud)
    first = applied(stage.cloud, "quillon@example.org")
    second = applied(stage.cloud, "someone@example.org", ask="partial", could_pay="97")
    stage.cloud.now = POLICY.closes_at + timedelta(minutes=5)
    return stage, first, second


def _rings(stage: Stage) -> None:
    """The alarm of the deadline."""
    rounds.start(ALARM, CONTEXT)


def _state(cloud: Cloud) -> Round:
    state = cloud.records.get(Round.key_of(SERIES), Round)
    assert state is not None
    return state


def _waits(stage: Stage, after: str | None = None) -> str:
    """The token under which it waits, once it does (under another than `after`)."""
    stage.until(lambda: _state(stage.cloud).task_token not in (None, after))
    with stage._turn:  # it remembers the token first, and then writes to people
        return _state(stage.cloud).task_token or ""


def _reminders(stage: Stage) -> list[Letter]:
    return stage.cloud.letters(LetterKind.REVIEW_REMINDER)


def _all_vote(*references: str, reviewers: int = 2, **vote: str) -> None:
    for reviewer in POLICY.reviewers[:reviewers]:
        for reference in references:
            assert reviewed(reference, reviewer, **vote)["statusCode"] == 200


def _outcomes(cloud: Cloud) -> dict[str, Outcome | None]:
    return {one.reference: one.outcome for one in cloud.everything(Application, APPLICATIONS)}


def _left_to_staff(cloud: Cloud) -> set[str]:
    """What was closed without its votes: neither declined nor given money."""
    return {
        one.reference
        for one in cloud.everything(Application, APPLICATIONS)
        if one.outcome is None and one.decided is not None
    }


def test_reviewers_are_asked_and_the_last_vote_ends_the_voting(
    sent_in: tuple[Stage, str, str],
) -> None:
    stage, first, second = sent_in
    _rings(stage)
    _waits(stage)
    assert len(stage.cloud.letters(LetterKind.REVIEW_WANTED)) == 3
    assert stage.executions(MACHINE)[0].status == "RUNNING"

    _all_vote(first, outcome="full")
    assert stage.executions(MACHINE)[0].status == "RUNNING"
    _all_vote(second, outcome="decline")

    execution = stage.ended(MACHINE)
    assert (execution.name, execution.status) == (NAME_OF_RUN, "SUCCEEDED")
    assert execution.states == [
        "Is the deadline over?",
        "Due?",
        "Where does the voting stand?",
        "What is next?",
        "Wait for the votes",
        "Where does the voting stand?",
        "What is next?",
        *TO_THE_END,
    ]
    assert _outcomes(stage.cloud) == {first: Outcome.FULL, second: Outcome.DECLINE}
    assert award_of(stage.cloud, "quillon@example.org").status is AwardStatus.OFFERED
    assert len(stage.cloud.letters(LetterKind.SCHOLARSHIP_OFFERED)) == 1
    assert len(stage.cloud.letters(LetterKind.SCHOLARSHIP_NOT_AWARDED)) == 1
    assert len(stage.cloud.letters(LetterKind.STAFF_SCHOLARSHIP_ROUND)) == 1
    assert _state(stage.cloud).phase is RoundPhase.CLOSED


def test_time_reminds_the_reviewers_and_in_the_end_closes_without_them(
    sent_in: tuple[Stage, str, str],
) -> None:
    stage, first, second = sent_in
    moments = (*POLICY.reminders_at, POLICY.voting_closes_at)
    assert len(moments) == 3
    stage.cloud.now = moments[0] - timedelta(seconds=1)
    _rings(stage)
    _waits(stage)
    _all_vote(first, outcome="full")

    for times, (reached, next_one) in enumerate(pairwise(moments), start=1):
        stage.before["ScholarshipRemind"] = lambda at=next_one: setattr(  # type: ignore[misc]
            stage.cloud, "now", at - timedelta(seconds=1)
        )
        # Somebody has to wake it: its own clock, which is a second away.
        stage.cloud.now = reached
        stage.until(lambda told=3 * times: len(_reminders(stage)) == told)  # type: ignore[misc]
    stage.cloud.now = moments[-1]

    execution = stage.ended(MACHINE)
    assert execution.status == "SUCCEEDED"
    assert execution.states.count("Remind the reviewers") == 2
    assert execution.states[-5:] == TO_THE_END
    # Two who have voted on one of two, and one who has not voted, are reminded twice each.
    assert len(_reminders(stage)) == 6
    assert _outcomes(stage.cloud) == {first: Outcome.FULL, second: None}
    assert reviewed(second, outcome="full")["statusCode"] == 409, "voting has ended"


def test_staff_end_the_voting_early(sent_in: tuple[Stage, str, str]) -> None:
    stage, _, _ = sent_in
    _rings(stage)
    _waits(stage)

    assert rounds.start({"series": SERIES, "close_now": True}, CONTEXT) == {"closing": True}

    assert stage.ended(MACHINE).states[-5:] == TO_THE_END
    assert _left_to_staff(stage.cloud) == set(_outcomes(stage.cloud))
    assert rounds.start({"series": SERIES, "close_now": True}, CONTEXT) == {"closing": False}


def test_nobody_can_end_a_round_while_people_may_still_apply(stage: Stage) -> None:
    on_sale(stage.cloud)

    assert rounds.start({"series": SERIES, "close_now": True}, CONTEXT) == {"closing": False}
    assert rounds.start(ALARM, CONTEXT) == {"started": False}
    assert stage.executions(MACHINE) == []


def test_a_round_nobody_applied_to_closes_at_once(stage: Stage) -> None:
    on_sale(stage.cloud)
    stage.cloud.now = POLICY.closes_at
    _rings(stage)

    assert stage.ended(MACHINE).states[-1] == "The round is closed"
    assert stage.cloud.letters(LetterKind.REVIEW_WANTED) == []


def test_the_sweep_starts_what_no_alarm_rang_for_and_wakes_what_no_clock_woke(
    sent_in: tuple[Stage, str, str],
) -> None:
    stage, first, second = sent_in

    assert sweep_scholarships({}, CONTEXT)["rounds"] == 1
    token = _waits(stage)
    assert sweep_scholarships({}, CONTEXT)["rounds"] == 0, "nothing is due yet"

    stage.cloud.now = POLICY.reminders_at[0]
    assert sweep_scholarships({}, CONTEXT)["rounds"] == 1
    _waits(stage, after=token)
    assert len(stage.cloud.letters(LetterKind.REVIEW_REMINDER)) == 3

    stage.cloud.now = POLICY.voting_closes_at
    sweep_scholarships({}, CONTEXT)
    assert stage.ended(MACHINE).states[-1] == "The round is closed"
    assert _left_to_staff(stage.cloud) == {first, second}


def test_many_applications_are_decided_some_at_a_time(
    sent_in: tuple[Stage, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, first, second = sent_in
    whole = offer_awards.decide_and_award

    def one_at_a_time(series: str, **of: Any) -> dict[str, bool]:
        return whole(series, **of, at_most=1)

    monkeypatch.setattr(offer_awards, "decide_and_award", one_at_a_time)
    stage.cloud.now = POLICY.voting_closes_at
    _rings(stage)

    execution = stage.ended(MACHINE)
    assert execution.states.count("Decide and offer awards") == 2
    assert _left_to_staff(stage.cloud) == {first, second}


def test_a_service_that_is_busy_for_a_moment_is_asked_again(
    sent_in: tuple[Stage, str, str],
) -> None:
    stage, first, second = sent_in
    for function in ("ScholarshipAskReviewers", "ScholarshipAward"):
        busy = [Unavailable("The table is busy.")]
        stage.failing[function] = lambda _, busy=busy: busy.pop() if busy else None  # type: ignore[misc]
    _rings(stage)
    _waits(stage)
    _all_vote(first, second, outcome="full")

    assert stage.ended(MACHINE).status == "SUCCEEDED"
    assert len(stage.cloud.everything(Award)) == 2


@pytest.mark.parametrize(
    "function",
    ["CheckRound", "WhereItStands", "AskReviewers", "Remind", "CloseVoting", "Award", "SumUp"],
)
def test_a_step_that_fails_for_good_says_so_and_another_run_goes_on_from_there(
    sent_in: tuple[Stage, str, str], function: str
) -> None:
    stage, first, second = sent_in
    stage.failing[f"Scholarship{function}"] = lambda _: ValueError("a mistake of ours")
    if function == "Remind":
        stage.cloud.now = POLICY.reminders_at[0]
    elif function != "AskReviewers":
        stage.cloud.now = POLICY.voting_closes_at
    _rings(stage)

    execution = stage.ended(MACHINE)
    assert (execution.status, execution.states[-1]) == ("FAILED", "The round needs staff")

    stage.failing.clear()
    stage.cloud.now = POLICY.voting_closes_at
    assert _again(stage).states[-1] == "The round is closed"
    assert _left_to_staff(stage.cloud) == {first, second}
    assert len(stage.cloud.letters(LetterKind.SCHOLARSHIP_WAITING)) == 2
    assert len(stage.cloud.letters(LetterKind.STAFF_SCHOLARSHIP_ROUND)) == 1


def _again(stage: Stage) -> Execution:
    """Staff start it once more, by hand."""
    wiring.round_machine().start("by-hand", ALARM)
    return stage.ended(MACHINE, "by-hand")


def test_a_second_run_of_a_round_that_is_done_changes_nothing(
    sent_in: tuple[Stage, str, str],
) -> None:
    stage, _, _ = sent_in
    stage.cloud.now = POLICY.voting_closes_at
    _rings(stage)
    stage.ended(MACHINE)
    before = stage.cloud.items(), stage.cloud.items(APPLICATIONS)

    assert _again(stage).states[-1] == "Nothing to do"
    assert (stage.cloud.items(), stage.cloud.items(APPLICATIONS)) == before


def test_nothing_that_a_run_leaves_behind_tells_of_anybody(
    sent_in: tuple[Stage, str, str],
) -> None:
    stage, first, second = sent_in
    _rings(stage)
    _waits(stage)
    _all_vote(first, second, outcome="full")
    execution = stage.ended(MACHINE)

    told = json.dumps([execution.history, stage.calls], default=str)
    assert SERIES in told
    for word in (*NAME.split(), *TEXT.split(), OWN_WORDS, "example.org", "idha-nyc.org", first):
        assert word not in told
