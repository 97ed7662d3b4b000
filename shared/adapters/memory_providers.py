"""Payment providers in memory: what they tell, and what becomes of money that is given back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.decisions import Decision
from shared.domain.money import Money
from shared.domain.refund_requests import Repayment, no_refund
from shared.failures import Unavailable


@dataclass
class MemoryProviderPayments:
    """What a provider would say of each payment, by its order."""

    said: dict[str, bytes] = field(default_factory=dict)
    silent: bool = False
    asked: list[str] = field(default_factory=list)

    def about(self, order: str) -> bytes | None:
        self.asked.append(order)
        if self.silent:
            raise Unavailable("The provider did not answer.")
        return self.said.get(order)


@dataclass
class MemoryProviderEvents:
    """Events that a provider made, each with its time, in the order they were made."""

    made: list[tuple[datetime, bytes]] = field(default_factory=list)
    silent: bool = False

    def since(self, at: datetime) -> Iterator[bytes]:
        if self.silent:
            raise Unavailable("The provider did not answer.")
        return iter([body for made_at, body in self.made if made_at >= at])


@dataclass
class MemoryRefunds:
    """A provider that knows its payments, and the refunds it made of them by request or by hand.

    `answers` scripts what happens to the next requests: "silent" does nothing, "lost" does it and
    does not say so.
    """

    payments: dict[str, Money] = field(default_factory=dict)
    made: dict[str, Repayment] = field(default_factory=dict)
    by_hand: dict[str, int] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)
    has_key: bool = True

    def give_back(self, repayment: Repayment) -> str | Decision | None:
        if not self.has_key:
            return None
        answer = self.answers.pop(0) if self.answers else ""
        if answer == "silent":
            raise Unavailable("The provider did not answer.")
        refund = f"re_{repayment.request}"
        if refund not in self.made:
            by_hand = self.by_hand.get(repayment.payment, 0)
            if by_hand > repayment.heard_of:
                raise Unavailable("The provider knows of refunds that we have not heard of.")
            if self.gone(repayment.payment) + repayment.amount.minor > self._paid(repayment):
                return no_refund("It is more than is left of the payment.")
            self.made[refund] = repayment
        if answer == "lost":
            raise Unavailable("The answer was lost.")
        return refund

    def gone(self, payment: str) -> int:
        """What has gone back of a payment, in minor units."""
        ours = (
            one.amount.minor
            for refund, one in self.made.items()
            if one.payment == payment and refund not in self.failed
        )
        return sum(ours) + self.by_hand.get(payment, 0)

    def _paid(self, repayment: Repayment) -> int:
        paid = self.payments.get(repayment.payment)
        return paid.minor if paid and paid.currency == repayment.amount.currency else 0


@dataclass
class MemoryProviderOrders:
    """Orders by id and the orders of tickets by (event, ticket); `failing` is raised instead."""

    orders: dict[str, bytes] = field(default_factory=dict)
    tickets: dict[tuple[str, str], str] = field(default_factory=dict)
    failing: Unavailable | None = None

    def order(self, order: str) -> bytes:
        self._fail()
        if order not in self.orders:
            raise Unavailable("There is no such order.")
        return self.orders[order]

    def order_of(self, event: str, attendee: str) -> str:
        self._fail()
        if (event, attendee) not in self.tickets:
            raise Unavailable("There is no such ticket.")
        return self.tickets[event, attendee]

    def _fail(self) -> None:
        if self.failing is not None:
            raise self.failing
