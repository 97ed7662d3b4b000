"""What can happen to a certificate after it was given: each act with who, when and why.

The reason that staff give is for the holder and for whoever asks years later. Strangers read one of
a few fixed sentences instead, so that nobody's story ends up on a public page.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from shared.domain.certificate_text import CertificateText
from shared.domain.value import Value

ActKind = Literal["revoked", "reinstated", "corrected", "not_corrected", "posted_again"]


class Ground(StrEnum):
    """Why a certificate was withdrawn, as far as the public is told."""

    ATTENDANCE = "attendance"
    REGISTRATION = "registration"
    MISTAKE = "mistake"
    UNNAMED = "unnamed"


PUBLIC_WORDS: Final = {
    Ground.ATTENDANCE: "The record of attendance was corrected after it was issued.",
    Ground.REGISTRATION: "The registration that it rests on has ended.",
    Ground.MISTAKE: "It was issued by mistake.",
    Ground.UNNAMED: "The institute no longer stands behind it.",
}


class Comparison(StrEnum):
    """What a file is to a certificate: its document, an earlier one, neither, or not there."""

    ISSUED = "issued"
    SUPERSEDED = "superseded"
    OTHER = "other"
    NO_FILE = "no_file"


class Act(Value):
    """Something that was done about a certificate, by whom (a name or a program) and why."""

    what: ActKind
    by: str
    why: str
    at: datetime
    ground: Ground | None = None


class Draft(Value):
    """A correction on its way: the words are frozen, and what was issued counts until it stands."""

    revision: int
    text: CertificateText
    hours: Decimal | None = None
    by: str
    why: str
    wanted_at: datetime


class Revision(Value):
    """What was issued once and has been superseded. Its document is kept."""

    revision: int
    text: CertificateText
    document: str
    sha256: str
    issued_at: datetime
    superseded_at: datetime
