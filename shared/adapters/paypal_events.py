"""PayPal's events in our words: one verified body, the facts it states.

A capture is what we call a payment: its id names the order. Most events of a capture do not say who
paid. A completed checkout does, and so does PayPal when it is asked (see `paypal_payments`).

No event says whether its money is real. But each webhook is of the live or of the test environment,
so whoever put its id in has decided, as with Razorpay.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Literal

from pydantic import ValidationError

from shared.adapters.paypal_shapes import (
    Amount,
    Event,
    Told,
    reads_checkout,
    reads_dispute,
    reads_event,
    reads_kind,
    reads_told,
)
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.money import Money, money_of
from shared.domain.payments import PaymentFact
from shared.domain.refund_requests import order_of_request

# How a refund that is made for some classes of a bundle names them, wherever there was room.
_NAMES_CLASSES = "sessions:"
# As long as PayPal lets it be.
_LONGEST_CUSTOM_ID = 255
_OF_CAPTURE = re.compile(r"/v2/payments/captures/([\w-]{1,40})$", re.ASCII)
_CAPTURES: dict[str, Literal["paid", "pending", "failed"]] = {
    "COMPLETED": "paid",
    "PARTIALLY_REFUNDED": "paid",
    "REFUNDED": "paid",
    "PENDING": "pending",
    "DECLINED": "failed",
    "FAILED": "failed",
}
_REFUNDS: dict[str, Literal["pending", "succeeded", "failed"]] = {
    "PENDING": "pending",
    "COMPLETED": "succeeded",
    "FAILED": "failed",
    "CANCELLED": "failed",
}
_FOR_THE_BUYER = ("RESOLVED_BUYER_FAVOUR", "ACCEPTED")
_FOR_US = ("RESOLVED_SELLER_FAVOUR", "CANCELED_BY_BUYER", "DENIED")


def read_paypal_event(body: bytes, *, live: bool) -> list[PaymentFact]:
    """The facts that an event states; none if it is of a kind we do not need.

    `live` says which kind of money the stage takes, and so whether the event is of real money.
    Raises UnreadableEvent, whose message holds no personal data.
    """
    try:
        event = reads_event().validate_json(body)
        reader = _READERS.get(event["event_type"])
        return reader(event, live) if reader else []
    except UnreadableEvent:
        raise
    except ValueError:  # another shape than we know, no such amount
        if not _is_needed(body):
            return []
        raise UnreadableEvent("A signed PayPal event could not be read.") from None


def _is_needed(body: bytes) -> bool:
    """Whether an event that does not look like ours is nevertheless of a kind that we need."""
    try:
        return reads_kind().validate_json(body)["event_type"] in _READERS
    except ValidationError:
        return True


def _captured(
    event: Event, live: bool, says: Literal["paid", "pending", "failed"]
) -> list[PaymentFact]:
    capture = reads_told().validate_python(event["resource"])
    if _CAPTURES.get(capture["status"]) != says:
        raise UnreadableEvent("A signed PayPal event contradicts the capture that it tells of.")
    return [_of_capture(capture, event, says, live)]


def _of_capture(
    capture: Told, event: Event, says: Literal["paid", "pending", "failed"], live: bool
) -> PaymentFact:
    return PaymentFact(
        provider="paypal",
        event=event["id"],
        order=f"paypal-{capture['id']}",
        says=says,
        at=event["create_time"],
        live=live,
        amount=_money(capture["amount"]),
        offer_ids=_offers(capture.get("custom_id")),
    )


def _refund(event: Event, live: bool) -> list[PaymentFact]:
    refund = reads_told().validate_python(event["resource"])
    state = _REFUNDS.get(refund["status"])
    if state is None:
        raise UnreadableEvent("A signed PayPal event tells of a refund of an unknown kind.")
    capture = capture_of(refund)
    fact = PaymentFact(
        provider="paypal",
        event=event["id"],
        order=f"paypal-{capture}",
        says="refund",
        at=event["create_time"],
        live=live,
        amount=_money(refund["amount"]),
        part=refund["id"],
        state=state,
        sessions=_classes(refund),
        request=request_of(refund, capture),
    )
    return [fact]


def _classes(refund: Told) -> tuple[str, ...]:
    """The classes that a refund names, in the field of ours or in one that people can fill in."""
    fields = (refund.get("custom_id"), refund.get("invoice_id"), refund.get("note_to_payer"))
    named = next((one for one in fields if one and one.startswith(_NAMES_CLASSES)), "")
    listed = named.removeprefix(_NAMES_CLASSES).split(",")
    return tuple(session.strip() for session in listed if session.strip())


def request_of(refund: Told, capture: str) -> str:
    """The request of ours that a refund of that capture carries out, "" if somebody else made it.

    PayPal may write there what the capture was bought as.
    """
    named = refund.get("custom_id") or ""
    return named if order_of_request(named).partition("-")[2] == capture else ""


def _reversed(event: Event, live: bool) -> list[PaymentFact]:
    """PayPal or the bank took the money back. It is one part of the payment, whoever says so.

    PayPal tells of it as of a refund, or as of the capture itself.
    """
    told = reads_told().validate_python(event["resource"])
    try:
        capture = capture_of(told)
    except UnreadableEvent:
        capture = told["id"]
    amount = told["amount"]
    return [
        PaymentFact(
            provider="paypal",
            event=event["id"],
            order=f"paypal-{capture}",
            says="refund",
            at=event["create_time"],
            live=live,
            # What leaves the account is sometimes written below zero.
            amount=_money({**amount, "value": amount["value"].removeprefix("-")}),
            part=_reversal_of(capture),
            state="succeeded",
        )
    ]


def _reversal_of(capture: str) -> str:
    return f"reversal-{capture}"


def _dispute(event: Event, live: bool) -> list[PaymentFact]:
    """A dispute. While buyer and seller only talk (an inquiry), it says nothing of the payment."""
    dispute = reads_dispute().validate_python(event["resource"])
    if dispute.get("dispute_life_cycle_stage") == "INQUIRY":
        return []
    outcome = dispute.get("dispute_outcome") or {}
    state: Literal["open", "won", "lost"] = "open"
    if dispute["status"] == "RESOLVED":
        state = _resolved(outcome.get("outcome_code"), outcome.get("amount_refunded"))
    amount = dispute.get("dispute_amount")
    captures = [one.get("seller_transaction_id") for one in dispute["disputed_transactions"]]
    if not captures or None in captures:
        raise UnreadableEvent("A signed PayPal event tells of a dispute of no payment.")
    facts = []
    for capture in captures:
        said = PaymentFact(
            provider="paypal",
            event=event["id"],
            order=f"paypal-{capture}",
            says="dispute",
            at=event["create_time"],
            live=live,
            # One amount is told for all of them; of which payment it is, only one alone says.
            amount=_money(amount) if amount and len(captures) == 1 else None,
            part=dispute["dispute_id"],
            state=state,
        )
        facts.append(said)
    return facts


def _disputed(event: Event, live: bool) -> list[PaymentFact]:
    """A dispute; and if we won it, what was reversed while it was open came back."""
    facts = _dispute(event, live)
    back = [
        fact.model_copy(
            update={
                "event": f"{fact.event}:back",
                "says": "refund",
                "amount": None,
                "part": _reversal_of(fact.order.removeprefix("paypal-")),
                "state": "failed",
            }
        )
        for fact in facts
        if fact.state == "won"
    ]
    return [*facts, *back]


def _resolved(code: str | None, given_back: Amount | None) -> Literal["won", "lost"]:
    """Who won. Where PayPal does not say, whoever has the money."""
    if code in _FOR_THE_BUYER:
        return "lost"
    if code in _FOR_US:
        return "won"
    return "lost" if given_back and _money(given_back).minor else "won"


def capture_of(refund: Told) -> str:
    """The capture that a refund is of: by its link upwards, or by the ids beside it."""
    for link in refund.get("links") or []:
        found = _OF_CAPTURE.search(link.get("href") or "") if link.get("rel") == "up" else None
        if found:
            return found[1]
    related = (refund.get("supplementary_data") or {}).get("related_ids") or {}
    capture = related.get("capture_id")
    if not capture:
        raise UnreadableEvent("A signed PayPal event tells of a refund of no payment.")
    return capture


def _offers(custom_id: str | None) -> tuple[str, ...]:
    """What was bought, as whoever made the button wrote it down."""
    named = (custom_id or "").strip()
    return (named,) if 0 < len(named) <= _LONGEST_CUSTOM_ID else ()


def _money(amount: Amount) -> Money:
    return money_of(amount["value"], amount["currency_code"].upper())


def _completed(event: Event, live: bool) -> list[PaymentFact]:
    """What a checkout says of each capture that came of it, its payer included."""
    checkout = reads_checkout().validate_python(event["resource"])
    payer = checkout.get("payer") or (checkout.get("payment_source") or {}).get("paypal") or {}
    name = payer.get("name") or {}
    whole = " ".join(part for part in (name.get("given_name"), name.get("surname")) if part)
    facts = []
    for unit in checkout["purchase_units"]:
        for capture in (unit.get("payments") or {}).get("captures") or []:
            says = _CAPTURES.get(capture["status"])
            if says is None:
                raise UnreadableEvent("A PayPal checkout tells of a capture of an unknown kind.")
            named = capture.get("custom_id") or unit.get("custom_id")
            fact = _of_capture(capture, event, says, live).model_copy(
                update={
                    "offer_ids": _offers(named),
                    "buyer_name": whole,
                    "buyer_address": (payer.get("email_address") or "").strip(),
                }
            )
            facts.append(fact)
    return facts


_READERS: dict[str, Callable[[Event, bool], list[PaymentFact]]] = {
    "PAYMENT.CAPTURE.COMPLETED": partial(_captured, says="paid"),
    "PAYMENT.CAPTURE.PENDING": partial(_captured, says="pending"),
    "PAYMENT.CAPTURE.DENIED": partial(_captured, says="failed"),
    "PAYMENT.CAPTURE.DECLINED": partial(_captured, says="failed"),
    "PAYMENT.CAPTURE.REFUNDED": _refund,
    "PAYMENT.CAPTURE.REVERSED": _reversed,
    "PAYMENT.REFUND.PENDING": _refund,
    "PAYMENT.REFUND.FAILED": _refund,
    "CHECKOUT.ORDER.COMPLETED": _completed,
    "CUSTOMER.DISPUTE.CREATED": _disputed,
    "CUSTOMER.DISPUTE.UPDATED": _disputed,
    "CUSTOMER.DISPUTE.RESOLVED": _disputed,
}
# The kinds of events that say something to us.
KINDS = frozenset(_READERS)
