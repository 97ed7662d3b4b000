"""Razorpay's events for tests: the model events in events/, changed only where a test says so."""

import json
from pathlib import Path
from typing import Any

from shared.adapters.razorpay_events import read_razorpay_event
from shared.domain.money import Money
from shared.domain.payments import PaymentFact

EVENTS = Path(__file__).parent.parent / "events" / "payment_webhook" / "razorpay"
CAPTURED, ORDER_PAID, LINK_PAID = "payment.captured", "order.paid", "payment_link.paid"
LINK = "plink_ROJwB9iXOIOtVc"
WHOLE = Money(minor=450000, currency="INR")


def model(name: str) -> Any:
    """A model event ("refund.processed")."""
    return json.loads((EVENTS / f"{name}.json").read_bytes())


def changed(name: str, part: str, **fields: Any) -> Any:
    """A model event with other fields in one of its parts ("payment")."""
    event = model(name)
    event["payload"][part]["entity"].update(fields)
    return event


def read(event: Any, *, live: bool = False) -> list[PaymentFact]:
    """What an event says."""
    return read_razorpay_event(json.dumps(event).encode(), live=live)


def fact_of(event: Any) -> PaymentFact:
    """The one thing that an event says."""
    (fact,) = read(event)
    return fact
