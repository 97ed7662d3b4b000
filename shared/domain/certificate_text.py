"""Exactly what a certificate says: every word already chosen, nothing left to decide.

The rules that choose the words live elsewhere. This value is frozen when a certificate is earned
and stored beside it, so that the same document, byte for byte, can be printed again years later.
"""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

_JOINERS = "\u200c\u200d"  # zero-width, yet part of the spelling in Hindi, Persian and others
_NOT_INK = ("Cc", "Cf", "Cs")  # control, direction and half characters


def as_printed(words: object) -> object:
    """One line in NFC: white space runs become a space; control and direction characters go.

    Anything but a string is handed back untouched, for the model to refuse.
    """
    if not isinstance(words, str):
        return words
    kept = "".join(
        " " if letter.isspace() else letter
        for letter in words
        if letter.isspace() or letter in _JOINERS or unicodedata.category(letter) not in _NOT_INK
    )
    return " ".join(unicodedata.normalize("NFC", kept).split())


def _whole_second_in_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


_Line40 = Annotated[
    str, BeforeValidator(as_printed), StringConstraints(min_length=1, max_length=40)
]
_Line120 = Annotated[
    str, BeforeValidator(as_printed), StringConstraints(min_length=1, max_length=120)
]
_Line250 = Annotated[
    str, BeforeValidator(as_printed), StringConstraints(min_length=1, max_length=250)
]
_Line600 = Annotated[
    str, BeforeValidator(as_printed), StringConstraints(min_length=1, max_length=600)
]
_PublicUrl = Annotated[str, StringConstraints(max_length=120, pattern=r"^https?://[!-~]+$")]
_Moment = Annotated[AwareDatetime, AfterValidator(_whole_second_in_utc)]


class CertificateLabels(BaseModel):
    """The small fixed words of the page; an institute that writes another language sets its own."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    faculty: _Line40 = "Faculty"
    objectives: _Line40 = "Learning objectives"
    number: _Line40 = "Certificate number"
    check: _Line40 = "Check this certificate at"


class CertificateText(BaseModel):
    """What one certificate prints. All strings are single lines, in the words to be read.

    `accent` is a colour as #RRGGBB. `issued_at` is any aware moment; it is kept in UTC to the
    second and becomes the document's own date. Too long, missing or unknown fields raise
    pydantic's `ValidationError`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    institute: _Line120
    heading: _Line40 = "Certificate of completion"
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] = "en"
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#0B5D5A"
    name: _Line120
    sentence: _Line250
    title: _Line250
    details: _Line250
    faculty: Annotated[tuple[_Line120, ...], Field(max_length=8)] = ()
    objectives: Annotated[tuple[_Line250, ...], Field(max_length=8)] = ()
    # Four of the institute's, and one that says what this certificate replaces.
    statements: Annotated[tuple[_Line600, ...], Field(max_length=5)] = ()
    signatory_name: _Line120
    signatory_office: _Line120
    number: _Line40
    public_url: _PublicUrl
    qr_alt: _Line250 = "QR code that opens the public page of this certificate"
    labels: CertificateLabels = CertificateLabels()
    issued_at: _Moment
    # Random letters that only the document carries: with them, nobody can make the same bytes from
    # a name they guess, so that the document's hash may be shown to strangers.
    seal: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{0,40}$")] = ""
