"""Stripe's events in our words: one verified body, the facts it states.

Read leniently where Stripe grows (unknown fields), strictly where money is (whole minor units, a
currency). API versions from 2020 on have the fields that are read here.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.domain.money import Money
from shared.domain.payments import PaymentFact

_LATEST = 4102444800  # 2100, in seconds
_Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class _Lenient(BaseModel):
    model_config = ConfigDict(
        extra="ignore", frozen=True, defer_build=True, hide_input_in_errors=True
    )


class _Details(_Lenient):
    email: str | None = None
    name: str | None = None


class _Metadata(_Lenient):
    offer: str | None = None


class _Paid(_Lenient):
    """What is read of a checkout session or of a charge, in one pass over the body."""

    id: str
    payment_intent: str | None = None
    currency: str | None = None
    metadata: _Metadata | None = None
    # of a checkout session
    payment_status: Literal["paid", "unpaid", "no_payment_required"] | None = None
    payment_link: str | None = None
    amount_total: _Minor | None = None
    customer_details: _Details | None = None
    customer_email: str | None = None
    # of a charge
    amount_refunded: _Minor | None = None


class _Data(_Lenient):
    object: _Paid


class _Kind(_Lenient):
    type: str


class _Event(_Kind):
    id: str = Field(min_length=1, max_length=255)
    created: int = Field(gt=0)
    livemode: bool
    data: _Data


class UnreadableEvent(ValueError):
    """The body is signed and is not an event as we know it; it belongs in the dead-letter queue."""


def read_stripe_event(body: bytes) -> list[PaymentFact]:
    """The facts that an event states; none if it is of a kind we do not need.

    Raises UnreadableEvent, whose message holds no personal data.
    """
    try:
        event = _Event.model_validate_json(body)
    except ValidationError:
        if not _is_needed(body):
            return []
        event = _as_php_logged_it(body)
    reader = _READERS.get(event.type)
    try:
        return [reader(event)] if reader else []
    except (ValueError, OverflowError) as error:  # no such currency, no such time
        raise UnreadableEvent("A signed Stripe event could not be read.") from error


def _as_php_logged_it(body: bytes) -> _Event:
    """An event in which an empty object became an empty list, as PHP applications resend them."""
    try:
        written = json.loads(body)
        if written["data"]["object"]["metadata"] == []:
            written["data"]["object"]["metadata"] = {}
        return _Event.model_validate(written)
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise UnreadableEvent("A signed Stripe event could not be read.") from error


def _is_needed(body: bytes) -> bool:
    """Whether an event that does not look like ours is nevertheless of a kind that we need."""
    try:
        return _Kind.model_validate_json(body).type in _READERS
    except ValidationError:
        return True


def _completed(event: _Event) -> PaymentFact:
    unpaid = event.data.object.payment_status == "unpaid"
    return _of_session(event, "pending" if unpaid else "paid")


def _async_succeeded(event: _Event) -> PaymentFact:
    return _of_session(event, "paid")


def _async_failed(event: _Event) -> PaymentFact:
    return _of_session(event, "failed")


def _of_session(event: _Event, says: Literal["paid", "pending", "failed"]) -> PaymentFact:
    session = event.data.object
    if session.payment_status is None:
        raise UnreadableEvent("A signed Stripe event tells of a session without its status.")
    details = session.customer_details or _Details()
    offer_ids = (
        session.payment_link,
        session.metadata.offer if session.metadata else None,
    )
    return PaymentFact(
        provider="stripe",
        event=event.id,
        order=f"stripe-{session.payment_intent or session.id}",
        says=says,
        at=datetime.fromtimestamp(event.created, UTC),
        live=event.livemode,
        amount=_money(session.amount_total, session.currency),
        offer_ids=tuple(offer_id for offer_id in offer_ids if offer_id),
        buyer_name=details.name or "",
        # What the buyer typed counts; customer_email is only what the form was filled in with.
        buyer_address=details.email or session.customer_email or "",
    )


def _refunded(event: _Event) -> PaymentFact:
    charge = event.data.object
    if charge.amount_refunded is None:
        raise UnreadableEvent("A signed Stripe event tells of a refund without its amount.")
    return PaymentFact(
        provider="stripe",
        event=event.id,
        order=f"stripe-{charge.payment_intent or charge.id}",
        says="refunded",
        at=datetime.fromtimestamp(event.created, UTC),
        live=event.livemode,
        amount=_money(charge.amount_refunded, charge.currency),
    )


def _money(minor: int | None, currency: str | None) -> Money | None:
    if minor is None or currency is None:
        return None
    return Money(minor=minor, currency=currency.upper())


_READERS: dict[str, Callable[[_Event], PaymentFact]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _async_succeeded,
    "checkout.session.async_payment_failed": _async_failed,
    "charge.refunded": _refunded,
}
