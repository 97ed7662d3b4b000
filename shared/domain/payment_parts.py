"""Parts of an order: one refund of it, and what staff say of it."""

from datetime import datetime

from shared.domain.money import Money
from shared.domain.value import Value


class Refund(Value):
    """One refund: everything that was said of it, the classes and the request it names if any."""

    amount: Money | None = None
    states: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()
    request: str = ""
    first_said_at: datetime

    @property
    def counts(self) -> bool:
        """Whether the money went back. A refund may fail after it succeeded, never the reverse."""
        return "succeeded" in self.states and not self.failed

    @property
    def failed(self) -> bool:
        """Whether the money came back to the institute."""
        return "failed" in self.states


class Counted(Value):
    """What of an order stands in the totals of its series, in minor units."""

    paid: int
    back: int
    currency: str


class Ruling(Value):
    """What staff say of a payment that the price book does not explain: a fact like the others.

    `offer` is what it is to count as, or None if it is refused; `address` is where to write to, if
    the payment came without.
    """

    by: str
    at: datetime
    why: str
    offer: str | None = None
    address: str | None = None
