"""What a person's own page shows: values with everything it needs, and nothing it may not say.

Pages draw these; they look nothing up. A joining link that may not be used now is not in the value.
"""

from datetime import datetime, timedelta

from shared.domain.catalogue import Catalogue, Session, Tier
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision
from shared.domain.value import Value

# A link to the page opens for a year from the letter it came in; every letter brings a new one.
LINK_LASTS = timedelta(days=365)


class MyCertificate(Value):
    """A certificate that was given (and may be withdrawn), and the address of its holder's page."""

    certificate: Certificate
    link: str


class MySession(Value):
    """One session that the person has, or had, a seat in.

    `join` is empty unless it can be joined, `watch` unless it can be watched now. `verdict` is what
    was decided of their attendance, once it was.
    """

    session: Session
    seat: Decision
    over: bool
    join: str = ""
    recording: Decision
    watch: str = ""
    watch_until: datetime | None = None
    verdict: Verdict | None = None
    certificate: MyCertificate | None = None


class MySeries(Value):
    """One series: what the person's rate includes, and every session of theirs, in order.

    `unit` and `unit_certificate` are of the series as a whole, where certificates are for units.
    """

    catalogue: Catalogue
    tiers: tuple[Tier, ...]
    sessions: tuple[MySession, ...]
    unit: Verdict | None = None
    unit_certificate: MyCertificate | None = None

    @property
    def id(self) -> str:
        """The series' id."""
        return self.catalogue.series.id


class MyPageView(Value):
    """Everything on the page. `token` is the last piece of its address: other pages stand below it.

    `address` is masked: the page may be read over a shoulder. `series` begins with what is ahead.
    """

    token: str
    name: str
    address: str
    series: tuple[MySeries, ...] = ()


class LinkWantedView(Value):
    """The form that asks for a fresh link, with what is to be put right if anything is."""

    address: str = ""
    problem: str = ""
