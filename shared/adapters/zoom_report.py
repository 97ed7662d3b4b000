"""Zoom's reports of who was there, in every layout, as rows: read whole, or refused whole.

The printed duration is not read: it is wrong by up to a minute and counts two devices twice. Every
line that is unclear is named at once, so that a file is corrected once.
"""

from dataclasses import dataclass, field

from shared.adapters.zoom_report_dates import Order, Written, as_utc, find_order, read_time
from shared.adapters.zoom_report_layouts import (
    Column,
    Headings,
    MeetingBlock,
    block_of,
    headings_of,
    is_heading,
    is_title,
    section_of,
)
from shared.adapters.zoom_report_text import Line, read_lines
from shared.adapters.zoom_report_zone import zone_of
from shared.domain.people import clean_name
from shared.domain.reports import (
    Expected,
    ReportQuestion,
    ReportQuestions,
    ReportRow,
    Role,
)

_NOTHING = ("--", "-", "–", "—")  # what Zoom prints for somebody who never came


def read_zoom_report(content: bytes, expected: Expected) -> list[ReportRow]:
    """All rows in which somebody was in the meeting (not in its waiting room), as UTC.

    Raises ReportQuestions with every line that could not be read; then nothing is to be used.
    """
    reading = _Reading()
    for line in read_lines(content, is_heading):
        reading.take(line)
    if not reading.headed and not reading.questions:
        raise ReportQuestions.about_file(
            "No line of this file is headed like Zoom's report of participants: a name or an "
            "e-mail, and join and leave times. Is it another report?"
        )
    zone = zone_of(reading.zone, expected)
    rows = reading.rows(expected._replace(zone=zone))
    if not rows:
        raise ReportQuestions.about_file("The report lists nobody who came. Is it complete?")
    return rows


@dataclass(frozen=True)
class _Visit:
    """One row of a person, its times still as they are written."""

    name: str
    address: str
    registrant: str
    role: Role
    line: int
    times: tuple[Written, Written] | None


@dataclass
class _Reading:
    """What has been read so far, line by line, and where in the file we are."""

    headings: Headings | None = None
    block: MeetingBlock | None = None
    role: Role = Role.ATTENDEE
    in_section: bool = False
    headed: bool = False
    zone: str = ""
    hosts: set[str] = field(default_factory=set)
    visits: list[_Visit] = field(default_factory=list)
    held: list[Written] = field(default_factory=list)
    questions: list[ReportQuestion] = field(default_factory=list)
    person: tuple[str, str] | None = None

    def take(self, line: Line) -> None:
        """Take one line in."""
        cells = line.cells
        role, headings, block = section_of(cells), headings_of(cells), block_of(cells)
        if role is not None:
            self.role, self.in_section = role, True
            self.headings, self.block, self.person = None, None, None
        elif headings is not None:
            self._head(headings, line)
        elif block is not None:
            self.headings, self.block = None, block
        elif is_title(cells):
            self.block = None
        elif self.headings is not None:
            self._person(line, self.headings)
        elif self.block is not None:
            self._meeting(line, self.block)
        elif self.in_section:
            self._ask(line, "There are no headings above this row.")

    def rows(self, expected: Expected) -> list[ReportRow]:
        """What was read, as UTC by the clocks of `expected.zone`."""
        visits = [visit.times for visit in self.visits if visit.times]
        rows: list[ReportRow | None] = []
        try:
            order = find_order(visits, self.held, expected)
        except ReportQuestions as refusal:
            self.questions += refusal.questions
        else:
            self._check_meeting(order, expected)
            rows = [self._row(visit, order, expected.zone) for visit in self.visits]
        if self.questions:
            raise ReportQuestions(self.questions)
        return [row for row in rows if row is not None]

    def _head(self, headings: Headings, line: Line) -> None:
        self.headings, self.headed, self.block, self.person = headings, True, None, None
        self.zone = self.zone or headings.zone
        if headings.zone != self.zone and headings.timed:
            self._ask(line, "These headings name another zone than those above. Which is it?")
        for column, other in ((Column.JOINED, Column.LEFT), (Column.LEFT, Column.JOINED)):
            if column in headings.at and other not in headings.at:
                self._ask(line, f"There is no column '{other}' beside '{column}'.")

    def _meeting(self, line: Line, block: MeetingBlock) -> None:
        """A line of the table about the meeting: when it was, and who held it."""
        for index in block.times:
            written = read_time(line.cells[index], line.number) if index < len(line.cells) else None
            if written is not None:
                self.held.append(written)
        host = block.host_of(line.cells)
        if host:
            self.hosts.add(host.lower())

    def _person(self, line: Line, headings: Headings) -> None:
        """Add the row, or what is unclear about it."""
        cells = line.cells
        if len(cells) < headings.needed:
            self._ask(line, "This row has fewer cells than there are headings.")
            return
        if headings.cell(cells, Column.WAITING).lower() in ("yes", "y", "true"):
            return  # time in the waiting room is not attendance
        by_attended = Column.ATTENDED in headings.at
        if by_attended and headings.cell(cells, Column.ATTENDED).lower() == "no":
            self.person = None
            return
        name, address = self._who(cells, headings, continues=by_attended)
        written = [headings.cell(cells, column) for column in (Column.JOINED, Column.LEFT)]
        if headings.timed and not by_attended and all(one in _NOTHING for one in written):
            return
        times = self._times(line, written) if headings.timed else None
        if headings.timed and times is None:
            return
        is_host = address.lower() in self.hosts
        self.visits.append(
            _Visit(
                name=name,
                address=address,
                registrant=headings.cell(cells, Column.REGISTRANT)[:200],
                role=Role.HOST if is_host else self.role,
                line=line.number,
                times=times,
            )
        )

    def _who(
        self, cells: tuple[str, ...], headings: Headings, *, continues: bool
    ) -> tuple[str, str]:
        """Name and address. In a webinar's report a rejoin may be a row without either."""
        name = headings.cell(cells, Column.NAME)
        if not name:
            parts = (headings.cell(cells, column) for column in (Column.FIRST, Column.LAST))
            name = " ".join(part for part in parts if part)
        address = headings.cell(cells, Column.ADDRESS)
        if address in _NOTHING:
            address = ""
        if continues and not name and not address and self.person:
            return self.person
        self.person = (clean_name(name), address[:320])
        return self.person

    def _times(self, line: Line, written: list[str]) -> tuple[Written, Written] | None:
        found = []
        for one in written:
            time = read_time(one, line.number)
            if time is None:
                self._ask(line, f"'{_shown(one)}' is not a time like 09/14/2025 12:05:00 PM.")
                return None
            found.append(time)
        return found[0], found[1]

    def _check_meeting(self, order: Order, expected: Expected) -> None:
        """A report that gives no times of people is still of this meeting, or of another."""
        if not self.held or any(visit.times for visit in self.visits):
            return
        try:
            moments = [as_utc(one, order, expected.zone) for one in self.held]
        except ValueError:
            return
        if max(moments) <= expected.starts_at or min(moments) >= expected.ends_at:
            self._ask(
                Line(self.held[0].line, ()),
                f"This meeting was at '{self.held[0].text}', which is not in the session. "
                "Is it another session's report?",
            )

    def _row(self, visit: _Visit, order: Order, zone: str) -> ReportRow | None:
        """The row by the clock of the zone; None if its times cannot be."""
        joined = left = None
        if visit.times is not None:
            try:
                joined, left = (as_utc(time, order, zone) for time in visit.times)
            except ValueError as error:
                asked = f"{error}. Could you write it with its offset, like 2025-11-02T01:30-04:00?"
                self.questions.append(ReportQuestion(visit.line, asked[0].upper() + asked[1:]))
                return None
            if left < joined:
                asked = "Somebody left before joining. Is the row right?"
                self.questions.append(ReportQuestion(visit.line, asked))
                return None
        who = (visit.name, visit.address)
        return ReportRow(*who, joined, left, visit.line, visit.role, visit.registrant)

    def _ask(self, line: Line, text: str) -> None:
        self.questions.append(ReportQuestion(line.number, text))


def _shown(text: str) -> str:
    return clean_name(text)[:40]
