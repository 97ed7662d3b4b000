"""An event that is missed costs an hour, not a letter: the sweep finds what nobody came for."""

from dataclasses import asdict
from datetime import timedelta

import pytest

from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.recordings import Recording
from shared.domain.sessions import SessionPhase
from shared.failures import NotEveryoneTold
from shared.usecases.announce_recording import mark_announced, owe_recording_letter
from shared.usecases.check_recording import RecordingUpload, check_file
from shared.usecases.close_session import give_up_waiting
from shared.usecases.sweep import Swept
from tests.catalogues import classes_catalogue
from tests.world import MP4, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
NOTHING = Swept(letters=0, letters_given_up=0, payments=0, sessions=0, recordings=0)


def _put(world: World, name: str = "main.mp4", content: bytes = MP4) -> RecordingUpload:
    """A file in the bucket of which no event told us."""
    key = f"recordings/{CLASS_1.id}/{name}"
    world.uploads.objects[key] = content
    world.uploads.modified[key] = world.now
    return RecordingUpload(CLASS_1.id, name, key, "v1", len(content), world.now)


def test_a_quiet_hour_finds_nothing(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    world.post()
    world.wait(hours=1)

    assert world.sweep() == NOTHING


def test_a_letter_that_no_worker_heard_of_is_put_back_in_line_and_sent(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    (owed,) = world.letters(LetterKind.CONFIRMATION)
    world.wait(minutes=10)

    assert world.sweep().letters == 1

    (again,) = world.letters(LetterKind.CONFIRMATION)
    assert again.version == owed.version + 1, "a change, so that the table's stream tells of it"
    world.post()
    assert len(world.mailer.sent) == 1


def test_a_letter_owed_a_moment_ago_is_left_to_its_own_event(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    world.wait(minutes=9, seconds=59)

    assert world.sweep() == NOTHING


def test_a_session_whose_alarm_never_rang_is_closed(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(minutes=15)

    assert world.sweep().sessions == 1

    ((name, data),) = world.close_machine.started.items()
    assert name == f"close-{CLASS_1.id}-20250622T1830Z"
    assert data == {
        "session": CLASS_1.id,
        "ends_at": "2025-06-22T18:30:00+00:00",
        "report": "",
        "learner": "",
        "cause": "",
    }


def test_a_session_that_is_not_over_for_a_quarter_of_an_hour_is_left_to_its_alarm(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(minutes=14, seconds=59)

    assert world.sweep().sessions == 0


def test_a_close_that_is_under_way_is_not_started_a_second_time(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)

    assert [world.sweep().sessions for _ in range(3)] == [1, 0, 0]
    assert len(world.close_machine.started) == 1


def test_a_closed_session_is_never_found_again(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    world.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)

    assert world.sweep().sessions == 0


def test_a_recording_whose_event_was_lost_is_announced(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    upload = _put(world)
    world.wait(minutes=10)

    assert world.sweep().recordings == 1

    ((_, data),) = world.recording_machine.started.items()
    assert (data["key"], data["size"]) == (upload.key, str(upload.size))


def test_a_file_that_came_a_moment_ago_is_left_to_its_own_event(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    _put(world)
    world.wait(minutes=9)

    assert world.sweep().recordings == 0


def test_an_announcement_that_stopped_half_way_is_started_again_until_it_is_done(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    upload = _put(world)
    check_file(upload, records=world.records, uploads=world.uploads, now=world.now)
    world.wait(hours=1)
    assert world.sweep().recordings == 1
    assert world.sweep().recordings == 0, "once an hour is enough"
    world.wait(hours=1)
    assert world.sweep().recordings == 1

    mark_announced(CLASS_1.id, upload.name, people=1, records=world.records, now=world.now)
    world.wait(hours=1)

    assert world.sweep().recordings == 0


def test_a_recording_is_not_done_with_while_somebody_is_not_owed_their_letter(
    world: World,
) -> None:
    world.publish(CLASSES)
    for name in ("ana", "bo"):
        world.pay(CLASSES, f"{CLASS_1.id}-general", f"{name}@example.org")
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    upload = _put(world)
    check_file(upload, records=world.records, uploads=world.uploads, now=world.now)
    owe_recording_letter(CLASS_1.id, who("ana@example.org"), records=world.records, now=world.now)

    with pytest.raises(NotEveryoneTold, match="1 people"):
        mark_announced(CLASS_1.id, upload.name, people=2, records=world.records, now=world.now)

    world.wait(hours=1)
    assert world.sweep().recordings == 1
    world.announce(CLASS_1.id)
    assert len(world.letters(LetterKind.RECORDING)) == 2
    world.wait(hours=1)
    assert world.sweep().recordings == 0


def test_a_recording_that_waits_for_the_end_of_its_session_is_not_forgotten(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.starts_at
    upload = _put(world)
    check_file(upload, records=world.records, uploads=world.uploads, now=world.now)

    world.now = CLASS_1.ends_at - timedelta(minutes=1)
    assert world.sweep().recordings == 0


def test_files_that_are_set_aside_or_stand_elsewhere_are_not_announced(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    world.upload_recording(CLASS_1.id, content=b"")
    stray = f"recordings/{CLASS_1.id}/raw/camera-2.mp4"
    world.uploads.objects[stray] = MP4
    world.uploads.modified[stray] = world.now
    world.wait(hours=2)

    assert world.sweep().recordings == 0


def test_what_was_announced_by_an_event_is_not_announced_by_the_sweep(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    world.upload_recording(CLASS_1.id)
    world.wait(hours=3)

    assert world.sweep().recordings == 0
    (kept,) = world.records.everything(Recording)
    assert kept.announced_at is not None


def test_a_report_that_comes_in_the_moment_the_close_stops_waiting_is_not_lost(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.close(CLASS_1.id)
    world.close_machine.waiting.clear()  # the wait has run out, and nothing has noted it yet

    world.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    give_up_waiting(CLASS_1.id, CLASS_1.ends_at, records=world.records, now=world.now)

    ((name, data),) = world.close_machine.started.items()
    assert name.startswith(f"close-{CLASS_1.id}-20250622T1830Z-")
    assert world.close(CLASS_1.id, data["report"]) == "closed"
    assert world.state(CLASS_1.id).phase is SessionPhase.CLOSED


def test_the_sweep_reports_what_it_found_in_counts(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    _put(world)
    world.wait(hours=1)

    assert asdict(world.sweep()) == {
        "letters": 1,
        "letters_given_up": 0,
        "payments": 0,
        "sessions": 1,
        "recordings": 1,
        "notices": 3,
        "decisions": 0,
        "missed_payments": 0,
        "corrections": 0,
        "refunds": 0,
        "cancellations": 0,
        "same_people": 0,
        "releases": 0,
        "recordings_expired": 0,
        "recordings_deleted": 0,
        "appeals": 0,
        "erasures": 0,
        "letters_emptied": 0,
    }
    assert world.letters(LetterKind.CONFIRMATION)[0].status is LetterStatus.PENDING
