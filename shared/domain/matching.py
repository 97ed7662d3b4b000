"""Who is who: a registration's id first, then an address, then what staff have confirmed.

A name alone never credits anybody. Where staff have said that a name is somebody, that is kept as
their word: who said it, why, and for how long it holds.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import ClassVar, NamedTuple

from shared.domain.people import clean_name
from shared.domain.record import Key, Record
from shared.domain.sightings import Identities, Sighting
from shared.domain.value import Value

# What a device calls itself. Next week it is somebody else's.
_DEVICES = ("iphone", "ipad", "android", "galaxy", "pixel", "phone", "zoom user", "guest", "user")


class Confirmation(Value):
    """What staff said: who it is (None: nobody of ours), who said so, why, and when."""

    by: str
    why: str
    at: datetime
    learner: str | None = None


class Alias(Record):
    """That whoever is named so is that learner, in a series or in one session alone.

    The last confirmation holds; earlier ones stay. `seen_as` is what staff saw when they decided.
    """

    kind: ClassVar[str] = "alias"

    scope: str
    identity: str
    seen_as: str
    confirmations: tuple[Confirmation, ...]

    @staticmethod
    def partition_of(scope: str) -> str:
        """The partition of all aliases of a series, or of one session."""
        return f"ALIASES#{scope}"

    @classmethod
    def key_of(cls, scope: str, identity: str) -> Key:
        """Where that alias stands."""
        return Key(cls.partition_of(scope), identity)

    def key(self) -> Key:
        return self.key_of(self.scope, self.identity)

    @property
    def now(self) -> Confirmation:
        """What holds now."""
        return self.confirmations[-1]

    def confirmed(self, confirmation: Confirmation) -> "Alias":
        """The alias after staff have spoken once more."""
        return self.model_copy(update={"confirmations": (*self.confirmations, confirmation)})


class Match(NamedTuple):
    """Who a participant is, and by what: "registrant", "address" or "staff"; None: not known.

    `dismissed` is somebody of whom staff said that they are none of the learners.
    """

    learner: str | None
    by: str | None = None
    dismissed: bool = False


def match(
    identities: Identities,
    aliases: Mapping[str, Alias],
    registered_as: Mapping[str, str],
    has_seat: Callable[[str], bool],
) -> Match:
    """Who that is: by the registration, then by the address, then by what staff said of the name.

    `registered_as` are the addresses (their ids) with which people registered at Zoom. An address
    that holds a seat of its own is itself, whatever was said of it.
    """
    alias = aliases.get(identities.registrant or "")
    if alias is not None:
        return _by(alias, "registrant")
    at_zoom = registered_as.get(identities.registrant or "")
    ways = {identities.address: "address", at_zoom: "registrant"}
    named = [one for one in dict.fromkeys((at_zoom, identities.address)) if one]
    for address in named:
        alias = aliases.get(address)
        # Whether somebody has a seat is asked only where the answer changes something.
        if (alias is None and address == named[-1]) or has_seat(address):
            return Match(address, ways[address])
        if alias is not None:
            return _by(alias, "staff")
    alias = aliases.get(identities.name or "")
    return _by(alias, "staff") if alias is not None else Match(None)


def _by(alias: Alias, way: str) -> Match:
    return Match(alias.now.learner, way, dismissed=alias.now.learner is None)


def remembered_for_series(seen: Sighting, names: Mapping[str, int]) -> bool:
    """Whether a confirmation holds for the series, or for the one session alone.

    A registration or an address is one person's. A name is only if it is no device's and no two
    registrants bear it; `names` counts registrants by their spelled name.
    """
    if seen.identities.registrant or seen.identities.address:
        return True
    name = spelled(seen.name)
    is_device = any(device in name for device in _DEVICES) or not any(
        letter.isalpha() for letter in name
    )
    return not is_device and names.get(name, 0) < 2


def spelled(name: str) -> str:
    """A name as names are compared: without case, one space between words."""
    return " ".join(clean_name(name).casefold().split())
