"""What PayPal says of one payment when it is asked: most of all, who paid it.

A capture leads to the checkout that it came of, and a checkout names its payer.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from shared.adapters.paypal_api import PaypalApi, PaypalRefused
from shared.adapters.paypal_shapes import Told, reads_told
from shared.failures import Unavailable
from shared.observability import log_failure

_OF_CHECKOUT = re.compile(r"/v2/checkout/orders/([A-Z0-9]{8,40})$", re.ASCII)


class PaypalPayments:
    """Asks of captures."""

    def __init__(self, api: PaypalApi) -> None:
        self._api = api

    def about(self, order: str) -> bytes | None:
        if not self._api.has_key:
            return None
        try:
            found = checkout_of(self._api, order.removeprefix("paypal-"))
        except PaypalRefused as refused:
            log_failure("PayPal did not say who paid", refused)
            return None
        if found is None:
            return None
        # As the webhook tells of a completed checkout, under a name of its own.
        event = {
            "id": f"checkout:{found.get('id')}",
            "event_type": "CHECKOUT.ORDER.COMPLETED",
            "create_time": found.get("create_time"),
            "resource_type": "checkout-order",
            "resource": found,
        }
        return json.dumps(event).encode()


def capture_of(api: PaypalApi, capture: str) -> Told | None:
    """What PayPal knows of a capture; None if it knows none of that id.

    Raises PaypalRefused, or Unavailable.
    """
    said = _found(lambda: api.get(f"/v2/payments/captures/{quote(capture, safe='')}"))
    try:
        return None if said is None else reads_told().validate_python(said)
    except ValidationError:
        raise Unavailable("PayPal's answer was none that we know.") from None


def checkout_of(api: PaypalApi, capture: str) -> dict[str, Any] | None:
    """The checkout that a capture came of, as PayPal writes it; None if there is none.

    Raises PaypalRefused, or Unavailable.
    """
    told = capture_of(api, capture)
    checkout = _checkout_id(told) if told else ""
    if not checkout:
        return None
    return _found(lambda: api.get(f"/v2/checkout/orders/{quote(checkout, safe='')}"))


def _checkout_id(told: Told) -> str:
    related = (told.get("supplementary_data") or {}).get("related_ids") or {}
    if related.get("order_id"):
        return str(related["order_id"])
    for link in told.get("links") or []:
        found = _OF_CHECKOUT.search(link.get("href") or "") if link.get("rel") == "up" else None
        if found:
            return found[1]
    return ""


def _found(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return ask()
    except PaypalRefused as refused:
        if refused.status == 404:
            return None
        raise
