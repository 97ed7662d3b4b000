"""An appeal, from being asked for to the answer of a person, by the machine; and nobody answers."""

import json
from datetime import timedelta

import pytest

from functions.appeal import handler as appeals
from functions.sweep.handler import sweep
from shared import appeal_wiring
from shared.domain.appeals import Appeal, AppealOutcome
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.overrides import Overrides
from shared.usecases.answer_appeal import answer_appeal
from shared.usecases.ask_appeal import ask_appeal
from tests.cloud import CONTEXT, IDENTITY_KEY, link
from tests.gateway import stream_event
from tests.machines import Stage
from tests.season import AMARA, CLASS_1, IDHA, after, report_came

MACHINE, CLOSE = "APPEAL_STATE_MACHINE_ARN", "CLOSE_STATE_MACHINE_ARN"
WROTE = "My phone, zebracorn, stands under another name."
WHY = "Your phone stands in the report under another name."


@pytest.fixture
def late(season: Stage) -> Stage:
    """Amara came an hour late, and the class was closed."""
    from functions.session_closed.handler import start as start_close

    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara", "bo", "devika", late=60)
    start_close({"session": CLASS_1.id, "ends_at": CLASS_1.ends_at.isoformat()}, CONTEXT)
    assert season.ended(CLOSE).status == "SUCCEEDED"
    return season


def _ask(stage: Stage) -> Appeal:
    """She asks for it to be looked at again, and the table's stream says so, twice."""
    records, now = stage.cloud.records, stage.cloud.now
    token = link("me", AMARA)
    ask_appeal(token, CLASS_1.id, WROTE, keys=[IDENTITY_KEY.encode()], records=records, now=now)
    (item,) = [one for one in stage.cloud.items() if one["kind"]["S"] == "appeal"]
    for _ in range(2):
        appeals.start(stream_event(item), CONTEXT)
    return _appeal(stage)


def _appeal(stage: Stage) -> Appeal:
    (appeal,) = stage.cloud.everything(Appeal)
    return appeal


def _answer(stage: Stage, outcome: AppealOutcome) -> None:
    answer_appeal(
        _appeal(stage).id, outcome, by="Noor", why=WHY, records=stage.cloud.records,
        workflows=appeal_wiring.appeal_machine(), now=stage.cloud.now,
    )  # fmt: skip


def test_it_waits_until_staff_answer_and_the_decision_runs_again(late: Stage) -> None:
    _ask(late)
    late.until(lambda: _appeal(late).task_token)

    _answer(late, AppealOutcome.CHANGED)

    execution = late.ended(MACHINE)
    assert execution.status == "SUCCEEDED"
    assert execution.states == [
        "Look where the appeal stands",
        "Is it answered?",
        "Wait for the answer of staff",
        "The appeal is answered",
    ]
    (said,) = late.cloud.everything(Overrides)
    assert said.counts("attendance") is not None
    assert len(late.cloud.letters(LetterKind.APPEAL_ANSWERED)) == 1


def test_an_answer_before_the_machine_waits_is_found_by_it(late: Stage) -> None:
    late.before["AppealWait"] = lambda: _answer(late, AppealOutcome.UPHELD)

    _ask(late)

    assert late.ended(MACHINE).states[-1] == "The appeal is answered"
    assert late.cloud.everything(Overrides) == []


def test_when_nobody_answers_staff_are_reminded_and_it_stays_open(
    late: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The machine waits a second where it would wait for two weeks.
    monkeypatch.setattr("shared.usecases.follow_appeal.wait_seconds", lambda *_: 1)
    policy = IDHA.policies.appeal
    late.before["AppealRemind"] = lambda: late.cloud.wait(days=policy.answer_days, hours=1)

    _ask(late)
    late.until(lambda: late.cloud.letters(LetterKind.STAFF_APPEAL_OVERDUE))

    assert _appeal(late).open and _appeal(late).waiting == "appeal"
    _answer(late, AppealOutcome.UPHELD)
    states = late.ended(MACHINE).states
    assert "Remind staff that it is overdue" in states
    assert states[-1] == "The appeal is answered"


def test_a_start_that_was_missed_is_made_up_for_by_the_sweep(late: Stage) -> None:
    records, now = late.cloud.records, late.cloud.now
    keys = [IDENTITY_KEY.encode()]
    ask_appeal(link("me", AMARA), CLASS_1.id, WROTE, keys=keys, records=records, now=now)
    late.cloud.wait(hours=1)

    assert sweep({}, CONTEXT)["appeals"] == 1

    late.until(lambda: _appeal(late).task_token)
    _answer(late, AppealOutcome.UPHELD)
    assert late.ended(MACHINE).status == "SUCCEEDED"


def test_a_step_that_fails_for_good_rings_and_the_appeal_still_waits(late: Stage) -> None:
    late.failing["AppealCheck"] = lambda _: ValueError("a mistake of ours")

    _ask(late)

    execution = late.ended(MACHINE)
    assert (execution.status, execution.states[-1]) == ("FAILED", "The appeal needs staff")
    assert _appeal(late).open


def test_nothing_that_was_written_stands_in_a_run_or_its_history(late: Stage) -> None:
    _ask(late)
    late.until(lambda: _appeal(late).task_token)
    _answer(late, AppealOutcome.UPHELD)

    execution = late.ended(MACHINE)
    told = json.dumps([execution.history, late.calls, execution.name], default=str)
    assert AMARA in told
    for word in ("zebracorn", "another name", "Amara", "amara@", "Noor"):
        assert word not in told


def test_only_what_went_against_them_is_asked_about(late: Stage) -> None:
    assert _ask(late).about == "attendance"
    assert late.cloud.records.get(Verdict.key_of(CLASS_1.id, AMARA), Verdict) is not None
    assert _appeal(late).answer_by - late.cloud.now == timedelta(
        days=IDHA.policies.appeal.answer_days
    )
