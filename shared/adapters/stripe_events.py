"""Stripe's events in our words: one verified body, the facts it states.

Read leniently where Stripe grows (unknown fields), strictly where money is (whole minor units, a
currency). API versions from 2020 on have the fields that are read here.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal, Required

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from shared.adapters.epoch import EpochSeconds
from shared.domain.money import Money
from shared.domain.payments import PaymentFact

_Minor = Annotated[int, Field(strict=True, ge=0, le=10**12)]
# Typed dictionaries, because they are read once and thrown away: models would take half as long
# again for the same checks. Their errors are never chained: they quote.
_LENIENT = ConfigDict(extra="ignore", hide_input_in_errors=True)


class _Details(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    email: str | None
    name: str | None


class _Metadata(TypedDict, total=False):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    offer: str | None
    # of a refund made for some classes of a bundle: their ids, with commas between; and the request
    # of ours that it carries out
    sessions: str | None
    request: str | None


class _Paid(TypedDict, total=False):
    """What is read of a checkout session, charge, refund or dispute, in one pass over the body."""

    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    id: Required[str]
    payment_intent: str | None
    currency: str | None
    metadata: _Metadata | None
    # of a checkout session
    payment_status: Literal["paid", "unpaid", "no_payment_required"] | None
    client_reference_id: str | None
    payment_link: str | None
    amount_total: _Minor | None
    customer_details: _Details | None
    customer_email: str | None
    # of a charge
    amount_refunded: _Minor | None
    # of a refund or a dispute
    status: str | None
    charge: str | None
    amount: _Minor | None


class _Data(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    object: _Paid


class _Kind(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    type: str


class _Event(TypedDict):
    __pydantic_config__ = _LENIENT  # type: ignore[misc]
    type: str
    id: Annotated[str, Field(min_length=1, max_length=255)]
    created: EpochSeconds
    livemode: bool
    data: _Data


@lru_cache
def _reads_event() -> "TypeAdapter[_Event]":
    return TypeAdapter(_Event)


@lru_cache
def _reads_kind() -> "TypeAdapter[_Kind]":
    return TypeAdapter(_Kind)


class UnreadableEvent(ValueError):
    """The body is signed and is not an event as we know it; it belongs in the dead-letter queue."""


def read_stripe_event(body: bytes) -> list[PaymentFact]:
    """The facts that an event states; none if it is of a kind we do not need.

    Raises UnreadableEvent, whose message holds no personal data.
    """
    try:
        event = _reads_event().validate_json(body)
    except ValidationError:
        if not _is_needed(body):
            return []
        event = _as_php_logged_it(body)
    reader = _READERS.get(event["type"])
    try:
        fact = reader(event) if reader else None
        return [fact] if fact else []
    except (ValueError, OverflowError):  # no such currency, no such time
        raise UnreadableEvent("A signed Stripe event could not be read.") from None


def _as_php_logged_it(body: bytes) -> _Event:
    """An event in which an empty object became an empty list, as PHP applications resend them."""
    try:
        written = json.loads(body)
        if written["data"]["object"]["metadata"] == []:
            written["data"]["object"]["metadata"] = {}
        return _reads_event().validate_python(written)
    except (ValueError, LookupError, TypeError, RecursionError):
        raise UnreadableEvent("A signed Stripe event could not be read.") from None


def _is_needed(body: bytes) -> bool:
    """Whether an event that does not look like ours is nevertheless of a kind that we need."""
    try:
        return _reads_kind().validate_json(body)["type"] in _READERS
    except ValidationError:
        return True


def _completed(event: _Event) -> PaymentFact:
    unpaid = event["data"]["object"].get("payment_status") == "unpaid"
    return _of_session(event, "pending" if unpaid else "paid")


def _async_succeeded(event: _Event) -> PaymentFact:
    return _of_session(event, "paid")


def _async_failed(event: _Event) -> PaymentFact:
    return _of_session(event, "failed")


def _of_session(event: _Event, says: Literal["paid", "pending", "failed"]) -> PaymentFact:
    session = event["data"]["object"]
    if session.get("payment_status") is None:
        raise UnreadableEvent("A signed Stripe event tells of a session without its status.")
    details = session.get("customer_details") or {}
    metadata = session.get("metadata") or {}
    # What the buyer's own address line can say names an award at most, never a price.
    named = session.get("client_reference_id") or ""
    award = named if named.startswith("award-") else None
    offer_ids = (session.get("payment_link"), metadata.get("offer"), award)
    return PaymentFact(
        provider="stripe",
        event=event["id"],
        order=f"stripe-{session.get('payment_intent') or session['id']}",
        says=says,
        at=datetime.fromtimestamp(event["created"], UTC),
        live=event["livemode"],
        amount=_money(session.get("amount_total"), session.get("currency")),
        offer_ids=tuple(offer_id for offer_id in offer_ids if offer_id),
        buyer_name=details.get("name") or "",
        # What the buyer typed counts; customer_email is only what the form was filled in with.
        buyer_address=details.get("email") or session.get("customer_email") or "",
    )


def _refunded(event: _Event) -> PaymentFact:
    charge = event["data"]["object"]
    back = charge.get("amount_refunded")
    if back is None:
        raise UnreadableEvent("A signed Stripe event tells of a refund without its amount.")
    return PaymentFact(
        provider="stripe",
        event=event["id"],
        order=f"stripe-{charge.get('payment_intent') or charge['id']}",
        says="refunded",
        at=datetime.fromtimestamp(event["created"], UTC),
        live=event["livemode"],
        amount=_money(back, charge.get("currency")),
    )


def _refund(event: _Event) -> PaymentFact | None:
    """One refund. What was canceled never went; what needs an action has not gone yet."""
    refund = event["data"]["object"]
    state = _REFUND_STATES.get(refund.get("status") or "")
    if refund.get("amount") is None or state is None:
        raise UnreadableEvent("A signed Stripe event tells of a refund without amount or status.")
    metadata = refund.get("metadata") or {}
    named = metadata.get("sessions") or ""
    return _of_part(event, "refund", state).model_copy(
        update={
            "sessions": tuple(name.strip() for name in named.split(",") if name.strip()),
            "request": metadata.get("request") or "",
        }
    )


def _dispute(event: _Event) -> PaymentFact | None:
    """A dispute. An inquiry (warning_...) moves no money and says nothing about the payment."""
    status = event["data"]["object"].get("status") or ""
    if status.startswith("warning_"):
        return None
    return _of_part(event, "dispute", _DISPUTE_STATES.get(status, "open"))


def _of_part(event: _Event, says: Literal["refund", "dispute"], state: str) -> PaymentFact:
    part = event["data"]["object"]
    payment = part.get("payment_intent") or part.get("charge")
    if not payment:
        raise UnreadableEvent(f"A signed Stripe event tells of a {says} of no payment.")
    return PaymentFact.model_validate(
        {
            "provider": "stripe",
            "event": event["id"],
            "order": f"stripe-{payment}",
            "says": says,
            "at": datetime.fromtimestamp(event["created"], UTC),
            "live": event["livemode"],
            "amount": _money(part.get("amount"), part.get("currency")),
            "part": part["id"],
            "state": state,
        }
    )


_REFUND_STATES = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
_DISPUTE_STATES = {"won": "won", "prevented": "won", "lost": "lost"}


def _money(minor: int | None, currency: str | None) -> Money | None:
    if minor is None or currency is None:
        return None
    return Money(minor=minor, currency=currency.upper())


_READERS: dict[str, Callable[[_Event], PaymentFact | None]] = {
    "checkout.session.completed": _completed,
    "checkout.session.async_payment_succeeded": _async_succeeded,
    "checkout.session.async_payment_failed": _async_failed,
    "charge.refunded": _refunded,
    "charge.refund.updated": _refund,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": _dispute,
    "charge.dispute.funds_reinstated": _dispute,
}
# The kinds of events that say something to us; Stripe lists up to twenty at once.
KINDS = tuple(_READERS)
