"""A file in the bucket, from its event to a letter for everyone who may watch, by the machine."""

import json
from datetime import timedelta

import pytest

from functions.recording_uploaded import handler as recording
from functions.sweep.handler import sweep
from shared import wiring
from shared.domain.letters import LetterKind
from shared.domain.recordings import Recording
from shared.failures import Unavailable
from tests.cloud import CONTEXT
from tests.machines import Execution, Stage
from tests.season import AMARA, BO, CLASS_1, DEVIKA, MP4, after, pay
from tests.world import CAPTIONS

MACHINE = "RECORDING_STATE_MACHINE_ARN"


@pytest.fixture
def over(season: Stage) -> Stage:
    """The first class is over."""
    after(season.cloud)
    return season


def _put(stage: Stage, name: str = "main.mp4", content: bytes = MP4, folder: str = "") -> Execution:
    """Staff put a file in the bucket, and the machine went through it."""
    before = {one.name for one in stage.executions(MACHINE)}
    event = stage.cloud.upload(f"recordings/{folder or CLASS_1.id}/{name}", content)
    assert recording.start(event, CONTEXT) == {"started": True}
    (started,) = {one.name for one in stage.executions(MACHINE)} - before
    return stage.ended(MACHINE, started)


def _told(stage: Stage) -> list[str]:
    return sorted(letter.learner or "" for letter in stage.cloud.letters(LetterKind.RECORDING))


def test_everyone_who_may_watch_is_owed_one_letter(over: Stage) -> None:
    execution = _put(over)

    assert execution.status == "SUCCEEDED"
    assert execution.states == [
        "Check the file",
        "What is it?",
        "Wait until the session is over",
        "Load who may watch",
        "Owe everyone a letter",
        "Remember that it was announced",
        "Everyone was told",
    ]
    assert _told(over) == sorted((AMARA, BO, DEVIKA))
    (kept,) = over.cloud.everything(Recording)
    assert kept.announced_at is not None


def test_the_same_file_again_or_a_better_one_writes_to_nobody_again(over: Stage) -> None:
    _put(over)
    over.cloud.wait(hours=1)

    assert _put(over, content=MP4 + b"cut").states[-1] == "Kept quietly"

    assert len(_told(over)) == 3


@pytest.mark.parametrize(
    ("folder", "name", "content", "says"),
    [
        (CLASS_1.id, "main.mp4", b"", "is empty"),
        (CLASS_1.id, "main.mp4", b"<html>" * 20, "is not one"),
        (CLASS_1.id, "main.exe", MP4, "is not an .mp4"),
        ("no-such-class", "main.mp4", MP4, "There is no session"),
        (f"{CLASS_1.id}/deeper", "main.mp4", MP4, "There is no session"),
        (CLASS_1.id, "Vide\u0301o \u202e4pm.mp4", MP4, "cannot be seen"),
    ],
)
def test_a_file_that_cannot_be_shared_is_set_aside_and_only_staff_hear_of_it(
    over: Stage, folder: str, name: str, content: bytes, says: str
) -> None:
    execution = _put(over, name, content, folder)

    assert execution.states[-2:] == ["Set the file aside", "The file was set aside"]
    assert _told(over) == []
    (letter,) = over.cloud.letters(LetterKind.STAFF_RECORDING)
    assert says in letter.lines[0]


def test_captions_are_kept_quietly(over: Stage) -> None:
    assert _put(over, "main.vtt", CAPTIONS).states[-1] == "Kept quietly"
    assert _told(over) == []


def test_who_pays_while_letters_are_being_owed_is_told_too(over: Stage) -> None:
    over.before["RecordingReport"] = lambda: pay("general-class-1", "Cleo", 9)

    _put(over)

    assert len(_told(over)) == 4


def test_a_letter_that_could_not_be_owed_stops_the_run_and_the_sweep_finishes_it(
    over: Stage,
) -> None:
    troubled = {DEVIKA}
    over.failing["RecordingOweLetter"] = lambda payload: (
        ValueError("a mistake of ours") if payload["learner"] in troubled else None
    )

    execution = _put(over)

    assert (execution.status, execution.states[-1]) == ("FAILED", "The recording needs staff")
    assert DEVIKA not in _told(over)

    troubled.clear()
    _an_hour_after_the_upload(over)
    assert sweep({}, CONTEXT)["recordings"] == 1
    (again,) = [one for one in over.executions(MACHINE) if one.name != execution.name]
    assert over.ended(MACHINE, again.name).status == "SUCCEEDED"
    assert _told(over) == sorted((AMARA, BO, DEVIKA))


def _an_hour_after_the_upload(stage: Stage) -> None:
    """S3 notes an upload by the real clock, and so do machines: they must not wait for an hour."""
    now = stage.cloud.now
    uploaded = max(modified for _, _, modified in wiring.uploads().under("recordings/"))
    stage.cloud.now = uploaded + timedelta(hours=1)
    stage.before["RecordingCheckFile"] = lambda: setattr(stage.cloud, "now", now)


def test_a_service_that_is_busy_for_a_moment_is_asked_again(over: Stage) -> None:
    busy = [Unavailable("The table is busy.")]
    over.failing["RecordingLoadRoster"] = lambda _: busy.pop() if busy else None

    assert _put(over).status == "SUCCEEDED"
    assert len(_told(over)) == 3


def test_nothing_that_a_run_leaves_behind_names_anybody(over: Stage) -> None:
    execution = _put(over)

    told = json.dumps([execution.history, over.calls], default=str)
    assert AMARA in told
    for name in ("Amara", "amara", "Devika", "example.org"):
        assert name not in told
