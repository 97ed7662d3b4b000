"""Who has a seat in which session, and through which orders.

There is one registration per person and session. Orders grant it; it holds what each of them
grants, so a refund of one order takes away exactly what that order gave.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from shared.domain.payments import OrderStatus
from shared.domain.record import Key, Record
from shared.domain.value import Value


class Grant(Value):
    """What one order grants of a session.

    `credit` says whether certificates come with it where its award froze that; else the tier does.
    """

    tier: str
    status: OrderStatus
    credit: bool | None = None

    @property
    def holds(self) -> bool:
        """Whether it gives the seat, now or as soon as a dispute is settled."""
        return self.status.holds_money


class RegistrationStatus(StrEnum):
    """Whether the person is in."""

    ACTIVE = "active"
    PENDING = "pending"
    HELD = "held"
    ENDED = "ended"


class Registration(Record):
    """One person's place in one session."""

    kind: ClassVar[str] = "registration"

    session: str
    series: str
    learner: str
    grants: dict[str, Grant] = Field(default_factory=dict)
    registered_at: datetime
    # Staff look into something: nothing new is given meanwhile.
    on_hold: bool = False

    @staticmethod
    def key_of(session: str, learner: str) -> Key:
        """Where that person's registration of that session stands."""
        return Key(f"SESSION#{session}", f"REG#{learner}")

    def key(self) -> Key:
        return self.key_of(self.session, self.learner)

    @property
    def status(self) -> RegistrationStatus:
        """Active if any order grants it now, held or pending if one may again, else ended."""
        states = {grant.status for grant in self.grants.values()}
        if OrderStatus.PAID in states:
            return RegistrationStatus.HELD if self.on_hold else RegistrationStatus.ACTIVE
        if OrderStatus.HELD in states:
            return RegistrationStatus.HELD
        if OrderStatus.PENDING in states:
            return RegistrationStatus.PENDING
        return RegistrationStatus.ENDED

    @property
    def tiers(self) -> frozenset[str]:
        """The tiers under which the person is in now."""
        return frozenset(grant.tier for grant in self.paid_grants)

    @property
    def paid_grants(self) -> tuple[Grant, ...]:
        """What lets the person in now."""
        return tuple(g for g in self.grants.values() if g.status is OrderStatus.PAID)

    @property
    def refunded(self) -> bool:
        """Whether the place ended because money went back."""
        return self.status is RegistrationStatus.ENDED and any(
            grant.status is OrderStatus.REFUNDED for grant in self.grants.values()
        )

    @property
    def revoked(self) -> bool:
        """Whether the place ended because a disputed payment was taken back."""
        return self.status is RegistrationStatus.ENDED and any(
            grant.status is OrderStatus.REVOKED for grant in self.grants.values()
        )

    @property
    def cancelled(self) -> bool:
        """Whether the place ended because its ticket was cancelled."""
        return self.status is RegistrationStatus.ENDED and any(
            grant.status is OrderStatus.CANCELLED for grant in self.grants.values()
        )

    def without(self, order: str) -> "Registration":
        """The registration once that order is somebody else's."""
        kept = {one: grant for one, grant in self.grants.items() if one != order}
        return self.model_copy(update={"grants": kept})

    def granted_by(self, order: str, grant: Grant) -> "Registration":
        """The registration with what that order now grants."""
        return self.model_copy(update={"grants": {**self.grants, order: grant}})


def latest_of(places: Iterable[Registration]) -> Registration | None:
    """The place that somebody took last; its institute writes to them about what is of no class."""
    return max(places, key=lambda one: (one.registered_at, one.series), default=None)


class Learner(Record):
    """A person: how to greet and to reach them. `named_by` is the (time, order) that said so."""

    kind: ClassVar[str] = "learner"

    learner: str
    name: str
    address: str
    named_by: tuple[datetime, str]
    # A corrected address stays, whatever later payments say.
    corrected_at: datetime | None = None
    corrected_by: str | None = None
    # So does a name that they put right themselves.
    renamed_at: datetime | None = None
    # By which clock they want to read times beside the event's own, if they said so (IANA).
    zone: str = ""
    # When they took everything away; a later payment begins anew.
    erased_at: datetime | None = None

    @staticmethod
    def key_of(learner: str) -> Key:
        """Where that person stands."""
        return Key(f"LEARNER#{learner}", "LEARNER")

    def key(self) -> Key:
        return self.key_of(self.learner)


class SeatCount(Record):
    """How many seats of a session with a limit are taken."""

    kind: ClassVar[str] = "seats"

    session: str
    taken: int = 0

    @staticmethod
    def key_of(session: str) -> Key:
        """Where the count of that session stands."""
        return Key(f"SESSION#{session}", "SEATS")

    def key(self) -> Key:
        return self.key_of(self.session)


class SeatChange(Value):
    """Seats of a session to take (1), never past its capacity, or to give back (-1)."""

    session: str
    by: int
    capacity: int

    def key(self) -> Key:
        """The count that this changes."""
        return SeatCount.key_of(self.session)
