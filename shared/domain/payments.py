"""Payments: what a provider told us, kept as facts, and what follows from them.

Facts are set-valued and only grow (`paid`, `pending`, `failed`, refunds, disputes), so the state of
an order is a function of the set of events, whatever their order and number. No fact overrules
another because it is younger.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from shared.domain.decisions import Decision
from shared.domain.money import Money
from shared.domain.payment_parts import Counted, Refund, Ruling
from shared.domain.record import Key, Record
from shared.domain.refund_requests import AskedBack
from shared.domain.value import Value

REVIEW = "review"
# Why it is open whose seat a payment bought, though it came with an address.
Unclear = Literal["", "same_address"]


class PaymentFact(Value):
    """One thing a provider said about one payment, in our words.

    `order` identifies the payment across all of its events (Stripe: the payment intent, or the
    checkout session where nothing was charged). `event` names what is told once for ever, from what
    the provider signed. `offer_ids` are what the provider says was bought: its payment link or
    price id first, our offer id after it.

    `amount` is what was charged; what has been given back in all so far ("refunded"); what one
    refund gives back ("refund", with `part` as its id and `state` as where it is); or what is
    disputed ("dispute", the same). `sessions` are the classes that a refund names, and `request` is
    the request of ours that it carries out. "void" is a ticket that no longer counts; its `state`
    is "succeeded" if its money went back.

    `seated_at` is given by a provider who lets people change who sits there, and is when it last
    did. `unclear` says that the address cannot be whose seat this is.
    """

    provider: Literal["stripe", "razorpay", "paypal", "eventbrite"]
    event: str
    order: str
    says: Literal["paid", "pending", "failed", "refunded", "refund", "dispute", "void"]
    at: datetime
    live: bool
    amount: Money | None = None
    offer_ids: tuple[str, ...] = ()
    buyer_name: str = ""
    buyer_address: str = ""
    part: str = ""
    state: Literal["", "pending", "succeeded", "failed", "open", "won", "lost"] = ""
    sessions: tuple[str, ...] = ()
    request: str = ""
    seated_at: datetime | None = None
    unclear: Unclear = ""


class OrderStatus(StrEnum):
    """What the facts of an order come to."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"
    # A dispute is open: nothing new is given, nothing is taken away.
    HELD = "held"
    # A dispute was lost: the money is gone.
    REVOKED = "revoked"
    # The ticket was cancelled, and no money went back.
    CANCELLED = "cancelled"

    @property
    def holds_money(self) -> bool:
        """Whether the institute has the money, for now at least."""
        return self in (OrderStatus.PAID, OrderStatus.HELD)


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
    # The most that was ever said to have been given back in all, when that was first said, and
    # each refund by its id.
    refunded_in_all: Money | None = None
    refunded_at: datetime | None = None
    refunds: dict[str, Refund] = Field(default_factory=dict)
    # All that was said of each dispute, by its id.
    disputes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    # What became of a ticket that no longer counts.
    voided: Literal["", "cancelled", "refunded"] = ""
    # What staff say of it; which classes they say a partial refund is for.
    ruling: Ruling | None = None
    refund_is_for: tuple[str, ...] | None = None
    # Which classes its holder asks back, or the institute cancelled, by the name of each request.
    asked_back: dict[str, AskedBack] = Field(default_factory=dict)
    # Which classes are given back by now.
    given_back: tuple[str, ...] = ()
    # What of it, and of the award it takes, has been posted to the scholarship fund (minor units).
    posted: int = 0
    returned: int = 0
    # What of it stands in the totals of its series.
    counted: Counted | None = None
    buyer_name: str = ""
    buyer_address: str = ""
    seated_at: datetime | None = None
    unclear: Unclear = ""
    # Who held its seats before the provider said that somebody else sits there.
    held_before: tuple[str, ...] = ()
    offer_ids: tuple[str, ...] = ()
    # When its buyer took everything away: from then on only its money is kept.
    erased_at: datetime | None = None
    series: str | None = None
    catalogue_revision: str | None = None
    offer: str | None = None
    tier: str | None = None
    sessions: tuple[str, ...] = ()
    review: Decision | None = None
    # Every event that told of it; None if it is older than this list, so some may be missing.
    events: tuple[str, ...] | None = None

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
    def refunded(self) -> Money | None:
        """What has gone back and stayed back; None if nothing was ever said of it.

        A provider's sum counts refunds that failed later; the single refunds say which did.
        """
        failed = sum(_minor(one.amount) for one in self.refunds.values() if one.failed)
        counted = sum(_minor(one.amount) for one in self.refunds.values() if one.counts)
        said = _minor(self.refunded_in_all)
        known = self.refunded_in_all or next(
            (one.amount for one in self.refunds.values() if one.amount), None
        )
        if known is None:
            return None
        return Money(minor=max(0, said - failed, counted), currency=known.currency)

    @property
    def dispute(self) -> str:
        """What the disputes come to: "lost" if any is, else "open", "won" or ""."""
        said = [_settled_dispute(states) for states in self.disputes.values()]
        return next((state for state in ("lost", "open", "won") if state in said), "")

    @property
    def fully_refunded(self) -> bool:
        """Whether all that was paid went back, or the ticket itself."""
        if self.voided:
            return True
        if self.refunded is None or self.paid is None:
            return False
        return self.refunded.minor >= self.paid.minor > 0

    @property
    def given_up(self) -> tuple[str, ...]:
        """The classes of it that nothing was paid for and that its holder gave up."""
        gone = {
            one for asked in self.asked_back.values() if asked.gives_up for one in asked.sessions
        }
        return tuple(session for session in self.sessions if session in gone)

    @property
    def status(self) -> OrderStatus | None:
        """What the facts come to; None while the payment itself is not known."""
        if self.paid is not None and self.dispute == "lost":
            return OrderStatus.REVOKED
        if self.voided == "cancelled":
            return OrderStatus.CANCELLED
        if self.fully_refunded or (self.sessions and self.given_up == self.sessions):
            return OrderStatus.REFUNDED
        if self.paid is not None:
            return OrderStatus.HELD if self.dispute == "open" else OrderStatus.PAID
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
                changed["refunded_in_all"] = _larger(self.refunded_in_all, fact.amount)
                changed["refunded_at"] = min(self.refunded_at or fact.at, fact.at)
            case "refund":
                changed["refunds"] = {**self.refunds, fact.part: self._refund_with(fact)}
                if fact.state != "failed":
                    changed["refunded_at"] = min(self.refunded_at or fact.at, fact.at)
            case "dispute":
                states = {*self.disputes.get(fact.part, ()), fact.state}
                changed["disputes"] = {**self.disputes, fact.part: tuple(sorted(states))}
            case "void":
                said = "refunded" if fact.state == "succeeded" else "cancelled"
                changed["voided"] = max(self.voided, said)
        if fact.buyer_address and _seat(fact) > _seat(self):
            # Of two events that name somebody differently the same one counts in either order.
            changed |= fact.model_dump(include={*_SEAT})
        if fact.offer_ids:
            changed["offer_ids"] = tuple(sorted({*self.offer_ids, *fact.offer_ids}))
        if self.events is not None:
            changed["events"] = tuple(sorted({*self.events, fact.event}))
        return self.model_copy(update=changed)

    def without_buyer(self, now: datetime) -> "Order":
        """The order once its buyer took everything away: what was paid, for what, and no more."""
        ruling = self.ruling
        if ruling is not None:
            ruling = ruling.model_copy(update={"why": "", "address": None})
        nobody = {"buyer_name": "", "buyer_address": "", "unclear": "", "ruling": ruling}
        done = {"review": None, "waiting": None, "waiting_since": None, "erased_at": now}
        return self.model_copy(update={**nobody, **done})

    def _refund_with(self, fact: PaymentFact) -> Refund:
        known = self.refunds.get(fact.part) or Refund(first_said_at=fact.at)
        return Refund(
            amount=_larger(known.amount, fact.amount),
            states=tuple(sorted({*known.states, fact.state})),
            sessions=tuple(sorted({*known.sessions, *fact.sessions})),
            request=max(known.request, fact.request),
            first_said_at=min(known.first_said_at, fact.at),
        )


def new_order(fact: PaymentFact) -> Order:
    """An order of which nothing is known but its identity."""
    return Order(
        order=fact.order,
        provider=fact.provider,
        first_seen_at=fact.at,
        live=fact.live,
        events=(),
    )


_SEAT = ("unclear", "seated_at", "buyer_address", "buyer_name")


def _seat(told: PaymentFact | Order) -> tuple[bool, bool, float, str, str]:
    """How much counts what somebody said of whose seat it is: what is clear, then the latest."""
    at = told.seated_at.timestamp() if told.seated_at else 0.0
    address = told.buyer_address
    return bool(address), not told.unclear, at, address, told.buyer_name


def _minor(money: Money | None) -> int:
    return money.minor if money else 0


def _settled_dispute(states: tuple[str, ...]) -> str:
    return next((state for state in ("lost", "won", "open") if state in states), "")


def _larger(one: Money | None, other: Money | None) -> Money | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda money: (money.minor, money.currency))


class EventMarker(Record):
    """That an event was taken in. Outlives every provider's redelivery.

    `body_sha256` is of the body as it was delivered; empty if the event was listed to us instead.
    """

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
