"""Payments: what a provider told us, kept as facts, and what follows from them.

Facts are set-valued and only grow (`paid`, `pending`, `failed`, `refunded`), so the state of an
order is a function of the set of events, whatever their order and number. Nothing compares
timestamps.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, Literal

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.money import Money
from shared.domain.record import Key, Record
from shared.domain.value import Value

RULE_VERSION = "price-book-1"


class PaymentFact(Value):
    """One thing a provider said about one payment, in our words.

    `order` identifies the payment across all of its events (Stripe: the payment intent, or the
    checkout session where nothing was charged). `event` names what is told once for ever, from what
    the provider signed. `offer_ids` are what the provider says was bought: its payment link or
    price id first, our offer id after it.

    `amount` is what was charged; what has been given back in all so far ("refunded"); what one
    refund gives back ("refund", with `part` as its id and `state` as where it is); or what is
    disputed ("dispute", the same). `sessions` are the classes that a refund names.
    """

    provider: Literal["stripe", "razorpay", "paypal", "eventbrite"]
    event: str
    order: str
    says: Literal["paid", "pending", "failed", "refunded", "refund", "dispute"]
    at: datetime
    live: bool
    amount: Money | None = None
    charged: Money | None = None
    offer_ids: tuple[str, ...] = ()
    buyer_name: str = ""
    buyer_address: str = ""
    part: str = ""
    state: Literal["", "pending", "succeeded", "failed", "open", "won", "lost"] = ""
    sessions: tuple[str, ...] = ()


class OrderStatus(StrEnum):
    """What the facts of an order come to."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"


class Order(Record):
    """All facts of one payment, what it bought, and why it waits for staff if it does."""

    kind: ClassVar[str] = "order"

    order: str
    provider: str
    first_seen_at: datetime
    live: bool
    paid: Money | None = None
    pending: Money | None = None
    failed: bool = False
    refunded: Money | None = None
    buyer_name: str = ""
    buyer_address: str = ""
    offer_ids: tuple[str, ...] = ()
    series: str | None = None
    catalogue_revision: str | None = None
    offer: str | None = None
    tier: str | None = None
    sessions: tuple[str, ...] = ()
    review: Decision | None = None

    @staticmethod
    def key_of(order: str) -> Key:
        """Where the order of that id stands."""
        return Key(f"ORDER#{order}", "ORDER")

    def key(self) -> Key:
        return self.key_of(self.order)

    @property
    def price(self) -> Money | None:
        """What was paid, or is to be paid."""
        return self.paid or self.pending

    @property
    def fully_refunded(self) -> bool:
        """Whether all that was paid went back."""
        if self.refunded is None or self.paid is None:
            return False
        return self.refunded.minor >= self.paid.minor > 0

    @property
    def status(self) -> OrderStatus | None:
        """What the facts come to; None while only a refund is known, before its payment."""
        if self.fully_refunded:
            return OrderStatus.REFUNDED
        if self.paid is not None:
            return OrderStatus.PAID
        if self.failed:
            return OrderStatus.FAILED
        return OrderStatus.PENDING if self.pending is not None else None

    def with_fact(self, fact: PaymentFact) -> "Order":
        """The order with one more fact. Adding it twice, or in another order, changes nothing."""
        changed: dict[str, object] = {"first_seen_at": min(self.first_seen_at, fact.at)}
        match fact.says:
            case "paid":
                changed["paid"] = _larger(self.paid, fact.amount)
            case "pending":
                changed["pending"] = _larger(self.pending, fact.amount)
            case "failed":
                changed["failed"] = True
            case "refunded":
                changed["refunded"] = _larger(self.refunded, fact.amount)
        if fact.buyer_address:
            changed |= {"buyer_name": fact.buyer_name, "buyer_address": fact.buyer_address}
        if fact.offer_ids:
            changed["offer_ids"] = fact.offer_ids
        return self.model_copy(update=changed)


def new_order(fact: PaymentFact) -> Order:
    """An order of which nothing is known but its identity."""
    return Order(order=fact.order, provider=fact.provider, first_seen_at=fact.at, live=fact.live)


def _larger(one: Money | None, other: Money | None) -> Money | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda money: (money.minor, money.currency))


class EventMarker(Record):
    """That an event was taken in, by the hash of its body. Outlives every provider's redelivery."""

    kind: ClassVar[str] = "event"

    event: str
    provider: str
    order: str
    body_sha256: str
    seen_at: datetime

    @staticmethod
    def key_of(provider: str, event: str, order: str) -> Key:
        """Where the marker of that event, for that order, stands."""
        return Key(f"EVENT#{provider}#{event}", order)

    def key(self) -> Key:
        return self.key_of(self.provider, self.event, self.order)


def find_offer(order: Order, catalogue: Catalogue) -> Offer | Decision:
    """What the order bought by the price book, or why that is for staff to say, with a suggestion.

    An offer is found by its provider id (or our offer id) and amount and currency together.
    """
    price = order.price
    if price is None:
        return refused(RULE_VERSION, Reason(code="no_amount", text="The event carries no amount."))
    named = [
        offer
        for offer in catalogue.prices
        if offer.id in order.offer_ids or offer.provider_ids.get(order.provider) in order.offer_ids  # type: ignore[call-overload]
    ]
    fitting = [offer for offer in named if offer.price == price and _valid(offer, order)]
    if len(fitting) == 1:
        return fitting[0]
    if not named:
        return refused(
            RULE_VERSION,
            Reason(
                code="unknown_offer",
                text=f"{price} came through a payment link that {catalogue.series.title} "
                "does not list.",
            ),
            *_suggestions(catalogue, price, []),
        )
    listed = " or ".join(sorted({str(offer.price) for offer in named}))
    expired = [offer for offer in named if offer.price == price]
    reason = (
        Reason(
            code="not_on_sale",
            text=f"{expired[0].title} was not on sale on {order.first_seen_at:%B %-d, %Y}.",
        )
        if expired
        else Reason(
            code="amount_differs",
            text=f"{price} was paid for {named[0].title}, and its price is {listed}.",
        )
    )
    return refused(RULE_VERSION, reason, *_suggestions(catalogue, price, named))


def _valid(offer: Offer, order: Order) -> bool:
    day = order.first_seen_at.astimezone(UTC).date()
    return (offer.valid_from is None or offer.valid_from <= day) and (
        offer.valid_to is None or day <= offer.valid_to
    )


def _suggestions(catalogue: Catalogue, price: Money, named: list[Offer]) -> list[Reason]:
    wanted = {session for offer in named for session in offer.sessions}
    close = [
        offer
        for offer in catalogue.prices
        if offer.price == price and (not wanted or set(offer.sessions) == wanted)
    ]
    if not close:
        return []
    titles = " or ".join(offer.title for offer in close[:3])
    return [Reason(code="suggestion", text=f"{price} is the price of {titles}.")]
