"""Certificates: reserved once, frozen, printed, posted, and looked up for years.

What is printed is fixed when the certificate is reserved. Printing it again, after a crash or in
three years, prints the same bytes; a template change or a deploy re-issues nothing.
"""

import hashlib
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificate_life import Act, ActKind, Comparison, Draft, Revision
from shared.domain.certificate_text import CertificateLabels, CertificateText
from shared.domain.credit_boards import BoardCredit
from shared.domain.credit_lines import MOST, credit_lines
from shared.domain.languages import ENGLISH
from shared.domain.record import Key, Record
from shared.domain.zones import say_day, say_short_day

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that reads alike
PUBLIC_ID_LENGTH = 26  # 128 bits


class CertificateStatus(StrEnum):
    """Where a certificate is: earned, in the holder's hands, set aside, or withdrawn."""

    RESERVED = "reserved"
    ISSUED = "issued"
    PARKED = "parked"
    REVOKED = "revoked"


class Certificate(Record):
    """One certificate of one person in one scope (a session, or a series as a unit)."""

    kind: ClassVar[str] = "certificate"

    scope: str
    series: str
    learner: str
    public_id: str
    text: CertificateText
    status: CertificateStatus = CertificateStatus.RESERVED
    reserved_at: datetime
    document: str | None = None
    sha256: str | None = None
    issued_at: datetime | None = None
    name_is_public: bool = False
    parked_because: str | None = None
    # Parked although it may have been printed: then its words must stay what was printed.
    may_stand: bool = False
    # How many hours or credits it is for, as a number; `text` says it in words.
    hours: Decimal | None = None
    # Everything that was done about it since, oldest first.
    acts: tuple[Act, ...] = ()
    # `text`, `document` and `sha256` are those of this revision; `issued_at` stays the first day.
    revision: int = 1
    corrected_at: datetime | None = None
    earlier: tuple[Revision, ...] = ()
    draft: Draft | None = None
    # Where this revision's badge stands in the list of those that count, once it has one.
    badge_place: int | None = None

    @property
    def given(self) -> bool:
        """Whether its holder ever had it: then it has a public page, also when it was withdrawn."""
        return self.issued_at is not None and self.status in (
            CertificateStatus.ISSUED,
            CertificateStatus.REVOKED,
        )

    @property
    def revocation(self) -> Act | None:
        """The act that withdrew it, if it is withdrawn."""
        if self.status is not CertificateStatus.REVOKED:
            return None
        return next(act for act in reversed(self.acts) if act.what == "revoked")

    def done(self, act: Act, **changes: object) -> "Certificate":
        """This certificate with an act written down, and what the act changes."""
        return self.model_copy(update={"acts": (*self.acts, act), **changes})

    def times(self, what: ActKind) -> int:
        """How often that was done to it."""
        return sum(act.what == what for act in self.acts)

    def compared(self, sha256: str) -> Comparison:
        """What a file with that hash (hex) is to this certificate."""
        if sha256 == self.sha256:
            return Comparison.ISSUED
        if any(sha256 == kept.sha256 for kept in self.earlier):
            return Comparison.SUPERSEDED
        return Comparison.OTHER

    @property
    def next_revision(self) -> int:
        """A number no revision ever had: a correction that came to nothing has used one up."""
        return 2 + len(self.earlier) + self.times("not_corrected")

    @staticmethod
    def partition_of(scope: str) -> str:
        """The partition that holds all certificates of a scope."""
        return f"CERTIFICATES#{scope}"

    @classmethod
    def key_of(cls, scope: str, learner: str) -> Key:
        """Where that person's certificate in that scope stands."""
        return Key(cls.partition_of(scope), learner)

    def key(self) -> Key:
        return self.key_of(self.scope, self.learner)


class CertificatePointer(Record):
    """Which certificate a public id names."""

    kind: ClassVar[str] = "certificate_pointer"

    public_id: str
    scope: str
    holder: str

    @staticmethod
    def key_of(public_id: str) -> Key:
        """Where that public id stands."""
        return Key(f"PUBLIC#{public_id}", "CERTIFICATE")

    def key(self) -> Key:
        return self.key_of(self.public_id)


def public_id(random_bytes: bytes) -> str:
    """16 random bytes as 26 letters and digits that can be read aloud."""
    number = int.from_bytes(random_bytes[:16])
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_public_id(text: str) -> bool:
    """Whether the text has the shape of a public id."""
    return len(text) == PUBLIC_ID_LENGTH and all(letter in _ALPHABET for letter in text)


def certificate_number(catalogue: Catalogue, of_public_id: str, day: datetime) -> str:
    """A number to quote on paper ("IDHA-2025-7K3F-9Q2M"); it does not reveal the public id."""
    digest = public_id(hashlib.sha256(of_public_id.encode()).digest())
    return f"{catalogue.institute.short_name}-{day:%Y}-{digest[:4]}-{digest[4:8]}"


def certificate_hours(
    catalogue: Catalogue, scope: str, boards: tuple[BoardCredit, ...] = ()
) -> Decimal | None:
    """How many hours or credits a certificate in that scope is for.

    None where boards decide and none of `boards`, what they decided, credits this person.
    """
    policy = catalogue.policies.certificate
    if boards and not any(one.decision.granted for one in boards):
        return None
    if policy.per == "unit":
        return policy.hours
    return catalogue.session(scope).credit_hours or policy.hours


def certificate_text(
    catalogue: Catalogue,
    scope: str,
    name: str,
    of_public_id: str,
    public_url: str,
    now: datetime,
    seal: str = "",
    boards: tuple[BoardCredit, ...] = (),
    made_up: bool = False,
) -> CertificateText:
    """What will be printed, in words. `scope` is a session's id, or the series' id for a unit.

    `boards` is what the boards decided of this person: the credits that it states. Where parts were
    `made_up` for, nothing says that all of it was attended live.

    Dates are those of the event's zone: a class that ends at midnight in India was held on Sunday
    in New York.
    """
    policy = catalogue.policies.certificate
    institute = catalogue.institute
    if policy.per == "unit":
        held: tuple[Session, ...] = catalogue.held_sessions
        title = catalogue.series.title
        sentence = "has attended all parts of the live unit"
        if made_up:
            sentence = "has completed all parts of the unit, live and by recording"
        # What a reader of a unit's certificate asks for first: its parts, and when they were.
        objectives = tuple(
            f"{part.title}, {say_short_day(part.starts_at, part.zone)}" for part in held
        )
        labels = CertificateLabels(objectives="Parts of the unit")
    else:
        held = (catalogue.session(scope),)
        title = held[0].title
        sentence = f"has completed the live {held[0].kind}"
        objectives = held[0].objectives
        labels = CertificateLabels()
    hours = certificate_hours(catalogue, scope, boards)
    credited = f" · {hours} {policy.hours_label}" if hours is not None else ""
    lines = credit_lines(catalogue.policies.credit.boards, boards, policy)
    first, last = held[0], held[-1]
    when = say_day(first.starts_at, first.zone)
    if len(held) > 1:
        when = f"{when} to {say_day(last.starts_at, last.zone)}"
    return CertificateText(
        institute=institute.name,
        heading=policy.heading,
        language=ENGLISH,
        accent=institute.accent,
        name=name,
        sentence=sentence,
        title=title,
        details=f"{when} · {'online' if made_up else 'live online'}{credited}",
        faculty=tuple(dict.fromkeys(person for part in held for person in part.faculty)),
        objectives=objectives[:8],
        statements=(*lines, *institute.certificate_statements)[:MOST],
        signatory_name=institute.signatory.name,
        signatory_office=institute.signatory.office,
        number=certificate_number(catalogue, of_public_id, last.ends_at),
        public_url=public_url,
        labels=labels,
        issued_at=now,
        seal=seal,
    )
