"""Several files of one recording, in any order: released by the catalogue's rules, or by staff."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from shared.domain.catalogue import Catalogue
from shared.domain.letters import Letter, LetterKind
from shared.domain.recording_release import Release
from shared.domain.recordings import Recording, RecordingStatus
from shared.usecases.announce_recording import may_be_watched
from shared.usecases.check_recording import RecordingUpload, check_file
from shared.usecases.look_up_recording import look_up_recording
from shared.usecases.rule_on_recording import NothingToRule, announce_again, release_recording
from tests.catalogues import unit_catalogue
from tests.world import CAPTIONS, MP4, World

UNIT = unit_catalogue()
PART_1, CIRCLE = UNIT.sessions[0], UNIT.sessions[3]
FILES = {
    "main.mp4": MP4,
    "asl.mp4": MP4 + b"signed",
    "audio.m4a": b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 50,
    "captions.en.vtt": CAPTIONS,
    "transcript.txt": "Séance 1 नोट".encode(),
    "slides.pdf": b"%PDF-1.7\n",
}


def with_rules(**policy: Any) -> Catalogue:
    """The unit with other rules for recordings."""
    recording = UNIT.policies.recording.model_copy(update=policy)
    policies = UNIT.policies.model_copy(update={"recording": recording})
    return UNIT.model_copy(update={"policies": policies})


def over(world: World, catalogue: Catalogue) -> World:
    """Part 1 is over, and Asha holds a seat in all of them."""
    world.publish(catalogue)
    world.pay(catalogue, "unit-standard", "asha@example.org")
    world.now = PART_1.ends_at + timedelta(hours=1)
    return world


def upload(world: World, name: str, content: bytes | None = None, version: str = "v1") -> str:
    content = FILES[name] if content is None else content
    return world.upload_recording(PART_1.id, name, content, f"{name}-{version}")


def said(world: World) -> dict[str, Any]:
    return {"by": "Noor", "why": "It is good.", "records": world.records,
            "workflows": world.recording_machine, "now": world.now}  # fmt: skip


def run_started(world: World) -> None:
    """Walk every announcement that was started, as its machine does."""
    for data in world.recording_machine.started.values():
        name = data["key"].rsplit("/", 1)[-1]
        file = RecordingUpload(
            data["session"], name, data["key"], data["object_version"], int(data["size"]), world.now
        )
        checked = check_file(file, records=world.records, uploads=world.uploads, now=world.now)
        if checked["then"] == "announce":
            world.announce(data["session"], name)


def told(world: World) -> list[Letter]:
    return world.letters(LetterKind.RECORDING)


def outcome(world: World) -> dict[str, object]:
    """What is to be the same, whatever came when: files, release, letters."""
    return {
        "files": {(r.name, r.status, r.identity, r.announced_at is not None)
                  for r in world.records.everything(Recording)},
        "released": {r.decision and r.decision.granted for r in world.records.everything(Release)},
        "letters": {letter.key() for letter in world.records.everything(Letter)},
    }  # fmt: skip


def test_all_files_of_a_recording_are_taken_by_their_names(world: World) -> None:
    over(world, UNIT)

    for name in FILES:
        assert upload(world, name) in {"announce", "nothing"}

    kept = world.records.everything(Recording)
    assert {one.name for one in kept if one.status is RecordingStatus.READY} == set(FILES)
    assert len(told(world)) == 1
    assert world.letters(LetterKind.STAFF_RECORDING) == []


def test_a_catalogue_that_asks_for_nothing_keeps_no_account_of_releases(world: World) -> None:
    over(world, UNIT)
    upload(world, "main.mp4")

    assert world.records.everything(Release) == []


def test_where_captions_are_required_the_video_waits_for_them(world: World) -> None:
    over(world, with_rules(captions_required=True))

    assert upload(world, "main.mp4") == "wait"
    assert not may_be_watched(PART_1.id, world.records)
    assert told(world) == []
    assert upload(world, "captions.en.vtt") == "announce"

    assert may_be_watched(PART_1.id, world.records)
    assert len(told(world)) == 1


def test_captions_that_are_broken_release_nothing_and_the_line_is_named(world: World) -> None:
    over(world, with_rules(captions_required=True))
    upload(world, "main.mp4")

    assert upload(world, "captions.en.vtt", CAPTIONS.replace(b".500", b",500")) == "quarantine"

    (letter,) = world.letters(LetterKind.STAFF_RECORDING)
    assert "a mistake on line 3: its times have commas" in letter.lines[0]
    assert not may_be_watched(PART_1.id, world.records)


EVENTS = [
    ("main.mp4", MP4, "v1"),
    ("main.mp4", MP4 + b"better", "v2"),
    ("main.mp4", b"", "v3"),
    ("captions.en.vtt", CAPTIONS, "v1"),
]


@pytest.mark.parametrize("order", list(permutations(range(len(EVENTS)))))
def test_any_order_of_uploads_and_every_one_twice_comes_to_the_same(order: tuple[int, ...]) -> None:
    outcomes = []
    for twice in ((*order, *order), range(len(EVENTS))):
        world = over(World(), with_rules(captions_required=True))
        base = world.now
        for at in twice:
            name, content, version = EVENTS[at]
            key = f"recordings/{PART_1.id}/{name}"
            world.uploads.objects[key] = content
            world.now = base + timedelta(hours=1)
            file = RecordingUpload(
                PART_1.id, name, key, version, len(content), base + timedelta(minutes=at)
            )
            walk(world, file)
        outcomes.append(outcome(world))

    assert outcomes[0] == outcomes[1]
    assert ("main.mp4", RecordingStatus.READY, "v2", True) in outcomes[0]["files"]  # type: ignore[operator]


def walk(world: World, file: RecordingUpload) -> None:
    """One event for these bytes, from check to announcement."""
    told_of = {"records": world.records, "uploads": world.uploads, "now": world.now}
    then = check_file(file, **told_of)["then"]  # type: ignore[arg-type]
    if then == "quarantine":
        world.quarantine(file)
    if then == "announce":
        world.announce(file.session, file.name)


def test_a_recording_that_waits_is_told_to_staff_once_and_not_at_once(world: World) -> None:
    over(world, with_rules(captions_required=True))
    upload(world, "main.mp4")
    world.wait(minutes=30)
    assert world.sweep().releases == 0
    world.wait(hours=1)

    assert [world.sweep().releases, world.sweep().releases] == [1, 0]

    (letter,) = world.letters(LetterKind.STAFF_RECORDING_WAITS)
    assert letter.lines == ("Captions are missing: upload captions.en.vtt beside the video.",)
    assert told(world) == []


def test_a_catalogue_that_asks_for_less_since_releases_what_waits(world: World) -> None:
    over(world, with_rules(captions_required=True))
    upload(world, "main.mp4")
    world.wait(hours=2)
    world.publish(UNIT)

    world.sweep()
    run_started(world)

    assert len(told(world)) == 1
    assert world.letters(LetterKind.STAFF_RECORDING_WAITS) == []


def test_where_staff_release_recordings_nobody_is_told_until_they_do(world: World) -> None:
    over(world, with_rules(release="staff"))
    assert upload(world, "main.mp4") == "wait"

    release_recording(PART_1.id, **said(world))
    run_started(world)

    assert len(told(world)) == 1
    found = look_up_recording(PART_1.id, records=world.records)
    assert found is not None
    assert found["words"][0]["by"] == "Noor"
    assert found["waits"] is False


def test_staff_may_release_before_the_file_is_there(world: World) -> None:
    over(world, with_rules(release="staff"))
    release_recording(PART_1.id, **said(world))
    assert told(world) == []

    assert upload(world, "main.mp4") == "announce"


def test_a_better_cut_of_what_was_released_asks_for_nothing_anew(world: World) -> None:
    over(world, with_rules(release="staff"))
    upload(world, "main.mp4")
    release_recording(PART_1.id, **said(world))
    run_started(world)
    world.wait(hours=1)

    assert upload(world, "main.mp4", MP4 + b"cut", "v2") == "nothing"

    assert may_be_watched(PART_1.id, world.records)
    assert len(told(world)) == 1


def test_announcing_again_is_an_act_of_staff_and_writes_once_more(world: World) -> None:
    over(world, UNIT)
    upload(world, "main.mp4")
    world.wait(hours=1)

    announce_again(PART_1.id, **said(world))
    run_started(world)
    run_started(world)
    world.pay(UNIT, "unit-standard", "late@example.org")
    world.announce(PART_1.id)

    about = sorted(letter.about.count("/") for letter in told(world))
    assert about == [1, 1, 2]


@pytest.mark.parametrize(
    ("session", "says"),
    [("no-such-part", "There is no session"), (CIRCLE.id, "is not recorded"),
     (PART_1.id, "nothing of")],
)  # fmt: skip
def test_what_cannot_be_announced_is_said_so(world: World, session: str, says: str) -> None:
    over(world, UNIT)

    with pytest.raises(NothingToRule, match=says):
        announce_again(session, **said(world))


def test_a_circle_that_is_not_recorded_is_never_shared_whatever_staff_say(world: World) -> None:
    over(world, UNIT)

    assert world.upload_recording(CIRCLE.id) == "quarantine"
    with pytest.raises(NothingToRule, match="is not recorded"):
        release_recording(CIRCLE.id, **said(world))

    assert told(world) == []
