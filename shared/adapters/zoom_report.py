"""Zoom's participant report (the newer layout with lower-case headings) as rows.

The file carries no zone: its times are wall clocks of the zone in which the session is held. The
printed duration is not read; it is wrong by up to a minute and counts two devices twice.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shared.domain.people import clean_name
from shared.domain.reports import ReportQuestion, ReportQuestions, ReportRow

_LIMIT = 8 * 1024 * 1024  # bytes; a class of ten thousand is one megabyte
_NAME, _ADDRESS = "name (original name)", "email"
_JOINED, _LEFT = "join time", "leave time"
_WAITING = "in waiting room"
_NEEDED = (_NAME, _ADDRESS, _JOINED, _LEFT)
_FORMATS = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S")


def read_zoom_report(content: bytes, zone: str) -> list[ReportRow]:
    """All rows in which somebody was in the meeting (not in its waiting room), as UTC.

    Raises ReportQuestions with every line that could not be read; then nothing is to be used.
    """
    if len(content) > _LIMIT:
        raise ReportQuestions.about_file("The file is over 8 MB. Is it a Zoom report?")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ReportQuestions.about_file(
            "The file is not in UTF-8. Was it saved by Excel? Could you upload it as Zoom gave it?"
        ) from None
    if "\0" in text:
        raise ReportQuestions.about_file("The file is not plain text. Is it a Zoom report?")
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[ReportRow] = []
    questions: list[ReportQuestion] = []
    try:
        columns = _columns(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(cells, columns, zone, reader.line_num, rows, questions)
    except csv.Error:
        text = "This line cannot be read. Has a quotation mark no partner?"
        questions.append(ReportQuestion(reader.line_num, text))
    if not rows and not questions:
        raise ReportQuestions.about_file("The file has headings and no rows. Is it complete?")
    if questions:
        raise ReportQuestions(tuple(questions))
    return rows


def _columns(headings: Sequence[str]) -> dict[str, int]:
    at = {heading.strip().lower(): index for index, heading in enumerate(headings)}
    missing = [heading for heading in _NEEDED if heading not in at]
    if missing:
        raise ReportQuestions(
            (
                ReportQuestion(
                    1,
                    f"There is no column '{missing[0]}'. Is this Zoom's participant report "
                    "with join and leave times?",
                ),
            )
        )
    return at


def _take(
    cells: Sequence[str],
    columns: dict[str, int],
    zone: str,
    line: int,
    rows: list[ReportRow],
    questions: list[ReportQuestion],
) -> None:
    """Add the row, or what is unclear about it."""
    if len(cells) <= max(columns[heading] for heading in _NEEDED):
        questions.append(ReportQuestion(line, "This row has fewer cells than there are headings."))
        return
    waiting = columns.get(_WAITING)
    if waiting is not None and len(cells) > waiting and cells[waiting].strip().lower() == "yes":
        return  # time in the waiting room is not attendance
    times = []
    for heading in (_JOINED, _LEFT):
        written = cells[columns[heading]].strip()
        moments = list(_moments(written, zone))
        if not moments:
            questions.append(
                ReportQuestion(line, f"'{written}' is not a time like 09/14/2025 12:05:00 PM.")
            )
            return
        times.append(moments[0])
    joined, left = times
    if left < joined:
        questions.append(ReportQuestion(line, "Somebody left before joining. Is the row right?"))
        return
    name, address = (cells[columns[heading]].strip() for heading in (_NAME, _ADDRESS))
    rows.append(ReportRow(clean_name(name), address, joined, left))


def _moments(written: str, zone: str) -> Iterator[datetime]:
    for pattern in _FORMATS:
        try:
            wall = datetime.strptime(written, pattern)  # noqa: DTZ007 - a wall clock
            moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
        yield moment
