"""Each entry point takes its event as AWS brings it, calls one verb, and answers as it should."""

import json
from datetime import datetime, timedelta

import pytest

from functions.attendance_reported.handler import report
from functions.daily_digest.handler import owe as owe_digests
from functions.recording_uploaded import handler as recording
from functions.session_closed import handler as close
from functions.session_closed import print_certificate
from functions.sweep.handler import sweep
from shared import wiring
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.letters import LetterKind
from shared.domain.recordings import Recording
from shared.domain.sessions import SessionPhase, SessionState
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.from_template import machine, substituted
from tests.season import (
    AMARA,
    BO,
    CLASS_1,
    DEVIKA,
    MP4,
    after,
    closed_season,
    open_season,
    report_came,
    zoom_report,
)

ENDS_AT = "2025-06-22T18:30:00+00:00"
DUE = {"session": CLASS_1.id, "ends_at": ENDS_AT, "report": "", "learner": "", "cause": ""}


@pytest.fixture
def machines(cloud: Cloud) -> Cloud:
    """An account in which the state machines can be started, and stand still."""
    for logical_id, setting in (
        ("SessionClose", "CLOSE_STATE_MACHINE_ARN"),
        ("RecordingUploaded", "RECORDING_STATE_MACHINE_ARN"),
        ("NoticeDue", "NOTICE_STATE_MACHINE_ARN"),
        ("Appeal", "APPEAL_STATE_MACHINE_ARN"),
    ):
        definition, names = machine(logical_id)
        wiring.client("stepfunctions").create_state_machine(
            name=ENVIRON[setting].rsplit(":", 1)[-1],
            definition=substituted(definition, names),
            roleArn=ENVIRON["CLOSE_SCHEDULE_ROLE_ARN"],
        )
    return cloud


@pytest.fixture
def season(machines: Cloud) -> Cloud:
    """Three people paid for the first class."""
    return open_season(machines)


def _started(setting: str) -> list[tuple[str, dict[str, str]]]:
    """(name, input) of every execution of the machine."""
    client = wiring.client("stepfunctions")
    found = client.list_executions(stateMachineArn=ENVIRON[setting])["executions"]
    told = [client.describe_execution(executionArn=one["executionArn"]) for one in found]
    return [(one["name"], json.loads(one["input"])) for one in told]


def _state(cloud: Cloud) -> SessionState:
    state = cloud.records.get(SessionState.key_of(CLASS_1.id), SessionState)
    assert state is not None
    return state


def test_a_report_in_the_bucket_says_who_was_there(season: Cloud) -> None:
    after(season)

    assert report_came(season, CLASS_1, "amara", "bo") == "taken"
    assert report_came(season, CLASS_1, "amara", "bo") == "unchanged"

    assert _state(season).report is not None


@pytest.mark.parametrize(
    ("key", "content", "says"),
    [
        ("no-such-class/a.csv", zoom_report(CLASS_1, "amara"), "There is no session"),
        (f"{CLASS_1.id}/deeper/a.csv", zoom_report(CLASS_1, "amara"), "There is no session"),
        (f"{CLASS_1.id}/notes.txt", zoom_report(CLASS_1, "amara"), "There is no session"),
        (f"{CLASS_1.id}/a.csv", b"Name\r\nAmara\r\n", "No line of this file is headed"),
        (f"{CLASS_1.id}/a.csv", b"", "No line of this file is headed"),
    ],
)
def test_a_report_that_cannot_be_taken_is_a_letter_to_staff(
    season: Cloud, key: str, content: bytes, says: str
) -> None:
    event = season.upload(f"attendance/{key}", content)

    assert report(event, CONTEXT) == {"outcome": "refused"}

    (letter,) = season.letters(LetterKind.STAFF_REPORT_REFUSED)
    assert says in letter.lines[0]


def test_an_alarm_that_rings_twice_starts_one_close(season: Cloud) -> None:
    alarm = {"session": CLASS_1.id, "ends_at": ENDS_AT}
    assert close.start(alarm, CONTEXT) == {"started": False}, "it is early, and nothing starts"
    after(season)
    for _ in range(2):
        close.start(alarm, CONTEXT)

    assert _started("CLOSE_STATE_MACHINE_ARN") == [(f"close-{CLASS_1.id}-20250622T1830Z", {**DUE})]


def test_the_close_asks_whether_it_is_due(season: Cloud) -> None:
    answer = {"due": False, "has_report": False, "wait_seconds": 72 * 3600}
    assert close.check_due(DUE, CONTEXT) == {**answer, "reason": "The session is not over."}

    after(season)
    assert close.check_due(DUE, CONTEXT) == {
        **answer, "due": True, "reason": "The session is over.",
    }  # fmt: skip


def test_asking_for_the_report_keeps_the_token_and_writes_to_staff(season: Cloud) -> None:
    after(season)

    close.ask_for_report({"session": CLASS_1.id, "task_token": "a-token"}, CONTEXT)

    assert _state(season).task_token == "a-token"
    assert len(season.letters(LetterKind.STAFF_REPORT_MISSING)) == 1


def test_giving_up_closes_without_a_report(season: Cloud) -> None:
    after(season)

    close.give_up_waiting({"session": CLASS_1.id, "ends_at": CLASS_1.ends_at.isoformat()}, CONTEXT)

    assert _state(season).phase is SessionPhase.CLOSED_WITHOUT_REPORT


def test_a_close_ends_in_certificates_and_a_letter_to_staff(cloud: Cloud) -> None:
    season = closed_season(cloud)

    certificates_of = {c.learner: c.status for c in season.everything(Certificate)}
    assert certificates_of == dict.fromkeys((AMARA, DEVIKA), CertificateStatus.ISSUED)
    for certificate in season.everything(Certificate):
        assert season.document(certificate.document or "").startswith(b"%PDF-")
    (letter,) = season.letters(LetterKind.STAFF_CLOSE)
    told = {fact.label: fact.value for fact in letter.facts}
    assert (told["Registered"], told["Attended in full"], told["Certificates"]) == ("3", "3", "2")
    assert _state(season).phase is SessionPhase.CLOSED


def test_the_roster_holds_ids_and_nothing_else(season: Cloud) -> None:
    after(season)
    report_came(season, CLASS_1, "amara", "bo", "devika")

    decided = close.decide_credit({"session": CLASS_1.id}, CONTEXT)

    lines = season.document(decided["roster"]).decode().splitlines()
    assert decided["earned"] == len(lines) == 2
    assert [json.loads(line) for line in sorted(lines)] == [
        {"scope": CLASS_1.id, "learner": learner} for learner in sorted((AMARA, DEVIKA))
    ]
    assert close.decide_credit({"session": CLASS_1.id}, CONTEXT) == decided


def test_a_name_without_a_font_is_not_printed_and_parked_for_staff(machines: Cloud) -> None:
    season = after(open_season(machines, devika="田中太郎"))
    report_came(season, CLASS_1, "devika")
    close.decide_credit({"session": CLASS_1.id}, CONTEXT)
    earned = {"scope": CLASS_1.id, "learner": DEVIKA}

    reserved = close.reserve_certificate(earned, CONTEXT)
    refused = {"printed": False, "sha256": "", "revision": 1}
    assert print_certificate.handler(reserved, CONTEXT) == refused
    close.park_certificate({**earned, "failed": False}, CONTEXT)

    (letter,) = season.letters(LetterKind.STAFF_CERTIFICATE)
    assert letter.lines == ("The name has letters for which we have no font yet.",)


def test_a_certificate_that_is_issued_is_neither_printed_nor_posted_again(cloud: Cloud) -> None:
    season = closed_season(cloud)
    before = season.items()

    reserved = close.reserve_certificate({"scope": CLASS_1.id, "learner": AMARA}, CONTEXT)

    assert reserved["to_print"] is False
    assert season.items() == before


def test_a_recording_in_the_bucket_starts_one_announcement(season: Cloud) -> None:
    event = after(season).upload(f"recordings/{CLASS_1.id}/main.mp4", MP4)

    for _ in range(2):
        recording.start(event, CONTEXT)

    ((name, data),) = _started("RECORDING_STATE_MACHINE_ARN")
    assert name.startswith(f"recording-{CLASS_1.id}-")
    assert (data["session"], data["size"]) == (CLASS_1.id, str(len(MP4)))
    assert data["object_version"] == event["detail"]["object"]["version-id"]


def test_a_recording_is_checked_and_everyone_who_may_watch_is_owed_a_letter(
    season: Cloud,
) -> None:
    after(season)
    recording.start(season.upload(f"recordings/{CLASS_1.id}/main.mp4", MP4), CONTEXT)
    ((_, data),) = _started("RECORDING_STATE_MACHINE_ARN")

    assert recording.check_file(data, CONTEXT)["then"] == "announce"
    loaded = recording.load_roster({"session": CLASS_1.id}, CONTEXT)
    lines = season.document(loaded["roster"]).decode().splitlines()
    assert [recording.owe_letter(json.loads(line), CONTEXT) for line in lines] == [
        {"owed": True}
    ] * 3
    recording.report({**data, "people": loaded["people"]}, CONTEXT)

    told = {letter.learner for letter in season.letters(LetterKind.RECORDING)}
    assert told == {AMARA, BO, DEVIKA}
    (kept,) = season.everything(Recording)
    assert kept.announced_at is not None


def test_a_file_that_is_no_recording_is_labelled_and_staff_are_told(season: Cloud) -> None:
    after(season)
    key = f"recordings/{CLASS_1.id}/main.mp4"
    recording.start(season.upload(key, b""), CONTEXT)
    ((_, data),) = _started("RECORDING_STATE_MACHINE_ARN")

    assert recording.check_file(data, CONTEXT)["then"] == "quarantine"
    recording.quarantine(data, CONTEXT)

    tags = season.s3.get_object_tagging(Bucket=ENVIRON["UPLOADS_BUCKET"], Key=key)["TagSet"]
    assert tags == [{"Key": "tending", "Value": "quarantined"}]
    assert len(season.letters(LetterKind.STAFF_RECORDING)) == 1


def test_the_sweep_starts_what_was_missed_and_says_how_much(
    season: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    after(season)
    season.upload(f"recordings/{CLASS_1.id}/main.mp4", MP4)
    season.now = _uploaded_at() + timedelta(hours=1)

    swept = sweep({}, CONTEXT)

    assert (swept["sessions"], swept["recordings"]) == (5, 1)
    assert swept["letters"] == 3
    assert len(_started("CLOSE_STATE_MACHINE_ARN")) == 5
    assert '"SweptLettersGivenUp":[0.0]' in capsys.readouterr().out


def _uploaded_at() -> datetime:
    """When S3 noted the upload, which is by its own clock."""
    return max(modified for _, _, modified in wiring.uploads().under("recordings/"))


def test_an_hourly_look_owes_staff_their_morning_letter_once(season: Cloud) -> None:
    after(season)
    report_came(season, CLASS_1, "amara", "bo")
    failed = season.letters(LetterKind.CONFIRMATION)[0].failed("Address refused.")
    season.records.commit(failed)
    season.now += timedelta(days=1)

    assert owe_digests({}, CONTEXT) == {"owed": 1}
    assert owe_digests({}, CONTEXT) == {"owed": 0}
    (letter,) = season.letters(LetterKind.STAFF_DIGEST)
    assert [one.title for one in letter.listed] == ["A letter did not arrive: confirmation"]
