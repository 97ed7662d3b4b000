"""Facts of one payment and what they add up to, without a world around them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.money import Money
from shared.domain.payments import Order, PaymentFact, new_order

NOON = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


def fact(says: str, number: int = 1, **changes: Any) -> PaymentFact:
    """What a provider says in its message of that number, so many minutes after noon."""
    fields: dict[str, Any] = {
        "provider": "stripe", "event": f"evt_{number}", "order": "stripe-pi_1", "says": says,
        "at": NOON + timedelta(minutes=number), "live": False,
    }  # fmt: skip
    return PaymentFact.model_validate(fields | changes)


def told(*facts: PaymentFact) -> Order:
    """The order that was told so."""
    order = new_order(facts[0])
    for one in facts:
        order = order.with_fact(one)
    return order
