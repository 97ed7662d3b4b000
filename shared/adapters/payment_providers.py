"""The providers that post payments to us, behind one door: a verified body in, its facts out.

What they post is JSON that one parser may read otherwise than another: a name twice, a number that
is none. Such a body is refused here for all of them, before anything of it is believed.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic_core import from_json

from shared.adapters.eventbrite_orders import read_eventbrite_order
from shared.adapters.paypal_events import read_paypal_event
from shared.adapters.plain_json import plain_object
from shared.adapters.razorpay_events import read_razorpay_event
from shared.adapters.stripe_events import UnreadableEvent, read_stripe_event
from shared.domain.payments import PaymentFact

# Who the events of Stripe's partner bus on EventBridge are from. Only Stripe can say so.
_STRIPES_BUS = "aws.partner/stripe.com/"
# What changes from one delivery of an event to the next.
_OF_THE_DELIVERY = ("pending_webhooks",)


class Reading(NamedTuple):
    """One event: the facts it states, and a hash of all that it says, however it was written."""

    facts: list[PaymentFact]
    sha256: str


def read_event(provider: str, body: bytes, *, live: bool) -> Reading:
    """What a verified event of that provider says; `live` if this stage takes real money.

    Raises UnreadableEvent, whose message holds no personal data.
    """
    reader = _READERS.get(provider)
    if reader is None:
        raise UnreadableEvent("A message names a payment provider that is not one of ours.")
    event = _one_object(body)
    if provider == "stripe" and str(event.get("source")).startswith(_STRIPES_BUS):
        # EventBridge hands over the event alone, but leaves what it could not deliver in its cover.
        body = json.dumps(event.get("detail")).encode()
        event = _one_object(body)
    return Reading(reader(body, live), _sha256(event))


def _one_object(body: bytes) -> dict[str, Any]:
    try:
        # What the other parser takes: nesting without end, half characters, what is no number.
        from_json(body, allow_inf_nan=False)
        return plain_object(body)
    except ValueError:
        raise UnreadableEvent("A signed event is not one plain JSON object.") from None


def _sha256(event: dict[str, Any]) -> str:
    said = {name: value for name, value in event.items() if name not in _OF_THE_DELIVERY}
    canonical = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _of_stripe(body: bytes, live: bool) -> list[PaymentFact]:  # noqa: ARG001 - Stripe's events say
    return read_stripe_event(body)


def _of_razorpay(body: bytes, live: bool) -> list[PaymentFact]:
    return read_razorpay_event(body, live=live)


def _of_paypal(body: bytes, live: bool) -> list[PaymentFact]:
    return read_paypal_event(body, live=live)


def _of_eventbrite(body: bytes, live: bool) -> list[PaymentFact]:
    return read_eventbrite_order(body, live=live)


_READERS: dict[str, Callable[[bytes, bool], list[PaymentFact]]] = {
    "stripe": _of_stripe,
    "razorpay": _of_razorpay,
    "paypal": _of_paypal,
    # Not what it posts, which says nothing, but what its API answers when asked.
    "eventbrite": _of_eventbrite,
}
