"""Print a person's transcript of one series as it stands today, for them to fetch."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.printing import UnprintableText
from shared.domain.transcript_text import TranscriptText, text_of
from shared.domain.transcripts import Transcript
from shared.ports import Files, Records
from shared.usecases.open_pages import DOCUMENT_LINK_SECONDS, NotFound
from shared.usecases.open_transcript import open_transcript


@dataclass(frozen=True)
class Document:
    """An address at which the document can be fetched for some minutes."""

    url: str


@dataclass(frozen=True)
class NotDrawn:
    """No font on board can draw some letters of it; the page can still be read."""

    transcript: Transcript


def print_transcript(
    token: str,
    series: str,
    *,
    typeset: Callable[[TranscriptText], bytes],
    keys: list[bytes],
    records: Records,
    documents: Files,
    now: datetime,
) -> Document | NotDrawn | NotFound:
    """The document behind a person's own link; it lies in the bucket for a day or two.

    It lies under the hash of its bytes, which name nobody and are the same for the whole day, so
    that opening it again takes no more room.
    """
    found = open_transcript(token, series, keys=keys, records=records, now=now)
    if isinstance(found, NotFound):
        return found
    try:
        pdf = typeset(text_of(found, now))
    except UnprintableText:
        return NotDrawn(found)
    key = f"transcripts/{hashlib.sha256(pdf).hexdigest()}.pdf"
    documents.write(key, pdf, "application/pdf")
    name = f"transcript-{series}.pdf"
    return Document(documents.link(key, None, DOCUMENT_LINK_SECONDS, "application/pdf", name))
