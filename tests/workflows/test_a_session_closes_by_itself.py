"""The end of a class, from its alarm to certificates and the letter to staff, by the machine."""

import json
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from functions.session_closed import handler as close
from shared import wiring
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.sessions import SessionPhase, SessionState, close_input
from shared.failures import Unavailable
from tests.cloud import CONTEXT, ENVIRON
from tests.machines import Stage
from tests.season import AMARA, BO, CLASS_1, DEVIKA, after, open_season, report_came

CLOSE = "CLOSE_STATE_MACHINE_ARN"
ALARM = {"session": CLASS_1.id, "ends_at": CLASS_1.ends_at.isoformat()}
NAME = f"close-{CLASS_1.id}-20250622T1830Z"


def _rings(stage: Stage) -> None:
    """The alarm of class 1."""
    close.start(ALARM, CONTEXT)


def _state(stage: Stage) -> SessionState:
    state = stage.cloud.records.get(SessionState.key_of(CLASS_1.id), SessionState)
    assert state is not None
    return state


def _certificates(stage: Stage) -> dict[str, CertificateStatus]:
    return {kept.learner: kept.status for kept in stage.cloud.everything(Certificate)}


def test_with_the_report_there_a_close_runs_through_to_certificates_and_letters(
    season: Stage,
) -> None:
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara", "bo", "devika")
    _rings(season)

    execution = season.ended(CLOSE)

    assert (execution.name, execution.status) == (NAME, "SUCCEEDED")
    assert execution.states == [
        "Is the close still due?",
        "Due?",
        "Is it about one person?",
        "Is the attendance report there?",
        "Decide who earned credit",
        "Issue the certificates",
        "Was it about one person?",
        "Report to staff",
        "Was the report replaced meanwhile?",
        "The session is closed",
    ]
    issued = CertificateStatus.ISSUED
    assert _certificates(season) == {AMARA: issued, DEVIKA: issued}
    assert len(season.cloud.letters(LetterKind.CERTIFICATE)) == 2
    assert len(season.cloud.letters(LetterKind.STAFF_CLOSE)) == 1
    assert _state(season).phase is SessionPhase.CLOSED


def test_without_the_report_it_asks_waits_and_goes_on_when_the_report_comes(
    season: Stage,
) -> None:
    after(season.cloud)
    _rings(season)
    season.until(lambda: _state(season).task_token)
    # moto writes a transaction row by row, so the letter may be a moment behind the token.
    season.until(lambda: season.cloud.letters(LetterKind.STAFF_REPORT_MISSING))
    assert len(season.cloud.letters(LetterKind.STAFF_REPORT_MISSING)) == 1
    assert season.executions(CLOSE)[0].status == "RUNNING"

    season.cloud.wait(hours=20)
    assert report_came(season.cloud, CLASS_1, "amara") == "taken"

    execution = season.ended(CLOSE)
    assert execution.status == "SUCCEEDED"
    assert "Ask staff for the attendance report" in execution.states
    assert _certificates(season) == {AMARA: CertificateStatus.ISSUED}


def test_a_report_that_comes_while_it_asks_is_not_waited_for(season: Stage) -> None:
    after(season.cloud)
    season.before["SessionCloseAskForReport"] = lambda: report_came(season.cloud, CLASS_1, "amara")
    _rings(season)

    assert season.ended(CLOSE).status == "SUCCEEDED"
    assert _state(season).phase is SessionPhase.CLOSED


@pytest.fixture
def impatient(stage: Stage) -> Stage:
    """A season whose catalogue waits for no report."""
    event = stage.cloud.publish("idha-2025")
    key = event["detail"]["object"]["key"]
    kept = stage.cloud.s3.get_object(Bucket=ENVIRON["UPLOADS_BUCKET"], Key=key)["Body"].read()
    hurried = kept.replace(b"report_within_hours: 72", b"report_within_hours: 0")
    assert publish(stage.cloud.upload(key, hurried), CONTEXT) == {"outcome": "applied"}
    return stage


def test_when_the_report_does_not_come_it_closes_without_and_a_late_one_closes_it_again(
    impatient: Stage,
) -> None:
    after(impatient.cloud)
    _rings(impatient)

    execution = impatient.ended(CLOSE)
    assert execution.status == "SUCCEEDED"
    assert execution.states[-2:] == ["Close without a report", "Closed without a report"]
    assert len(impatient.cloud.letters(LetterKind.STAFF_REPORT_GIVEN_UP)) == 1
    assert _state(impatient).phase is SessionPhase.CLOSED_WITHOUT_REPORT

    impatient.cloud.wait(days=5)
    report_came(impatient.cloud, CLASS_1, "amara")

    (again,) = [one for one in impatient.executions(CLOSE) if one.name != NAME]
    assert impatient.ended(CLOSE, again.name).states[-1] == "The session is closed"
    assert _state(impatient).phase is SessionPhase.CLOSED


def test_a_name_that_cannot_be_printed_is_parked_and_the_others_get_theirs(stage: Stage) -> None:
    after(open_season(stage.cloud, devika="田中太郎"))
    report_came(stage.cloud, CLASS_1, "amara", "devika")
    _rings(stage)

    assert stage.ended(CLOSE).status == "SUCCEEDED"

    assert _certificates(stage) == {
        AMARA: CertificateStatus.ISSUED,
        DEVIKA: CertificateStatus.PARKED,
    }
    (letter,) = stage.cloud.letters(LetterKind.STAFF_CERTIFICATE)
    assert letter.lines == ("The name has letters for which we have no font yet.",)
    prints = [who for name, who in stage.calls if name == "SessionClosePrintCertificate"]
    assert len(prints) == 2, "what cannot be printed is not tried again"


def _for(learner: str, error: Exception) -> Any:
    return lambda payload: error if payload.get("learner") == learner else None


@pytest.mark.parametrize("step", ["Reserve", "Post"])
def test_one_person_for_whom_a_step_fails_is_set_aside_and_the_others_get_theirs(
    season: Stage, step: str
) -> None:
    season.failing[f"SessionClose{step}Certificate"] = _for(DEVIKA, RuntimeError("ink"))
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara", "devika")
    _rings(season)

    assert season.ended(CLOSE).status == "SUCCEEDED"

    assert _certificates(season)[AMARA] is CertificateStatus.ISSUED
    assert _certificates(season).get(DEVIKA) is not CertificateStatus.ISSUED
    (letter,) = season.cloud.letters(LetterKind.STAFF_CERTIFICATE)
    assert letter.lines == ("It could not be printed. The others were.",)


def test_one_person_for_whom_everything_fails_does_not_stop_the_close(season: Stage) -> None:
    for step in ("Reserve", "Park"):
        season.failing[f"SessionClose{step}Certificate"] = _for(DEVIKA, RuntimeError("ink"))
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara", "devika")
    _rings(season)

    assert season.ended(CLOSE).status == "SUCCEEDED"

    assert _certificates(season) == {AMARA: CertificateStatus.ISSUED}
    assert _state(season).phase is SessionPhase.CLOSED


def test_a_service_that_is_busy_for_a_moment_is_asked_again(season: Stage) -> None:
    busy = [Unavailable("The table is busy.")]
    season.failing["SessionCloseDecideCredit"] = lambda _: busy.pop() if busy else None
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara")
    _rings(season)

    assert season.ended(CLOSE).status == "SUCCEEDED"
    assert [name for name, _ in season.calls].count("SessionCloseDecideCredit") == 2


@pytest.mark.parametrize(
    "function", ["SessionCloseCheckDue", "SessionCloseDecideCredit", "SessionCloseReport"]
)
def test_a_step_that_fails_for_good_ends_in_a_state_that_says_so(
    season: Stage, function: str
) -> None:
    season.failing[function] = lambda _: ValueError("a mistake of ours")
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara")
    _rings(season)

    execution = season.ended(CLOSE)

    assert (execution.status, execution.states[-1]) == ("FAILED", "The close needs staff")
    assert not _state(season).closed


def test_a_corrected_report_that_comes_meanwhile_is_decided_on_in_the_same_run(
    season: Stage,
) -> None:
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara")
    season.cloud.wait(minutes=5)
    season.before["SessionCloseReport"] = lambda: report_came(season.cloud, CLASS_1, "devika")
    _rings(season)

    execution = season.ended(CLOSE)

    assert execution.states.count("Decide who earned credit") == 2
    verdict = season.cloud.records.get(Verdict.key_of(CLASS_1.id, DEVIKA), Verdict)
    assert verdict is not None and verdict.earned.granted
    assert _certificates(season) == dict.fromkeys((AMARA, DEVIKA), CertificateStatus.ISSUED)
    assert _state(season).decided_report == _state(season).report


def test_an_alarm_that_is_early_starts_nothing(season: Stage) -> None:
    assert close.start(ALARM, CONTEXT) == {"started": False}

    assert season.executions(CLOSE) == []


def test_an_alarm_for_an_end_that_was_moved_changes_nothing(season: Stage) -> None:
    after(season.cloud)
    items = season.cloud.items()

    close.start({**ALARM, "ends_at": "2025-06-22T18:00:00+00:00"}, CONTEXT)

    assert season.ended(CLOSE).states[-1] == "Nothing to do"
    assert season.cloud.items() == items


def test_a_second_run_of_a_close_that_is_done_changes_nothing(season: Stage) -> None:
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara")
    _rings(season)
    season.ended(CLOSE)
    items = season.cloud.items()

    told = close_input(CLASS_1.id, CLASS_1.ends_at, report=_state(season).report or "")
    wiring.close_machine().start("run-by-hand", told)

    assert season.ended(CLOSE, "run-by-hand").states[-1] == "Nothing to do"
    assert season.cloud.items() == items


def test_nothing_that_a_run_leaves_behind_names_anybody(season: Stage) -> None:
    after(season.cloud)
    report_came(season.cloud, CLASS_1, "amara", "bo", "devika")
    _rings(season)
    execution = season.ended(CLOSE)

    told = json.dumps([execution.history, season.calls], default=str)
    assert AMARA in told
    for name in ("Amara", "amara", 'Bo"', "Devika", "example.org"):
        assert name not in told
    assert BO not in {payload.get("learner") for _, payload in season.calls}
