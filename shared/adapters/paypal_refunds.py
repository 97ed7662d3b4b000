"""Refunds at PayPal: each request moves money once, whoever asks again, however much later.

PayPal knows a repeated request by its header for forty-five days. Before anything is given back it
is asked which refunds the payment has: each of ours names its request.
"""

from typing import Any

from pydantic import ValidationError

from shared.adapters.paypal_api import PaypalApi, PaypalRefused
from shared.adapters.paypal_events import capture_of, request_of
from shared.adapters.paypal_payments import checkout_of
from shared.adapters.paypal_shapes import Told, reads_checkout, reads_told
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.decisions import Decision
from shared.domain.money import Money, money_of
from shared.domain.refund_requests import Repayment, no_refund
from shared.failures import Unavailable
from shared.observability import log_failure

_WENT = ("COMPLETED", "PENDING")
# Currencies of which PayPal takes no smaller coins, though they have some.
_WHOLE_ONLY = ("HUF", "TWD")
# What PayPal says no to for good, in the words of staff.
_REFUSALS = {
    "CAPTURE_FULLY_REFUNDED": "PayPal says that all of this payment has gone back already.",
    "REFUND_AMOUNT_EXCEEDED": "PayPal says that less than this is left of the payment.",
    "REFUND_TIME_LIMIT_EXCEEDED": "PayPal gives nothing back that was paid so long ago.",
    "TRANSACTION_DISPUTED": "PayPal says that this payment is disputed.",
    "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK": "PayPal says that this payment is disputed.",
    "RESOURCE_NOT_FOUND": "PayPal does not know this payment.",
}


class PaypalRefunds:
    """Gives back with the credentials of the institute's app."""

    def __init__(self, api: PaypalApi) -> None:
        self._api = api

    def give_back(self, repayment: Repayment) -> str | Decision | None:
        if not self._api.has_key:
            return None
        try:
            return self._made_before(repayment) or self._make(repayment)
        except PaypalRefused as refused:
            log_failure("PayPal refused a refund", refused)
            if refused.status in (401, 403):
                return no_refund("PayPal does not let our key give money back.", "key_refused")
            said = f" It says: {refused.issue}." if refused.issue else ""
            words = _REFUSALS.get(refused.issue, f"PayPal refuses to give it back.{said}")
            return no_refund(words)
        except (UnreadableEvent, ValidationError):
            raise Unavailable("PayPal's answer was none that we know.") from None

    def _made_before(self, repayment: Repayment) -> str | None:
        """The refund that this request has made before. Raises Unavailable if others are news."""
        found = checkout_of(self._api, repayment.payment)
        checkout = reads_checkout().validate_python(found) if found else None
        by_hand = 0
        for unit in checkout["purchase_units"] if checkout else ():
            for refund in (unit.get("payments") or {}).get("refunds") or ():
                if capture_of(refund) != repayment.payment:
                    continue
                request = request_of(refund, repayment.payment)
                if request == repayment.request:
                    return refund["id"]
                if not request and refund["status"] in _WENT:
                    by_hand += _money(refund).minor
        if by_hand > repayment.heard_of:
            raise Unavailable("PayPal knows of refunds that we have not heard of.")
        return None

    def _make(self, repayment: Repayment) -> str:
        body: dict[str, Any] = {
            "amount": {
                "value": _written(repayment.amount),
                "currency_code": repayment.amount.currency,
            },
            # PayPal says it again in every event about the refund; which classes it is for stands
            # with the request.
            "custom_id": repayment.request,
        }
        path = f"/v2/payments/captures/{repayment.payment}/refund"
        made = self._api.post(path, body, repayment.request)
        return reads_told().validate_python(made)["id"]


def _money(refund: Told) -> Money:
    return money_of(refund["amount"]["value"], refund["amount"]["currency_code"].upper())


def _written(money: Money) -> str:
    return money.decimal.removesuffix(".00") if money.currency in _WHOLE_ONLY else money.decimal
