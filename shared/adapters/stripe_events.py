"""Stripe's events in our words: one verified body, the facts it states.

Read leniently where Stripe grows (unknown fields), strictly where money is (whole minor units, a
currency). API versions from 2020 on have the fields that are read here.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.domain.money import Money
from shared.domain.payments import PaymentFact

# PHP applications log Stripe's empty objects as empty lists; resent events may carry them so.
_Object = BeforeValidator(lambda value: value or {})
_LATEST = 4102444800  # 2100, in seconds
_Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _Details(_Lenient):
    email: str | None = None
    name: str | None = None


class _Session(_Lenient):
    id: str
    payment_status: Literal["paid", "unpaid", "no_payment_required"]
    payment_intent: str | None = None
    payment_link: str | None = None
    amount_total: _Minor | None = None
    currency: str | None = None
    customer_details: _Details | None = None
    customer_email: str | None = None
    metadata: Annotated[dict[str, str], _Object] = {}


class _Charge(_Lenient):
    id: str
    payment_intent: str | None = None
    amount: _Minor
    amount_refunded: _Minor
    currency: str
    metadata: Annotated[dict[str, str], _Object] = {}


class _Data(_Lenient):
    object: dict[str, Any]


class _Event(_Lenient):
    id: str = Field(min_length=1, max_length=255)
    type: str
    created: int = Field(ge=0, le=_LATEST)
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
        reader = _READERS.get(event.type)
        fact = reader(event) if reader else None
    except ValueError as error:
        raise UnreadableEvent("A signed Stripe event could not be read.") from error
    return [fact] if fact else []


def _completed(event: _Event) -> PaymentFact:
    session = _Session.model_validate(event.data.object)
    return _of_session(event, session, "pending" if session.payment_status == "unpaid" else "paid")


def _async_succeeded(event: _Event) -> PaymentFact:
    return _of_session(event, _Session.model_validate(event.data.object), "paid")


def _async_failed(event: _Event) -> PaymentFact:
    return _of_session(event, _Session.model_validate(event.data.object), "failed")


def _of_session(
    event: _Event, session: _Session, says: Literal["paid", "pending", "failed"]
) -> PaymentFact:
    details = session.customer_details or _Details()
    offer_ids = (session.payment_link, session.metadata.get("offer"))
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
    charge = _Charge.model_validate(event.data.object)
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
