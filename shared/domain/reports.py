"""An attendance report as rows, and the questions to staff when it cannot be read as one."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

# A letter is read by a person: what is wrong with a file shows in its first lines.
_MOST_QUESTIONS = 40


class Role(StrEnum):
    """As what somebody stands in a report. Host and panel are there to teach, not to learn."""

    ATTENDEE = "attendee"
    HOST = "host"
    PANEL = "panel"


class ReportRow(NamedTuple):
    """One joining and leaving of one device, as UTC. Name, address and registrant may be empty.

    `joined` and `left` are None together, where the report says that somebody was there and not
    when. `registrant` is Zoom's own id of a registration.
    """

    name: str
    address: str
    joined: datetime | None
    left: datetime | None
    line: int = 0
    role: Role = Role.ATTENDEE
    registrant: str = ""

    @property
    def timed(self) -> bool:
        """Whether the report says when."""
        return self.joined is not None and self.left is not None

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether any of it was within [starts_at, ends_at)."""
        if self.joined is None or self.left is None:
            return False
        return self.joined < ends_at and self.left > starts_at


class Expected(NamedTuple):
    """The session that a report should be about: when (UTC), whose clocks it shows, its file."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    file_name: str = ""


class ReportQuestion(NamedTuple):
    """What is unclear, at which line of the file (0: the file as a whole)."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}" if self.line else self.text


class ReportQuestions(Exception):
    """The report cannot be taken; nothing of it was."""

    def __init__(self, questions: Iterable[ReportQuestion]) -> None:
        asked = sorted(questions, key=lambda question: question.line)
        super().__init__(f"{len(asked)} questions about an attendance report")
        more = len(asked) - _MOST_QUESTIONS
        if more > 0:
            last = ReportQuestion(0, f"And {more} more lines like these.")
            asked = [*asked[:_MOST_QUESTIONS], last]
        self.questions = tuple(asked)

    @classmethod
    def about_file(cls, text: str) -> "ReportQuestions":
        """One question about the file as a whole."""
        return cls((ReportQuestion(0, text),))
