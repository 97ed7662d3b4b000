"""Exactly what the document of a transcript says: every word chosen, nothing left to decide."""

from datetime import datetime
from typing import Final

from shared.domain.certificate_text import as_printed
from shared.domain.languages import ENGLISH
from shared.domain.transcripts import STATES, Transcript, TranscriptLine
from shared.domain.value import Value
from shared.domain.zones import end_of_day, say_day

HEADING: Final = "Transcript of credit"
ONLY_CERTIFICATES: Final = (
    "Only certificates that were issued, and count, are credit. Each can be checked on its public"
    " page."
)


class TranscriptRow(Value):
    """One class (or the unit). `checked_at` is the address of its certificate, if it has one."""

    title: str
    held: str
    credit: str
    state: str
    says: str
    number: str
    checked_at: str


class TranscriptText(Value):
    """All words of the page, each a single line; `made_at` becomes the document's own date."""

    institute: str
    accent: str
    language: str
    heading: str
    name: str
    series: str
    earned: str
    missing: str
    columns: tuple[str, str, str]
    rows: tuple[TranscriptRow, ...]
    statement: str
    made_at: datetime


def text_of(view: Transcript, now: datetime) -> TranscriptText:
    """The words of a transcript as it stands on that day: the same for the whole day."""
    catalogue = view.catalogue
    institute, label = catalogue.institute, catalogue.policies.certificate.hours_label
    return TranscriptText(
        institute=_line(institute.name),
        accent=institute.accent,
        language=ENGLISH,
        heading=HEADING,
        name=_line(view.name),
        series=_line(catalogue.series.title),
        earned=_line(f"{view.earned} of {view.possible} {label}"),
        missing=_line(view.missing or "All of it is earned."),
        columns=("Class", _line(label), "What stands"),
        rows=tuple(_row(line) for line in view.lines),
        statement=_line(f"As of {say_day(now, institute.zone)}. {ONLY_CERTIFICATES}"),
        made_at=end_of_day(now, institute.zone, -1),
    )


def _row(line: TranscriptLine) -> TranscriptRow:
    return TranscriptRow(
        title=_line(line.title),
        held=_line(line.held),
        credit=str(line.hours or ""),
        state=STATES[line.state],
        says=_line(line.says),
        number=_line(line.number),
        checked_at=line.public_url,
    )


def _line(words: str) -> str:
    return str(as_printed(words))
