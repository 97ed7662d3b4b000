"""What the desk shows of a session's roster: a page of it, a row for each person."""

from datetime import datetime

from shared.domain.certificates import CertificateStatus
from shared.domain.decisions import Decision
from shared.domain.registrations import RegistrationStatus
from shared.domain.value import Value


class RosterRow(Value):
    """One person in one session. What is not decided yet is None.

    `not_yet` if all that is missing for a certificate can still be sent.
    """

    learner: str
    name: str
    address: str
    status: RegistrationStatus
    seat: Decision
    tiers: tuple[str, ...]
    registered_at: datetime
    minutes: int | None = None
    attended: Decision | None = None
    earned: Decision | None = None
    not_yet: bool = False
    certificate: CertificateStatus | None = None
    number: str = ""
    recording: Decision


class RosterPage(Value):
    """One page. `begins` is whom it begins behind, `next` whom the next one does; empty for none.

    `before` is the same for the page before it: empty for the first, None if there is none. Where
    everybody was sorted by name, `in_all` are on the roster, and this page starts with the
    `first`-th of them; both are 0 where they are too many, and in the order of their ids.
    """

    rows: tuple[RosterRow, ...]
    begins: str = ""
    before: str | None = None
    next: str = ""
    in_all: int = 0
    first: int = 0

    @property
    def last(self) -> int:
        """The place of the last person on it."""
        return self.first + len(self.rows) - 1
