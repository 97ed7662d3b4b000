"""Who a source says was there, before it is clear who that is.

A row names somebody by Zoom's id of a registration, by an address, by the name they chose, or by
several of these. Each becomes an id that tells nothing without our key: records are found by it.
"""

from datetime import datetime
from typing import ClassVar, NamedTuple

from shared.domain.alias_addresses import learner_of_alias
from shared.domain.attendance import Interval
from shared.domain.keyed_ids import keyed_id
from shared.domain.links import learner_id
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Key, Record
from shared.domain.reports import Role
from shared.domain.value import Value

LIVE = "live"


class Identities(Value):
    """The ids under which somebody may be known: of a registration ("R…"), an address, a name.

    `address` is the id of whoever has that address: a learner's id, if they are one.
    """

    registrant: str | None = None
    address: str | None = None
    name: str | None = None

    @property
    def strongest(self) -> str:
        """What the row names somebody by, best first. A name alone never credits anybody."""
        return self.registrant or self.address or self.name or "nobody"


class Named(NamedTuple):
    """Whom a row names, in words and as ids, and the id of the participant it belongs to."""

    participant: str
    identities: Identities
    name: str
    address: str


def identify(registrant: str, address: str, name: str, series: str, key: bytes) -> Named:
    """Whom a row names. The same three words are always the same participant.

    An address that we made for somebody in that series is theirs.
    """
    cleaned, called = clean_address(address), clean_name(name)
    spelled = " ".join(called.casefold().split())
    identities = Identities(
        registrant=_id("R", registrant.strip(), key),
        address=_learner(cleaned, series, key) if cleaned else None,
        name=_id("N", spelled, key),
    )
    # Somebody with an address may call themselves anything; without one, the name is all there is.
    told = (registrant.strip(), cleaned or "", "" if cleaned else spelled)
    participant = _id("P", "\n".join(told), key) or "P"
    return Named(participant, identities, called, cleaned or "")


def _learner(address: str, series: str, key: bytes) -> str:
    return learner_of_alias(address, series, key) or learner_id(address, key)


def _id(kind: str, text: str, key: bytes) -> str | None:
    if not text:
        return None
    return kind + keyed_id(f"sighting.{kind}.{text}", key)


class Sighting(Record):
    """What one source (a report, by its hash, or Zoom's live events) says of one participant.

    `lines` are the first and the last line of a report that it stands in.
    """

    kind: ClassVar[str] = "sighting"

    session: str
    source: str
    participant: str
    identities: Identities
    name: str
    address: str
    role: Role = Role.ATTENDEE
    rows: tuple[Interval, ...]
    untimed: bool = False
    lines: tuple[int, int] = (0, 0)

    @staticmethod
    def prefix_of(source: str) -> str:
        """The sort-key prefix of all that this source says."""
        return f"SIGHTING#{source}#"

    def key(self) -> Key:
        return Key(f"SESSION#{self.session}", self.prefix_of(self.source) + self.participant)

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """From the first joining to the last leaving, if there are times."""
        return (self.rows[0].joined, self.rows[-1].left) if self.rows else None
