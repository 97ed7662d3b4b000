"""What the columns and sections of Zoom's reports are called, in all of its layouts.

Meetings: a block about the meeting above the people, or none; join and leave times, or only a
total. Webinars: sections for host, panel and attendees, each with headings of its own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from shared.domain.reports import Role

_UNIT = re.compile(r"\s*\(([^()]*)\)")


class Column(StrEnum):
    """What a column holds."""

    NAME = "name"
    FIRST = "first name"
    LAST = "last name"
    ADDRESS = "email"
    JOINED = "join time"
    LEFT = "leave time"
    DURATION = "duration"
    ATTENDED = "attended"
    WAITING = "in waiting room"
    REGISTRANT = "registrant id"


_CALLED = {
    **dict.fromkeys(("name", "user name", "participant", "participant name"), Column.NAME),
    **dict.fromkeys(("display name", "full name"), Column.NAME),
    "first name": Column.FIRST,
    "last name": Column.LAST,
    **dict.fromkeys(("email", "user email", "email address", "e-mail"), Column.ADDRESS),
    "registrant email": Column.ADDRESS,
    **dict.fromkeys(("join time", "joined"), Column.JOINED),
    **dict.fromkeys(("leave time", "left"), Column.LEFT),
    **dict.fromkeys(("duration", "total duration", "time in session"), Column.DURATION),
    "attended": Column.ATTENDED,
    "in waiting room": Column.WAITING,
    **dict.fromkeys(("registrant id", "registration id"), Column.REGISTRANT),
}
_TIMES = {"start time", "actual start time", "end time", "actual end time"}
# A table about the meeting has two of these at least. One is not enough: people choose their names.
_OF_THE_MEETING = {"topic", "meeting id", "webinar id", "id", "# registrants", *_TIMES}
_SECTIONS = {
    "host details": Role.HOST,
    "panelist details": Role.PANEL,
    "attendee details": Role.ATTENDEE,
    "other attended": Role.ATTENDEE,
}
_TITLES = {"attendee report", "report generated", "participants report", "meeting participants"}


@dataclass(frozen=True)
class Headings:
    """Where each column of a table of people is, and what zone its headings name, if any."""

    at: dict[Column, int]
    zone: str = ""

    @property
    def timed(self) -> bool:
        """Whether the table says when people came and went."""
        return Column.JOINED in self.at and Column.LEFT in self.at

    @property
    def needed(self) -> int:
        """How many cells a row must at least have."""
        optional = {Column.WAITING, Column.REGISTRANT, Column.DURATION, Column.FIRST, Column.LAST}
        needed = [index for column, index in self.at.items() if column not in optional]
        return max(needed) + 1

    def cell(self, cells: Sequence[str], column: Column) -> str:
        """What stands there; empty if there is no such column, or the row is shorter."""
        index = self.at.get(column)
        return cells[index].strip() if index is not None and index < len(cells) else ""


@dataclass(frozen=True)
class MeetingBlock:
    """Where the table about the meeting says when it was, and who held it."""

    times: tuple[int, ...]
    host: int | None

    def host_of(self, cells: Sequence[str]) -> str:
        """The host's address, if it is said."""
        return cells[self.host] if self.host is not None and self.host < len(cells) else ""


def headings_of(cells: Sequence[str]) -> Headings | None:
    """The headings of a table of people, if this row is that."""
    if _is_of_the_meeting(cells):
        return None
    at: dict[Column, int] = {}
    zones = []
    for index, cell in enumerate(cells):
        column = _CALLED.get(_name(cell))
        if column is None or column in at:
            continue
        at[column] = index
        if column in (Column.JOINED, Column.LEFT):
            zones += _UNIT.findall(cell)
    says_who = Column.NAME in at or Column.ADDRESS in at
    says_when = Column.DURATION in at or Column.JOINED in at or Column.LEFT in at
    return Headings(at, zones[0].strip() if zones else "") if says_who and says_when else None


def block_of(cells: Sequence[str]) -> MeetingBlock | None:
    """The headings of the table about the meeting, if this row is that."""
    if not _is_of_the_meeting(cells):
        return None
    names = [_name(cell) for cell in cells]
    times = tuple(index for index, name in enumerate(names) if name in _TIMES)
    host = [index for index, name in enumerate(names) if _CALLED.get(name) is Column.ADDRESS]
    return MeetingBlock(times, host[0] if host else None)


def section_of(cells: Sequence[str]) -> Role | None:
    """As what people stand in the section that this row is the title of, if it is one."""
    return _SECTIONS.get(_name(cells[0])) if _alone(cells) else None


def is_title(cells: Sequence[str]) -> bool:
    """Whether the row is a title, or says when the report was made."""
    return _name(cells[0]) in _TITLES and not any(cell.strip() for cell in cells[2:])


def is_heading(cells: Sequence[str]) -> bool:
    """Whether the row heads a table of people: by this the file's delimiter is known."""
    return headings_of(cells) is not None


def _alone(cells: Sequence[str]) -> bool:
    return not any(cell.strip() for cell in cells[1:])


def _is_of_the_meeting(cells: Sequence[str]) -> bool:
    return len({_name(cell) for cell in cells} & _OF_THE_MEETING) >= 2


def _name(cell: str) -> str:
    """A heading without its unit, colon, marks and large letters."""
    return " ".join(_UNIT.sub("", cell).split()).strip(" :\ufeff").lower()
