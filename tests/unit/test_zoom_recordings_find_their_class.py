"""Zoom has a recording: whose it is, which of its files are fetched, and from where alone."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.memory_files import MemoryQueue
from shared.adapters.zoom_events import UnreadableEvent
from shared.adapters.zoom_recordings import read_recording
from shared.domain.cloud_recordings import CloudFile, CloudRecording, choose, may_be_asked
from shared.domain.letters import LetterKind
from shared.domain.zoom_meetings import ZoomMeeting
from shared.messages import FetchWanted
from shared.usecases.order_recording import order_recording
from tests.catalogues import classes_catalogue
from tests.world import World
from tests.zoom import MEETING

pytestmark = pytest.mark.unit

BODY = Path("events/zoom_webhook/recording.completed.json").read_bytes()
CATALOGUE = classes_catalogue()
CLASS_1, CLASS_2 = CATALOGUE.sessions[:2]
HOST = "https://us02web.zoom.us/rec/webhook_download"


def _file(
    kind: str = "MP4", view: str = "active_speaker", size: int = 10, **more: Any
) -> CloudFile:
    told = {"id": f"{kind}-{view}-{size}", "address": f"{HOST}/{kind}"} | more
    return CloudFile(kind=kind, view=view, size=size, **told)


def _recording(*files: CloudFile, begins: int = 0, lasts: int = 150) -> CloudRecording:
    """A recording that begins so many minutes after the first class does."""
    began = CLASS_1.starts_at + timedelta(minutes=begins)
    return CloudRecording(
        meeting=MEETING,
        occurrence="uuid/1==",
        began=began,
        ended=began + timedelta(minutes=lasts),
        files=files or (_file(),),
        token="secret",
    )


def _world(**second: Any) -> World:
    """The first class is held in the meeting, and the second too, with those changes."""
    zoom = {"zoom": ZoomMeeting(meeting_id=MEETING)}
    sessions = (
        CLASS_1.model_copy(update=zoom),
        CLASS_2.model_copy(update=zoom | second),
        *CATALOGUE.sessions[2:],
    )
    world = World()
    world.publish(CATALOGUE.model_copy(update={"sessions": sessions}))
    return world


def _order(world: World, recording: CloudRecording) -> list[FetchWanted]:
    queue = MemoryQueue()
    order_recording(recording, records=world.records, queue=queue, now=world.now)
    return [FetchWanted.model_validate_json(one) for one in queue.messages]


def test_of_everything_that_zoom_made_one_picture_one_sound_and_the_captions_are_fetched() -> None:
    recording = read_recording(BODY)
    assert recording is not None

    wanted = choose(recording.files).files

    assert {name: file.view for name, file in wanted.items()} == {
        "main.mp4": "shared_screen_with_speaker_view",
        "audio.m4a": "audio_only",
        "captions.en.vtt": "audio_transcript",
    }


def test_the_chat_is_never_fetched() -> None:
    assert choose([_file("CHAT", "chat_file"), _file("TIMELINE"), _file("SUMMARY")]).files == {}


@pytest.mark.parametrize(
    ("views", "taken"),
    [
        (["gallery_view", "shared_screen_with_speaker_view"], "shared_screen_with_speaker_view"),
        (["gallery_view", "speaker_view(CC)"], "speaker_view(CC)"),
        (["gallery_view", "active_speaker"], "active_speaker"),
        (["shared_screen", "gallery_view"], "gallery_view"),
        (["something_new", "shared_screen"], "shared_screen"),
        (["something_new"], "something_new"),
    ],
)  # fmt: skip
def test_of_several_pictures_the_one_that_shows_most(views: list[str], taken: str) -> None:
    for order in (views, views[::-1]):
        assert choose(_file(view=view) for view in order).files["main.mp4"].view == taken


def test_an_order_names_the_class_and_carries_the_token_and_nothing_of_people() -> None:
    world = _world()

    (wanted,) = _order(world, _recording())

    assert (wanted.session, wanted.name, wanted.token) == (CLASS_1.id, "main.mp4", "secret")
    assert "secret" not in repr(wanted)
    assert HOST not in repr(wanted)
    assert "secret" not in repr(_recording())


def test_nothing_of_the_token_or_the_address_is_kept_in_the_table() -> None:
    world = _world()

    _order(world, _recording(_file(), _file(size=20)))

    assert len(world.letters(LetterKind.STAFF_CLOUD_RECORDING)) == 1
    kept = str([vars(letter) for letter in world.letters(LetterKind.STAFF_CLOUD_RECORDING)])
    assert "secret" not in kept
    assert HOST not in kept


def test_a_recording_that_was_stopped_and_begun_again_is_fetched_once_and_staff_hear_of_it() -> (
    None
):
    world = _world()

    wanted = _order(world, _recording(_file(size=20), _file(size=900), _file(size=30)))
    _order(world, _recording(_file(size=20), _file(size=900), _file(size=30)))

    assert [one.file.size for one in wanted] == [900]
    (letter,) = world.letters(LetterKind.STAFF_CLOUD_RECORDING)
    assert "3 videos" in letter.lines[0]


@pytest.mark.parametrize(
    ("what", "begins", "lasts", "fetched"),
    [
        ("the class", 0, 150, True),
        ("it began early and ended late", -30, 210, True),
        ("the sound check before it", -40, 45, False),
        ("a meeting of staff on another day", 24 * 60, 60, False),
    ],
)
def test_only_what_was_recorded_during_the_class_is_its_recording(
    what: str, begins: int, lasts: int, fetched: bool
) -> None:
    assert bool(_order(_world(), _recording(begins=begins, lasts=lasts))) is fetched, what


def test_a_session_that_is_not_recorded_by_the_catalogues_word_is_never_fetched() -> None:
    world = _world(recorded=False, start=CLASS_2.starts_at)
    apart = CLASS_2.starts_at - CLASS_1.starts_at

    assert _order(world, _recording(begins=int(apart.total_seconds() // 60))) == []


def test_a_recording_that_runs_on_into_a_session_that_is_not_recorded_is_left_to_staff() -> None:
    """One minute of it is one too many; into a recorded class, a few minutes are none."""
    apart = int((CLASS_2.starts_at - CLASS_1.starts_at).total_seconds() // 60)

    into_recorded = _world()
    into_silent = _world(recorded=False)

    assert len(_order(into_recorded, _recording(lasts=apart + 5))) == 1
    assert _order(into_silent, _recording(lasts=apart + 1)) == []
    (letter,) = into_silent.letters(LetterKind.STAFF_CLOUD_RECORDING)
    assert CLASS_1.title in letter.lines[0]


def test_a_recording_of_a_meeting_that_no_catalogue_names_is_none_of_ours() -> None:
    assert _order(World(), _recording()) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://us02web.zoom.us/rec/download/x",
        "https://zoom.us.evil.example/rec/x",
        "https://evilzoom.us/rec/x",
        "https://zoom.us@evil.example/rec/x",
        "https://user:pass@zoom.us/rec/x",
        "https://169.254.169.254/latest/meta-data",
        "https://zoom.us:8443/rec/x",
        "https://evil.example\\.zoom.us/x",
        "https://evil.example/#.zoom.us",
        "https://evil.example?.zoom.us",
        "file:///etc/passwd",
        "//zoom.us/rec/x",
        "https://zoom.us:port/x",
        "https://zoom.us/rec\n/x",
        "",
    ],
)
def test_only_zooms_own_addresses_are_ever_asked(address: str) -> None:
    assert not may_be_asked(address)
    assert choose([_file(address=address)]).files == {}


def test_zooms_own_addresses_are_asked() -> None:
    assert may_be_asked("https://zoom.us/rec/download/x?a=b")
    assert may_be_asked("https://us02web.zoom.us/rec/webhook_download/x")
    assert may_be_asked("https://ssrweb.zoom.us:443/replay/x")


def test_a_file_at_a_strange_address_is_told_to_staff() -> None:
    world = _world()

    _order(world, _recording(_file(address="https://evil.example/x")))

    (letter,) = world.letters(LetterKind.STAFF_CLOUD_RECORDING)
    assert "evil" not in str(letter)


@pytest.mark.parametrize("missing", ["uuid", "id", "start_time"])
def test_an_event_that_is_not_as_zoom_describes_it_waits_for_people(missing: str) -> None:
    told = json.loads(BODY)
    held = told["payload"]["object"]
    del held[missing]
    for file in held["recording_files"]:
        file.pop("recording_start", None)

    with pytest.raises(UnreadableEvent):
        read_recording(json.dumps(told).encode())


def test_a_file_that_zoom_is_still_working_on_is_not_fetched() -> None:
    told = json.loads(BODY)
    for file in told["payload"]["object"]["recording_files"]:
        file["status"] = "processing"

    recording = read_recording(json.dumps(told).encode())

    assert recording is not None
    assert recording.files == ()
