"""Whatever is put in the folder of recordings: taken, or set aside with a reason for staff."""

from datetime import timedelta

import pytest

from shared.domain.letters import LetterKind
from shared.domain.recording_files import (
    TEXT_LIMIT,
    how_much,
    is_folder,
    judge_file,
    place_of,
    shown_key,
)
from shared.domain.webvtt import first_problem
from shared.usecases.check_recording import RecordingUpload
from tests.unit.test_recordings_are_released import PART_1, UNIT, over, told, walk
from tests.world import CAPTIONS, MP4, World

HERE = f"recordings/{PART_1.id}/"


def _put(world: World, key: str, content: bytes = MP4) -> list[str]:
    """One file under that key; what staff are told of it."""
    session, name = place_of(key)
    world.uploads.objects[key] = content
    walk(world, RecordingUpload(session, name, key, "v1", len(content), world.now))
    return [line for one in world.letters(LetterKind.STAFF_RECORDING) for line in one.lines]


@pytest.mark.parametrize(
    ("what", "key", "content", "says"),
    [
        ("a way up", f"{HERE}../main.mp4", MP4, "has a path in it"),
        ("a slash in code", f"{HERE}a%2Fmain.mp4", MP4, "has a path in it"),
        ("a backslash", f"{HERE}a\\main.mp4", MP4, "has a path in it"),
        ("right to left", f"{HERE}main\u202e4pm.mp4", MP4, "cannot be seen"),
        ("a new line", f"{HERE}main\r\nBcc: x.mp4", MP4, "cannot be seen"),
        ("a very long name", f"{HERE}{'a' * 400}.mp4", MP4, "longer than 150"),
        ("a folder within", f"{HERE}deeper/main.mp4", MP4, "in no folder within"),
        ("no folder", "recordings/main.mp4", MP4, "in no session's folder"),
        ("nobody's session", "recordings/part-99/main.mp4", MP4, "no session 'part-99'"),
        ("a session in capitals", "recordings/Part 1/main.mp4", MP4, "no session 'Part 1'"),
        ("nothing at all", f"{HERE}main.mp4", b"", "is empty"),
        ("a web page", f"{HERE}main.mp4", b"<html>" * 20, "is not one"),
        ("a program", f"{HERE}main.exe", MP4, "is not an .mp4"),
        ("somebody's notes", f"{HERE}notes.txt", b"Amara said", "named transcript.txt"),
        ("a flyer", f"{HERE}flyer.pdf", b"%PDF-1.7", "named slides.pdf"),
        ("slides that are none", f"{HERE}slides.pdf", b"PK\x03\x04", "is not one"),
        ("Latin-1", f"{HERE}transcript.txt", b"one\nS\xe9ance", "not UTF-8 text (line 2)"),
        ("SubRip", f"{HERE}captions.en.vtt", b"1\n00:00:01,000 --> 00:00:02,000\n", "is not one"),
    ],
)  # fmt: skip
def test_what_cannot_be_shared_is_set_aside_and_only_staff_hear_why(
    world: World, what: str, key: str, content: bytes, says: str
) -> None:
    over(world, UNIT)

    (line,) = _put(world, key, content)

    assert says in line, what
    assert told(world) == []
    assert world.uploads.labels[key] == {"tending": "quarantined"}
    (letter,) = world.letters(LetterKind.STAFF_RECORDING)
    assert all(one.isprintable() and len(one) <= 200 for one in (letter.facts[0].value, line))


@pytest.mark.parametrize(
    "name",
    [
        "main.mp4",
        "MAIN.MP4",
        "Série 1 + नोट.mp4",
        "क\u094d\u200dष.mp4",
        "50% of it.mp4",
        "a..b.mp4",
    ],
)
def test_a_name_in_anybodys_writing_is_a_name(world: World, name: str) -> None:
    over(world, UNIT)

    assert _put(world, HERE + name) == []
    assert len(told(world)) == 1


def test_five_gigabytes_are_judged_by_their_first_bytes() -> None:
    size = 5 * 1024**3

    assert how_much("main.mp4", size) == 64
    assert how_much("captions.en.vtt", size) == 64
    assert judge_file("main.mp4", size, MP4[:64])[0].granted
    assert "larger than captions" in judge_file("captions.en.vtt", size, CAPTIONS)[0].why


def test_captions_are_read_whole_up_to_a_limit() -> None:
    assert how_much("captions.en.vtt", TEXT_LIMIT) == TEXT_LIMIT


def test_an_empty_folder_of_the_console_is_no_file() -> None:
    assert is_folder(HERE, 0)
    assert not is_folder(f"{HERE}main.mp4", 0)


def test_what_cannot_be_seen_in_a_key_is_named() -> None:
    assert shown_key("recordings/a/\u202e4pm.mp4") == "recordings/a/[U+202E]4pm.mp4"


@pytest.mark.parametrize(
    "text",
    [
        CAPTIONS.decode(),
        "\ufeff" + CAPTIONS.decode().replace("\n", "\r\n"),
        "WEBVTT - Class 1\nKind: captions\n\nNOTE who\nspoke\n\nSTYLE\n::cue {}\n\n"
        "one\n01:00:00.000 --> 01:00:02.000 align:start\n- Hi.\n- Ho.\n\n"
        "01:00:01.000 --> 01:00:03.000\nTwo at once.",
    ],
)
def test_captions_as_tools_write_them_are_taken(text: str) -> None:
    assert first_problem(text.encode()) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1\n00:01.000 --> 00:02.000\n", "line 1: captions begin with"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\n", "line 1: captions begin with"),
        ("WEBVTT\n00:01.000 --> 00:02.000\n", "line 2: an empty line is missing"),
        ("WEBVTT\n\nHello.\n", "line 3: a time like"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nx\n", "line 3: its times have commas"),
        ("WEBVTT\n\n1\n0:01 --> 0:02\nx\n", "line 4: its times cannot be read"),
        ("WEBVTT\n\n00:61.000 --> 01:62.000\nx\n", "line 3: its times cannot be read"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nx\n", "line 3: it ends before"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\nx\n\n00:01.000 --> 00:02.000\n", "line 6: it begins"),
        ("WEBVTT\n\nNOTE nothing\n", "line 1: there are no captions"),
        ("WEBVTT\n", "line 1: there are no captions"),
    ],
)  # fmt: skip
def test_broken_captions_are_named_by_their_line(text: str, says: str) -> None:
    problem = first_problem(text.encode())

    assert problem is not None
    assert problem.startswith(says)


def test_captions_in_another_encoding_are_named_by_their_line() -> None:
    problem = first_problem("WEBVTT\n\n00:01.000 --> 00:02.000\nSéance".encode("latin-1"))

    assert problem is not None
    assert problem.startswith("line 4: it is not UTF-8")


def test_a_file_that_was_uploaded_twice_is_one_letter_to_staff(world: World) -> None:
    over(world, UNIT)
    _put(world, f"{HERE}main.exe")
    world.wait(hours=1)
    world.now -= timedelta(hours=1)

    assert len(_put(world, f"{HERE}main.exe")) == 1
