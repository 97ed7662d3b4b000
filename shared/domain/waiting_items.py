"""What waits for a person: one item for each thing that the system could not decide by itself.

An item says what it is, why it waits, what is known of it, and one act that would settle it.
Staff's page and the daily letter list the same items in the same order, the oldest first.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.catalogue import Session
from shared.domain.decisions import Reason
from shared.domain.letters import Fact
from shared.domain.people import clean_name
from shared.domain.registrations import Learner
from shared.domain.value import Value
from shared.domain.zones import say_span

# So long before a session its joining link has to be known.
LINK_IS_NEEDED = timedelta(days=7)
# Stands before what somebody wrote; not everybody at the desk reads that.
THEY_SAY = "They say"


class WaitingKind(StrEnum):
    """What sort of thing waits. Each kind has one suggested act."""

    PAYMENT = "payment"
    REFUND = "refund"
    ATTENDANCE = "attendance"
    RECORDING = "recording"
    ADDRESS = "address"
    LETTER = "letter"
    CERTIFICATE = "certificate"
    LIKENESS = "likeness"
    JOINING_LINK = "joining_link"
    REPORT = "report"
    REFLECTION = "reflection"
    APPEAL = "appeal"
    APPLICATION = "application"
    ROUND_LETTER = "round_letter"


class WaitingItem(Value):
    """One thing that waits for a person, since when.

    `name` is what an act names it by, such as an order or a session, and is unique within its kind.
    `act` is what would settle it, in words.
    """

    kind: WaitingKind
    name: str
    since: datetime
    title: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[Fact, ...] = ()
    act: str
    series: str | None = None
    session: str | None = None
    learner: str | None = None

    @property
    def anchor(self) -> str:
        """Where it stands on staff's page. Tells nobody whose it is."""
        return f"{self.kind}-{hashlib.sha256(self.name.encode()).hexdigest()[:12]}"


def reasons_of(reasons: Iterable[Reason]) -> tuple[tuple[str, ...], str]:
    """The reasons as sentences, and what the rule suggests, if it does."""
    told = list(reasons)
    why = tuple(reason.text for reason in told if reason.code != "suggestion")
    return why, next((reason.text for reason in told if reason.code == "suggestion"), "")


def waits_since(written: str | None) -> datetime:
    """The moment that stands in a record which waits."""
    if written is None:
        raise ValueError("Only what waits is an item.")
    return datetime.fromisoformat(written)


def name_of(person: Learner | None) -> str:
    """Somebody in a sentence."""
    return (clean_name(person.name) or person.address) if person else "somebody"


def who(person: Learner | None) -> str:
    """Somebody with their address, for whoever writes to them."""
    return f"{clean_name(person.name)} <{person.address}>".strip() if person else "Not known"


def title_of(session: Session | None, session_id: str) -> str:
    """A session in a sentence; by its id when no catalogue names it any more."""
    return session.title if session else session_id


def held(session: Session | None) -> tuple[Fact, ...]:
    """When it is held, if that is known."""
    if session is None:
        return ()
    return (Fact(label="Held", value=say_span(session.starts_at, session.ends_at, session.zone)),)
