"""Captions: whether a file is WebVTT, and if not, on which line it stops being so.

Strict about what players silently drop: the header, the times and their order. A cue's settings and
the text itself are left to the player.
"""

import re

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t]+\S.*)?")
_NOT_CUES = ("NOTE", "STYLE", "REGION")


def first_problem(content: bytes) -> str | None:
    """The first thing that is wrong, as "line 7: …" for staff to read; None if all is well."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return f"line {line}: it is not UTF-8 text. Could it be saved as UTF-8?"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        return "line 1: captions begin with the word WEBVTT alone."
    return _problem_in_cues(lines)


def _problem_in_cues(lines: list[str]) -> str | None:
    last, cues, at = -1, 0, 1
    while at < len(lines) and lines[at].strip():  # what else belongs to the header
        if "-->" in lines[at]:
            return f"line {at + 1}: an empty line is missing before the first time."
        at += 1
    while at < len(lines):
        block = _block(lines, at)
        if block and not _is_aside(block[0]):
            line, timing = _timing(block, at)
            match = _TIMING.fullmatch(timing.strip())
            if match is None:
                return f"line {line}: {_what_is_wrong(timing)}"
            begins, ends = _moment(match, 1), _moment(match, 5)
            if ends <= begins:
                return f"line {line}: it ends before it begins."
            if begins < last:
                return f"line {line}: it begins before the one above it."
            last, cues = begins, cues + 1
        at += len(block) + 1
    return None if cues else "line 1: there are no captions after it."


def _block(lines: list[str], at: int) -> list[str]:
    """The lines from there up to the next empty one."""
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return lines[at:end]


def _is_aside(line: str) -> bool:
    return "-->" not in line and line.split()[0] in _NOT_CUES


def _timing(block: list[str], at: int) -> tuple[int, str]:
    """The line (from 1) that should say when, and what it says: the first, or after a name."""
    named = "-->" not in block[0] and len(block) > 1 and "-->" in block[1]
    return (at + 2, block[1]) if named else (at + 1, block[0])


def _what_is_wrong(timing: str) -> str:
    if "-->" not in timing:
        return "a time like 00:01:02.000 --> 00:01:05.500 is missing here."
    if re.search(r"\d,\d{3}", timing):
        return "its times have commas, as SubRip has them; WebVTT has points (00:01:02.000)."
    return "its times cannot be read; they look like 00:01:02.000 --> 00:01:05.500."


def _moment(match: re.Match[str], group: int) -> int:
    """Milliseconds since the beginning."""
    hours, minutes, seconds, thousandths = (int(match[group + at] or 0) for at in range(4))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths
