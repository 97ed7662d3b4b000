"""How long a recording may be watched, and which files are never shown to anybody."""

from datetime import timedelta

import pytest

from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.usecases.open_pages import NoAccess
from shared.usecases.open_recording import Media
from tests.catalogues import unit_catalogue
from tests.world import MP4, World

UNIT = unit_catalogue()
PART_1, CIRCLE = UNIT.sessions[0], UNIT.sessions[3]


def _told(world: World) -> set[str | None]:
    return {letter.learner for letter in world.letters(LetterKind.RECORDING)}


def _why(opened: object) -> str:
    assert isinstance(opened, NoAccess)
    return opened.decision.reasons[0].code


def _in_new_york(catalogue: Catalogue) -> Catalogue:
    sessions = tuple(s.model_copy(update={"zone": "America/New_York"}) for s in catalogue.sessions)
    return catalogue.model_copy(update={"sessions": sessions})


@pytest.mark.parametrize(
    ("catalogue", "hours"),
    [
        pytest.param(UNIT, 14 * 24, id="india"),
        # New York's clocks go back on November 2: the window is as long on the wall, not in hours.
        pytest.param(_in_new_york(UNIT), 14 * 24 + 1, id="across-a-change-of-clocks"),
    ],
)
def test_the_window_of_fourteen_days_ends_at_the_same_wall_clock(
    world: World, catalogue: Catalogue, hours: int
) -> None:
    world.publish(catalogue)
    world.pay(catalogue, "unit-standard", "asha@example.org")
    part = catalogue.sessions[0]
    world.now = part.ends_at + timedelta(minutes=15)
    world.upload_recording(part.id)
    closes_at = part.ends_at + timedelta(hours=hours)

    world.now = part.ends_at - timedelta(seconds=1)
    assert _why(world.open_recording(part.id, "asha@example.org")) == "not_over"
    world.now = part.ends_at
    assert isinstance(world.open_recording(part.id, "asha@example.org"), Media)
    world.now = closes_at - timedelta(seconds=1)
    assert isinstance(world.open_recording(part.id, "asha@example.org"), Media)
    world.now = closes_at
    assert _why(world.open_recording(part.id, "asha@example.org")) == "window_closed"


def test_who_asks_after_the_window_is_told_when_it_ended_in_the_zone_of_the_event(
    world: World,
) -> None:
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", "asha@example.org")
    world.now = PART_1.ends_at + timedelta(days=14)

    opened = world.open_recording(PART_1.id, "asha@example.org")

    assert isinstance(opened, NoAccess)
    assert opened.decision.why == (
        "This recording could be watched for 14 days after the session, "
        "until Saturday, November 15, 2025."
    )


@pytest.mark.parametrize(
    ("what", "session", "name", "content", "says"),
    [
        ("a circle", CIRCLE.id, "circle.mp4", MP4, "this session is not recorded"),
        ("an empty file", PART_1.id, "main.mp4", b"", "is empty"),
        ("a program", PART_1.id, "main.exe", MP4, "is not an .mp4, .m4a or .vtt file"),
        ("noise named video", PART_1.id, "main.mp4", b"\x00" * 1024, "is not one"),
        ("a web page named video", PART_1.id, "main.mp4", b"<html>" * 9, "is not one"),
        ("text named captions", PART_1.id, "main.vtt", b"1\n00:00", "is not one"),
        ("a stray folder", "no-such-session", "main.mp4", MP4, "There is no session"),
    ],
)
def test_a_file_that_cannot_be_shared_is_set_aside_and_only_staff_hear_of_it(
    world: World, what: str, session: str, name: str, content: bytes, says: str
) -> None:
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", "asha@example.org")
    world.now = CIRCLE.ends_at + timedelta(hours=1)

    assert world.upload_recording(session, name, content) == "quarantine", what

    assert _told(world) == set()
    (letter,) = world.letters(LetterKind.STAFF_RECORDING)
    assert says in letter.lines[0]
    assert world.uploads.labels[f"recordings/{session}/{name}"] == {"tending": "quarantined"}


def test_who_pays_after_the_window_gets_no_letter_about_it(world: World) -> None:
    world.publish(UNIT)
    world.now = PART_1.ends_at + timedelta(hours=1)
    world.upload_recording(PART_1.id)
    world.now = PART_1.ends_at + timedelta(days=14)

    world.pay(UNIT, "unit-standard", "late@example.org")

    assert _told(world) == set()


def test_a_recording_that_comes_after_its_window_is_for_staff_to_decide(world: World) -> None:
    world.publish(UNIT)
    world.pay(UNIT, "unit-standard", "asha@example.org")
    world.now = PART_1.ends_at + timedelta(days=15)

    world.upload_recording(PART_1.id)

    assert _told(world) == set()
    (letter,) = world.letters(LetterKind.STAFF_RECORDING)
    assert letter.lines[0].startswith("It arrived after the time in which it may be watched")
