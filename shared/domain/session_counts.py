"""How a session came out, in numbers: counted when it was closed, and again whenever it is."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.record import Key, Record
from shared.domain.value import Value


class Tally(Value):
    """What came of everybody in one scope. `reasons` counts why a certificate was not earned."""

    decided: int = 0
    attended: int = 0
    earned: int = 0
    issued: int = 0
    parked: int = 0
    reasons: dict[str, int] = Field(default_factory=dict)


class SessionCounts(Record):
    """The counts of one session at its last close; `unit` those of the series, where a certificate
    is for all of it."""

    kind: ClassVar[str] = "session_counts"

    session: str
    series: str
    counted_at: datetime
    registered: int
    came_to: Tally
    unit: Tally | None = None

    @staticmethod
    def key_of(session: str) -> Key:
        """Where the counts of that session stand."""
        return Key(f"SESSION#{session}", "COUNTS")

    def key(self) -> Key:
        return self.key_of(self.session)


def tally(verdicts: Iterable[Verdict], certificates: Iterable[Certificate]) -> Tally:
    """The counts of one scope."""
    decided = attended = earned = 0
    reasons: Counter[str] = Counter()
    for verdict in verdicts:
        decided += 1
        attended += verdict.attended.granted
        earned += verdict.earned.granted
        if not verdict.earned.granted:
            reasons.update({reason.code for reason in verdict.earned.reasons})
    held = Counter(certificate.status for certificate in certificates)
    return Tally(
        decided=decided,
        attended=attended,
        earned=earned,
        issued=held[CertificateStatus.ISSUED],
        parked=held[CertificateStatus.PARKED],
        reasons=dict(sorted(reasons.items())),
    )
