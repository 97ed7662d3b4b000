"""Who belongs to a series' community, against who is there: whom to invite, and who has to leave.

Only people whom we invited ourselves are ever taken out, and only when what they paid went back.
Whoever leaves by themselves, or lets the invitation lie, is not asked again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from shared.domain.record import Key, Record
from shared.domain.registrations import RegistrationStatus
from shared.domain.value import Value


class CommunityPointer(Record):
    """That a series has a community in that network. The catalogue says whether it still does."""

    kind: ClassVar[str] = "community_pointer"

    PARTITION: ClassVar[str] = "COMMUNITIES"

    series: str

    def key(self) -> Key:
        return Key(self.PARTITION, self.series)


class InviteState(StrEnum):
    """INVITING: written before the network is asked, so that a crash invites nobody twice."""

    INVITING = "inviting"
    INVITED = "invited"
    REMOVED = "removed"


class Hold(Value):
    """That staff want nothing changed for somebody: who said so, why, and when."""

    by: str
    why: str
    at: datetime


class CommunityInvite(Record):
    """What we did for one person in one network, and what staff said of it."""

    kind: ClassVar[str] = "community_invite"

    network: str
    learner: str
    state: InviteState | None = None
    address: str = ""
    invited_at: datetime | None = None
    removed_at: datetime | None = None
    hold: Hold | None = None

    @staticmethod
    def partition_of(network: str) -> str:
        """The partition of everybody in that network."""
        return f"COMMUNITY#{network}"

    @classmethod
    def key_of(cls, network: str, learner: str) -> Key:
        """Where that person in that network stands."""
        return Key(cls.partition_of(network), learner)

    def key(self) -> Key:
        return self.key_of(self.network, self.learner)


class Seen(NamedTuple):
    """Somebody in the network, or invited to it: the network's id of that, and the address."""

    id: str
    address: str


class Removal(NamedTuple):
    """Somebody who has to leave: the invitation to withdraw, or the membership to end, if any."""

    learner: str
    invites: tuple[str, ...]
    members: tuple[str, ...]


class Changes(NamedTuple):
    """Whom to invite and who has to leave, in a fixed order."""

    grants: tuple[str, ...]
    removals: tuple[Removal, ...]


def best(statuses: Iterable[RegistrationStatus]) -> RegistrationStatus:
    """What all registrations of one person say together."""
    order = (
        RegistrationStatus.ACTIVE,
        RegistrationStatus.HELD,
        RegistrationStatus.PENDING,
        RegistrationStatus.ENDED,
    )
    return min(statuses, key=order.index)


def compare(
    standing: Mapping[str, RegistrationStatus],
    addresses: Mapping[str, str],
    members: Iterable[Seen],
    pending: Iterable[Seen],
    ours: Mapping[str, CommunityInvite],
) -> Changes:
    """What is to be changed, from who stands how, where they are reached, and who is there.

    Addresses are compared without case. While a payment is disputed nothing changes for its payer.
    """
    there, invited = _by_address(members), _by_address(pending)
    grants, removals = [], []
    for learner, status in sorted(standing.items()):
        kept = ours.get(learner)
        if kept is not None and kept.hold is not None:
            continue
        address = addresses.get(learner, "").lower()
        was = kept.state if kept else None
        if status is RegistrationStatus.ACTIVE and was is not InviteState.INVITED:
            if address and address not in there and address not in invited:
                grants.append(learner)
        elif status is RegistrationStatus.ENDED and kept and was in _OURS:
            # Invited under the address of that day: it may have been corrected since.
            known = {address, kept.address.lower()} - {""}
            removals.append(
                Removal(
                    learner,
                    tuple(one for each in sorted(known) for one in invited.get(each, ())),
                    tuple(one for each in sorted(known) for one in there.get(each, ())),
                )
            )
    return Changes(tuple(grants), tuple(removals))


_OURS = (InviteState.INVITING, InviteState.INVITED)


def _by_address(seen: Iterable[Seen]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in seen:
        found.setdefault(one.address.lower(), []).append(one.id)
    return found
