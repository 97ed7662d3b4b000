"""What staff say of a payment in review: accept it as something, refuse it, name refunded classes.

Their word is kept on the order with who, when and why, and then everything follows by the same
path as for a payment that the price book explains.
"""

from datetime import datetime
from typing import Any

from shared.domain.payment_parts import Ruling
from shared.domain.payments import REVIEW, Order
from shared.domain.people import clean_address, clean_name, mailable
from shared.domain.refunds import classes_given_back
from shared.failures import SoldOut
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_purchase import find_purchase
from shared.usecases.grant_order import Purchase, grant_order


class CannotBeRuled(Exception):
    """The payment does not wait, or what was said of it cannot be; the message says what to do."""


def payments_in_review(*, records: Records, now: datetime) -> list[dict[str, Any]]:
    """Every payment that waits for staff, oldest first: the reason, the evidence, a suggestion."""
    return [_item(order) for order in records.waiting(REVIEW, now, Order)]


def accept_payment(
    order_id: str,
    offer: str,
    *,
    by: str,
    why: str,
    address: str | None = None,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> Order:
    """Let the payment count as that line of the price book. Raises CannotBeRuled."""
    if address is not None and (clean_address(address) is None or not mailable(address)):
        raise CannotBeRuled(f"'{address}' is not an address we can write to.")

    def attempt() -> Order:
        order = _waiting(order_id, records)
        ruling = Ruling(by=by, at=now, why=why, offer=offer, address=address)
        ruled = order.model_copy(
            update={"ruling": ruling, "buyer_address": address or order.buyer_address}
            | ({"unclear": ""} if address else {})
        )
        if ruled.unclear:
            raise CannotBeRuled("The buyer has another of these seats. Who sits in this one?")
        if clean_address(ruled.buyer_address) is None:
            raise CannotBeRuled("It came without an address we can write to. Which one is it?")
        found = find_purchase(ruled, records, order.live, identity_key)
        if not isinstance(found, Purchase):
            raise CannotBeRuled(found.why if found else "It has not been paid.")
        try:
            grant_order(ruled, found, records=records, identity_key=identity_key, now=now)
        except SoldOut as sold_out:
            title = found.catalogue.session(sold_out.session).title
            raise CannotBeRuled(f"{title} has no seat left. Raise its capacity first.") from None
        return ruled

    return until_committed(attempt)


def refuse_payment(order_id: str, *, by: str, why: str, records: Records, now: datetime) -> Order:
    """The payment buys nothing; staff give the money back at the provider. Raises CannotBeRuled."""

    def attempt() -> Order:
        order = _waiting(order_id, records)
        if order.offer is not None:
            raise CannotBeRuled("It has brought seats already. Refund it at the provider instead.")
        ruled = order.model_copy(
            update={
                "ruling": Ruling(by=by, at=now, why=why),
                "waiting": None,
                "waiting_since": None,
            }
        )
        records.commit(ruled)
        return ruled

    return until_committed(attempt)


def name_refunded_classes(
    order_id: str,
    sessions: tuple[str, ...],
    *,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> Order:
    """Say which classes a partial refund is for. Raises CannotBeRuled."""

    def attempt() -> Order:
        order = _waiting(order_id, records)
        strange = [session for session in sessions if session not in order.sessions]
        if strange:
            raise CannotBeRuled(f"'{strange[0]}' is no class of this payment.")
        said = order.model_copy(update={"refund_is_for": sessions})
        found = find_purchase(said, records, order.live, identity_key)
        if not isinstance(found, Purchase):
            raise CannotBeRuled("It has brought no seats, so no class can be given back.")
        if classes_given_back(said, found.catalogue).unclear is not None:
            raise CannotBeRuled("That does not settle it.")
        grant_order(said, found, records=records, identity_key=identity_key, now=now)
        return said

    return until_committed(attempt)


def _waiting(order_id: str, records: Records) -> Order:
    order = records.get(Order.key_of(order_id), Order)
    if order is None or order.waiting != REVIEW:
        raise CannotBeRuled(f"No payment '{order_id}' waits for a decision (any more).")
    return order


def _item(order: Order) -> dict[str, Any]:
    reasons = order.review.reasons if order.review else ()
    return {
        "order": order.order,
        "since": order.waiting_since,
        "paid": str(order.price) if order.price else None,
        "given_back": str(order.refunded) if order.refunded else None,
        "came_through": list(order.offer_ids),
        "buyer": f"{clean_name(order.buyer_name)} <{order.buyer_address}>",
        "reasons": [reason.text for reason in reasons if reason.code != "suggestion"],
        "suggestion": next((r.text for r in reasons if r.code == "suggestion"), None),
    }
