"""The bytes of a report as lines of cells: whatever Zoom, Excel or an editor made of them.

Zoom writes UTF-8 with a byte-order mark and commas. Excel saves it with semicolons in the local
code page, or as "Unicode text": UTF-16 with tabs. Other tools leave NULs and old line ends behind.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from shared.domain.reports import ReportQuestion, ReportQuestions

LARGEST = 8 * 1024 * 1024  # bytes; a class of ten thousand is one megabyte
_MOST_LINES = 100_000
_DELIMITERS = (",", ";", "\t", "|")
_HEADED_WITHIN = 200  # lines; the blocks above a table of people are short
_NOT_TEXT = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Line(NamedTuple):
    """The cells of one line, and the line's number in the file, from 1."""

    number: int
    cells: tuple[str, ...]


def read_lines(content: bytes, is_heading: Callable[[Sequence[str]], bool]) -> list[Line]:
    """All lines that are not blank, split where the headings of the file are split.

    Raises ReportQuestions if it is no such file, or a line cannot be split.
    """
    text = _text(content)
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.", first.strip(), re.IGNORECASE):
        # Excel's own word on it; a blank line keeps the numbers right.
        return _whole("\n" + rest, first.strip()[-1])
    for delimiter in _DELIMITERS:
        try:
            beginning = list(islice(_split(text, delimiter), _HEADED_WITHIN))
        except ReportQuestions:
            continue
        if any(is_heading(line.cells) for line in beginning):
            return _whole(text, delimiter)
    # No delimiter makes headings of it. If a line cannot be split at all, that is the reason.
    return _whole(text, ",")


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise ReportQuestions.about_file("The file is over 8 MB. Is it a Zoom report?")
    text = _decoded(content).replace("\0", "").removeprefix("\ufeff")
    if _NOT_TEXT.search(text):
        raise ReportQuestions.about_file("The file is not plain text. Is it a Zoom report?")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    encodings = ["utf-8-sig", "cp1252"]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif content[1:400:2].count(0) > len(content[1:400:2]) * 0.6:
        encodings = ["utf-16-le"]
    elif content[0:400:2].count(0) > len(content[0:400:2]) * 0.6:
        encodings = ["utf-16-be"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReportQuestions.about_file("The file is not plain text. Is it a Zoom report?")


def _whole(text: str, delimiter: str) -> list[Line]:
    lines = list(islice(_split(text, delimiter), _MOST_LINES + 1))
    if len(lines) > _MOST_LINES:
        raise ReportQuestions.about_file("The file has over 100,000 lines. Is it one class?")
    return lines


def _split(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(number, tuple(cell.strip() for cell in cells))
            number = reader.line_num + 1
    except csv.Error:
        asked = "This line cannot be read. Has a quotation mark no partner?"
        raise ReportQuestions((ReportQuestion(number, asked),)) from None
