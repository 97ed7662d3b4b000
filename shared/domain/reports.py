"""An attendance report as rows, and the questions to staff when it cannot be read as one."""

from datetime import datetime
from typing import NamedTuple


class ReportRow(NamedTuple):
    """One joining and leaving of one device. Times are UTC; the address may be empty."""

    name: str
    address: str
    joined: datetime
    left: datetime


class ReportQuestion(NamedTuple):
    """What is unclear, at which line of the file (0: the file as a whole)."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}" if self.line else self.text


class ReportQuestions(Exception):
    """The report cannot be taken; nothing of it was."""

    def __init__(self, questions: tuple[ReportQuestion, ...]) -> None:
        super().__init__(f"{len(questions)} questions about an attendance report")
        self.questions = questions

    @classmethod
    def about_file(cls, text: str) -> "ReportQuestions":
        """One question about the file as a whole."""
        return cls((ReportQuestion(0, text),))
