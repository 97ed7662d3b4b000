"""Razorpay's events in our words: one verified body, the facts it states.

One payment is told of several times (`payment.captured`, `order.paid`, `payment_link.paid`), so the
order is named after the payment's own id, and all of these say one and the same thing of it.

No event says whether its money is real: test and live events look alike and come from one account.
But each mode has a webhook and a secret of its own, so whoever put the secret in has decided, and
an event that it signed is of the kind of money that this stage takes. The two secrets must differ.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from pydantic import ValidationError

from shared.adapters.razorpay_shapes import Event, Notes, Payment, reads_event, reads_kind
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.money import Money
from shared.domain.payments import PaymentFact

# Written in place of an address that the buyer did not give.
_NO_ADDRESS = "void@razorpay.com"
# How a payment through a link is described: by the link's id without its prefix.
_OF_LINK = re.compile(r"#([A-Za-z0-9]{14})")
# As long as Razorpay lets a note be.
_LONGEST_NOTE = 256
_CAPTURED = ("captured", "refunded")
# Phases in which a bank asks and has taken nothing: not yet a dispute.
_INQUIRIES = ("fraud", "retrieval")


def read_razorpay_event(body: bytes, *, live: bool) -> list[PaymentFact]:
    """The facts that an event states; none if it is of a kind we do not need.

    `live` says which kind of money the stage takes, and so whether the event is of real money.
    Raises UnreadableEvent, whose message holds no personal data.
    """
    try:
        event = reads_event().validate_json(body)
    except ValidationError:
        if not _is_needed(body):
            return []
        raise UnreadableEvent("A signed Razorpay event could not be read.") from None
    reader = _READERS.get(event["event"])
    if reader is None:
        return []
    try:
        fact = reader(event, live)
    except UnreadableEvent:
        raise
    except (LookupError, ValueError, OverflowError):  # no such part, no such currency or time
        raise UnreadableEvent("A signed Razorpay event could not be read.") from None
    return [fact] if fact else []


def _is_needed(body: bytes) -> bool:
    """Whether an event that does not look like ours is nevertheless of a kind that we need."""
    try:
        return reads_kind().validate_json(body)["event"] in _READERS
    except ValidationError:
        return True


def _paid(event: Event, live: bool) -> PaymentFact:
    payment = event["payload"]["payment"]["entity"]
    if payment.get("status") not in _CAPTURED:
        raise UnreadableEvent("A signed Razorpay event tells of a payment that was not captured.")
    return _of_payment(event, "paid", live)


def _failed(event: Event, live: bool) -> PaymentFact:
    return _of_payment(event, "failed", live)


def _of_payment(event: Event, says: Literal["paid", "failed"], live: bool) -> PaymentFact:
    payload = event["payload"]
    payment = payload["payment"]["entity"]
    link = payload["payment_link"]["entity"] if "payment_link" in payload else None
    order = payload["order"]["entity"] if "order" in payload else None
    customer = (link.get("customer") if link else None) or {}
    card = payment.get("card") or {}
    # What the institute wrote on its link or order counts before what came with the payment.
    notes = [held.get("notes") or {} for held in (link, order, payment) if held]
    award = _noted("award", *notes)
    offer_ids = (
        link["id"] if link else _link_of(payment),
        _noted("offer", *notes),
        award if award.startswith("award-") else "",
    )
    return PaymentFact(
        provider="razorpay",
        event=f"{event['event']}:{payment['id']}",
        order=f"razorpay-{payment['id']}",
        says=says,
        # An event about a link is dated by the making of the link, which may be months ago.
        at=datetime.fromtimestamp(max(event["created_at"], payment.get("created_at") or 0), UTC),
        live=live,
        amount=_money(payment.get("amount"), payment.get("currency")),
        offer_ids=tuple(offer_id for offer_id in offer_ids if offer_id),
        # Somebody else's card may have paid, so its holder is asked last.
        buyer_name=_noted("name", *notes) or customer.get("name") or card.get("name") or "",
        buyer_address=_address(payment.get("email")) or _address(customer.get("email")),
    )


def _link_of(payment: Payment) -> str:
    """The payment link that a payment came through, as far as its own description tells."""
    described = _OF_LINK.fullmatch(payment.get("description") or "")
    return f"plink_{described[1]}" if described else ""


def _refund(
    event: Event, live: bool, state: Literal["pending", "succeeded", "failed"]
) -> PaymentFact:
    refund = event["payload"]["refund"]["entity"]
    notes = refund.get("notes") or {}
    sessions = _noted("sessions", notes).split(",")
    return PaymentFact(
        provider="razorpay",
        event=f"{event['event']}:{refund['id']}",
        order=f"razorpay-{refund['payment_id']}",
        says="refund",
        at=datetime.fromtimestamp(event["created_at"], UTC),
        live=live,
        amount=_money(refund["amount"], refund["currency"]),
        part=refund["id"],
        state=state,
        sessions=tuple(session.strip() for session in sessions if session.strip()),
        request=_noted("request", notes),
    )


def _dispute(event: Event, live: bool, state: Literal["open", "won", "lost"]) -> PaymentFact:
    dispute = event["payload"]["dispute"]["entity"]
    return PaymentFact(
        provider="razorpay",
        event=_name_of_dispute(event),
        order=f"razorpay-{dispute['payment_id']}",
        says="dispute",
        at=datetime.fromtimestamp(event["created_at"], UTC),
        live=live,
        amount=_money(dispute["amount"], dispute["currency"]),
        part=dispute["id"],
        state=state,
    )


def _name_of_dispute(event: Event) -> str:
    """A dispute begins and ends once, but may come under review, or need something, often."""
    often = event["event"] in ("payment.dispute.under_review", "payment.dispute.action_required")
    name = f"{event['event']}:{event['payload']['dispute']['entity']['id']}"
    return f"{name}:{event['created_at']}" if often else name


def _dispute_open(event: Event, live: bool) -> PaymentFact | None:
    dispute = event["payload"]["dispute"]["entity"]
    if dispute.get("phase") in _INQUIRIES and not dispute.get("amount_deducted"):
        return None
    return _dispute(event, live, "open")


def _dispute_closed(event: Event, live: bool) -> PaymentFact | None:
    dispute = event["payload"]["dispute"]["entity"]
    match dispute["status"]:
        case "won" | "lost" as state:
            return _dispute(event, live, state)
        case "closed":  # without a winner: who has the money?
            return _dispute(event, live, "lost" if dispute.get("amount_deducted") else "won")
    return _dispute_open(event, live)


def _noted(name: Literal["offer", "award", "name", "sessions", "request"], *notes: Notes) -> str:
    """The first text under that name in any of the notes, "" if there is none."""
    for held in notes:
        said = held.get(name)
        if isinstance(said, str) and 0 < len(said.strip()) <= _LONGEST_NOTE:
            return said.strip()
    return ""


def _address(email: str | None) -> str:
    return "" if email is None or email.strip().lower() == _NO_ADDRESS else email.strip()


def _money(minor: int | None, currency: str | None) -> Money:
    if minor is None or currency is None:
        raise UnreadableEvent("A signed Razorpay event tells of money without saying how much.")
    return Money(minor=minor, currency=currency.upper())


_READERS: dict[str, Callable[[Event, bool], PaymentFact | None]] = {
    "payment.captured": _paid,
    "order.paid": _paid,
    "payment_link.paid": _paid,
    "payment.failed": _failed,
    # Whatever its status says: that it was processed is told by an event of its own.
    "refund.created": partial(_refund, state="pending"),
    "refund.processed": partial(_refund, state="succeeded"),
    "refund.failed": partial(_refund, state="failed"),
    "payment.dispute.created": _dispute_open,
    "payment.dispute.under_review": _dispute_open,
    "payment.dispute.action_required": _dispute_open,
    "payment.dispute.won": partial(_dispute, state="won"),
    "payment.dispute.lost": partial(_dispute, state="lost"),
    "payment.dispute.closed": _dispute_closed,
}
