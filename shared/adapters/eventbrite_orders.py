"""Eventbrite's orders in our words: one answer of its API, the facts it states.

Each ticket is a purchase of its own, for whoever sits there: the buyer may be somebody else. What
an answer says of a ticket is named after the ticket and the moment of the last change, so whatever
made us ask, and however often, the same answer gives the same facts.

No answer says whether its money is real. Eventbrite knows no test mode: whoever put the token in
has decided, and an order of that account is of the kind of money that this stage takes.
"""

import hashlib
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import ValidationError

from shared.adapters.eventbrite_shapes import Attendee, Order, Sum, reads_order
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.money import Money
from shared.domain.payments import PaymentFact, Unclear
from shared.domain.people import clean_address, clean_name

# What stands in a ticket's name and address until the buyer says who it is for.
_ASKED_FOR = "info requested"
_GONE_ORDERS = {"refunded", "cancelled", "canceled", "deleted"}
_GONE_TICKETS = {"not attending", "deleted", "transferred"}
_UNPAID_ORDERS = {"pending", "unpaid"}
# The buyer is still at it, or has given up: nothing has happened.
_NO_ORDER_YET = {"started", "processing", "abandoned"}
_PLACED = {"placed", "updated"}


class _Seat(NamedTuple):
    """Who sits there, as far as the order says; `own` if the ticket itself names an address."""

    name: str
    address: str
    own: bool


def read_eventbrite_order(body: bytes, *, live: bool) -> list[PaymentFact]:
    """What an order with its attendees says now, ticket by ticket; none while nobody has bought.

    `live` says which kind of money the stage takes. Raises UnreadableEvent, whose message holds no
    personal data.
    """
    try:
        order = reads_order().validate_json(body)
        status = _word(order["status"])
        if status in _NO_ORDER_YET:
            return []
        if status not in _GONE_ORDERS | _UNPAID_ORDERS | _PLACED:
            raise UnreadableEvent("An Eventbrite order has a status that is not known here.")
        seated = _seated(order)
        fees_inside = _fees_are_inside(order)
        return [
            _fact(order, attendee, seat, unclear, fees_inside=fees_inside, live=live)
            for attendee, seat, unclear in seated
        ]
    except ValidationError:
        raise UnreadableEvent("An Eventbrite order could not be read.") from None


def _fact(
    order: Order,
    attendee: Attendee,
    seat: _Seat,
    unclear: Unclear,
    *,
    fees_inside: bool,
    live: bool,
) -> PaymentFact:
    ticket, at = attendee["id"], _last_change(order)
    says: Literal["void", "pending", "paid"]
    if _is_gone(order, attendee):
        says = "void"
        back = bool(attendee.get("refunded")) or _word(order["status"]) == "refunded"
        name = f"void:{ticket}:{'refunded' if back else 'cancelled'}"
        return PaymentFact(
            provider="eventbrite", event=name, order=_order_id(order, attendee), says=says,
            at=at, live=live, state="succeeded" if back else "",
        )  # fmt: skip
    unpaid = _word(order["status"]) in _UNPAID_ORDERS
    says = "pending" if unpaid or _word(attendee.get("status")) == "unpaid" else "paid"
    amount = _listed_price(attendee, fees_inside=fees_inside)
    return PaymentFact(
        provider="eventbrite",
        event=f"{says}:{ticket}:{at:%Y%m%dT%H%M%SZ}-{_blur(amount, seat, unclear)}",
        order=_order_id(order, attendee),
        says=says,
        at=order["created"],
        live=live,
        amount=amount,
        offer_ids=(attendee["ticket_class_id"],),
        buyer_name=seat.name,
        buyer_address=seat.address,
        seated_at=at,
        unclear=unclear,
    )


def _blur(*said: object) -> str:
    """What tells two answers of one second apart: too little to find out what they said."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:4]


def _order_id(order: Order, attendee: Attendee) -> str:
    return f"eventbrite-{order['id']}-{attendee['id']}"


def _is_gone(order: Order, attendee: Attendee) -> bool:
    if attendee.get("cancelled") or attendee.get("refunded"):
        return True
    return _word(order["status"]) in _GONE_ORDERS or _word(attendee.get("status")) in _GONE_TICKETS


def _last_change(order: Order) -> datetime:
    return max(order["changed"], *(attendee["changed"] for attendee in order["attendees"]))


def _fees_are_inside(order: Order) -> bool:
    """Whether the listed price holds Eventbrite's fees, so that a base price is less than listed.

    Then the order's price as it was shown is what the tickets cost with fees, and not without.
    """
    whole = order.get("costs")
    shown = whole.get("display_price") if whole else None
    costs = [attendee["costs"] for attendee in order["attendees"]]
    if shown is None:
        return False
    with_fees = sum(_without_tax(one["gross"], one.get("tax")) for one in costs)
    return shown["value"] == with_fees != sum(one["base_price"]["value"] for one in costs)


def _listed_price(attendee: Attendee, *, fees_inside: bool) -> Money:
    """What the institute asks for the ticket: neither tax nor fees that the buyer bears besides."""
    costs = attendee["costs"]
    base = costs["base_price"]
    minor = _without_tax(costs["gross"], costs.get("tax")) if fees_inside else base["value"]
    return Money(minor=minor, currency=base["currency"].upper())


def _without_tax(gross: Sum, tax: Sum | None) -> int:
    return gross["value"] - (tax["value"] if tax else 0)


def _seated(order: Order) -> list[tuple[Attendee, _Seat, Unclear]]:
    """Each ticket with who sits there. Of several of one kind for one address the first is theirs.

    A ticket that names nobody is the buyer's own, if the buyer has no other of its kind.
    """
    seats = [(attendee, _seat(order, attendee)) for attendee in order["attendees"]]
    # A ticket that names its holder goes before one that does not; then the one made first.
    seats.sort(key=lambda held: (not held[1].own, int(held[0]["id"])))
    taken: set[tuple[str | None, str]] = set()
    found: list[tuple[Attendee, _Seat, Unclear]] = []
    for attendee, seat in seats:
        key = (clean_address(seat.address), attendee["ticket_class_id"])
        found.append((attendee, seat, "same_address" if key in taken else ""))
        if not _is_gone(order, attendee) and key[0] is not None:
            taken.add(key)
    return found


def _seat(order: Order, attendee: Attendee) -> _Seat:
    profile = attendee.get("profile") or {}
    name, address = _said(profile.get("name")), _said(profile.get("email"))
    own = clean_address(address) is not None
    if own:
        return _Seat(name or address.split("@")[0], address, own)
    return _Seat(name or _said(order.get("name")), _said(order.get("email")), own)


def _said(text: str | None) -> str:
    said = (text or "").strip()
    return "" if clean_name(said).lower() == _ASKED_FOR else said


def _word(text: str | None) -> str:
    return (text or "").strip().lower()
