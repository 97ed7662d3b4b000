"""A recording reaches everyone who may watch it, once, for as long as they may, and nobody else."""

from datetime import timedelta

import pytest

from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.recordings import Recording, RecordingStatus
from shared.usecases.check_recording import RecordingUpload, check_file
from shared.usecases.open_pages import NoAccess, NotFound
from shared.usecases.open_recording import Media
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import CAPTIONS, MP4, World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()
PART_1, CIRCLE = UNIT.sessions[0], UNIT.sessions[3]


def _told(world: World) -> set[str | None]:
    return {letter.learner for letter in world.letters(LetterKind.RECORDING)}


def _why(opened: object) -> str:
    assert isinstance(opened, NoAccess)
    return opened.decision.reasons[0].code


@pytest.fixture
def after_class_1(world: World) -> World:
    """Class 1 is over: four people paid, of whom one has not paid yet and one was refunded."""
    world.publish(CLASSES)
    for name in ("ana", "bo"):
        world.pay(CLASSES, f"{CLASS_1.id}-reduced", f"{name}@example.org")
    world.pay(CLASSES, f"{CLASS_1.id}-general", "slow@example.org", says="pending")
    _refund(world, "gone@example.org", 90)
    world.now = CLASS_1.ends_at + timedelta(minutes=30)
    return world


def _refund(world: World, address: str, number: int, *, pay: bool = True) -> None:
    fact = paid(CLASSES, f"{CLASS_1.id}-general", address, number)
    if pay:
        world.deliver(fact)
    world.deliver(fact.model_copy(update={"event": f"evt_back_{number}", "says": "refunded"}))


def test_everyone_who_may_watch_is_told_whether_they_came_or_not(after_class_1: World) -> None:
    world = after_class_1
    world.report(CLASS_1.id, [("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)

    assert world.upload_recording(CLASS_1.id) == "announce"

    assert _told(world) == {who("ana@example.org"), who("bo@example.org")}


def test_a_personal_link_plays_the_recording_for_ten_minutes_at_a_time(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)

    opened = world.open_recording(CLASS_1.id, "ana@example.org")

    assert isinstance(opened, Media)
    assert "main.mp4" in opened.url
    assert "seconds=600" in opened.url


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("slow@example.org", "payment_pending"),
        ("gone@example.org", "refunded"),
    ],
)
def test_who_may_not_watch_is_told_why(after_class_1: World, address: str, reason: str) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)

    assert _why(world.open_recording(CLASS_1.id, address)) == reason


def test_a_link_to_a_session_nobody_knows_opens_nothing(world: World) -> None:
    assert isinstance(world.open_recording("no-such-session", "ana@example.org"), NotFound)


def test_a_link_of_somebody_who_never_registered_opens_nothing(after_class_1: World) -> None:
    after_class_1.upload_recording(CLASS_1.id)

    assert isinstance(after_class_1.open_recording(CLASS_1.id, "stranger@example.org"), NotFound)


def test_a_refund_after_the_letter_was_owed_withdraws_the_letter_and_closes_the_link(
    after_class_1: World,
) -> None:
    world = after_class_1
    world.deliver(paid(CLASSES, f"{CLASS_1.id}-general", "cleo@example.org", 7))
    world.upload_recording(CLASS_1.id)
    assert who("cleo@example.org") in _told(world)

    _refund(world, "cleo@example.org", 7, pay=False)
    world.post()

    assert _why(world.open_recording(CLASS_1.id, "cleo@example.org")) == "refunded"
    (letter,) = [
        letter
        for letter in world.letters(LetterKind.RECORDING)
        if letter.learner == who("cleo@example.org")
    ]
    assert letter.status is LetterStatus.WITHDRAWN
    assert letter.note == ("Your payment for this class was refunded, so your access has ended.")


def test_the_same_file_or_event_twice_writes_to_nobody_twice(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)
    owed = world.letters(LetterKind.RECORDING)

    assert world.upload_recording(CLASS_1.id) == "nothing"
    world.announce(CLASS_1.id)
    assert world.upload_recording(CLASS_1.id, version="v2") == "nothing"

    assert world.letters(LetterKind.RECORDING) == owed


def test_the_same_bad_file_twice_is_one_letter_to_staff(after_class_1: World) -> None:
    world = after_class_1
    for _ in range(2):
        world.upload_recording(CLASS_1.id, content=b"")

    assert len(world.letters(LetterKind.STAFF_RECORDING)) == 1


def test_a_second_part_is_there_to_watch_and_mails_nobody_again(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)
    owed = world.letters(LetterKind.RECORDING)
    world.wait(hours=1)

    world.upload_recording(CLASS_1.id, "better-sound.mp4", version="v9")

    assert world.letters(LetterKind.RECORDING) == owed
    opened = world.open_recording(CLASS_1.id, "ana@example.org")
    assert isinstance(opened, Media)
    assert "better-sound.mp4?version=v9" in opened.url


def test_a_good_replacement_is_what_people_see_from_then_on(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)
    world.wait(hours=1)

    world.upload_recording(CLASS_1.id, content=MP4 + b"cut", version="v2")

    opened = world.open_recording(CLASS_1.id, "ana@example.org")
    assert isinstance(opened, Media)
    assert "version=v2" in opened.url


def test_a_bad_replacement_leaves_the_good_file_in_place(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)
    world.wait(hours=1)

    assert world.upload_recording(CLASS_1.id, content=b"", version="v2") == "quarantine"

    opened = world.open_recording(CLASS_1.id, "ana@example.org")
    assert isinstance(opened, Media)
    assert "version=v1" in opened.url
    assert len(world.letters(LetterKind.STAFF_RECORDING)) == 1


def test_an_event_for_bytes_that_were_replaced_since_is_too_late(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id, version="v2")
    late = RecordingUpload(
        CLASS_1.id, "main.mp4", f"recordings/{CLASS_1.id}/main.mp4", "v1", len(MP4),
        world.now - timedelta(minutes=5),
    )  # fmt: skip

    checked = check_file(late, records=world.records, uploads=world.uploads, now=world.now)

    assert checked["then"] == "nothing"
    kept = world.records.get(Recording.key_of(CLASS_1.id, "main.mp4"), Recording)
    assert kept is not None
    assert kept.object_version == "v2"


def test_a_recording_uploaded_before_the_end_waits_for_the_end(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    world.now = CLASS_1.starts_at
    key = f"recordings/{CLASS_1.id}/main.mp4"
    world.uploads.objects[key] = MP4
    early = RecordingUpload(CLASS_1.id, "main.mp4", key, "v1", len(MP4), world.now)

    checked = check_file(early, records=world.records, uploads=world.uploads, now=world.now)

    assert checked == {"then": "announce", "over_at": "2025-06-22T18:30:00Z"}
    assert _told(world) == set()
    assert _why(world.open_recording(CLASS_1.id, "ana@example.org")) == "not_over"


def test_who_pays_after_the_letters_went_out_gets_one_too(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)

    world.pay(CLASSES, f"{CLASS_1.id}-general", "late@example.org")

    assert who("late@example.org") in _told(world)


def test_who_pays_while_the_letters_are_being_written_is_not_forgotten(
    after_class_1: World,
) -> None:
    world = after_class_1
    key = f"recordings/{CLASS_1.id}/main.mp4"
    world.uploads.objects[key] = MP4
    upload = RecordingUpload(CLASS_1.id, "main.mp4", key, "v1", len(MP4), world.now)
    check_file(upload, records=world.records, uploads=world.uploads, now=world.now)

    world.pay(CLASSES, f"{CLASS_1.id}-general", "between@example.org")

    assert _told(world) == {who("between@example.org")}
    world.announce(CLASS_1.id)
    assert len(world.letters(LetterKind.RECORDING)) == 3


def test_captions_are_kept_without_a_word_and_do_not_play_as_the_recording(
    after_class_1: World,
) -> None:
    world = after_class_1

    assert world.upload_recording(CLASS_1.id, "main.vtt", b"\xef\xbb\xbf" + CAPTIONS) == "nothing"

    assert _told(world) == set()
    assert _why(world.open_recording(CLASS_1.id, "ana@example.org")) == "not_here"


def test_people_see_the_video_rather_than_a_newer_sound_file(after_class_1: World) -> None:
    world = after_class_1
    world.upload_recording(CLASS_1.id)
    world.wait(hours=1)
    world.upload_recording(CLASS_1.id, "audio-only.m4a", version="v5")

    opened = world.open_recording(CLASS_1.id, "ana@example.org")

    assert isinstance(opened, Media)
    assert "main.mp4" in opened.url
    kept = world.records.everything(Recording)
    assert {recording.status for recording in kept} == {RecordingStatus.READY}
