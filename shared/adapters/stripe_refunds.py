"""Refunds at Stripe: each request moves money once, whoever asks again, however much later.

Stripe forgets a request's key after a day, so before anything is given back it is asked which
refunds the payment has: each of ours names its request.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.adapters.stripe_client import API, stripe_client
from shared.domain.decisions import Decision
from shared.domain.refund_requests import Repayment, no_refund
from shared.failures import Unavailable
from shared.observability import log_failure

if TYPE_CHECKING:
    import stripe
    from stripe.params import RefundCreateParams, RefundListParams

_PATIENCE = 8.0  # seconds for one answer; nobody waits for a page
_PAGE = 100
_WENT = ("succeeded", "pending", "requires_action")
# What Stripe says no to for good, in the words of staff.
_REFUSALS = {
    "charge_already_refunded": "Stripe says that all of this payment has gone back already.",
    "charge_disputed": "Stripe says that the bank is looking into this payment.",
    "refund_disputed_payment": "Stripe says that the bank is looking into this payment.",
    "resource_missing": "Stripe does not know this payment.",
}


class StripeRefunds:
    """Gives back with a restricted key that may read and write refunds.

    `api_key` is asked for each time, and is empty if there is none; `address` is where Stripe's
    API is.
    """

    def __init__(self, api_key: Callable[[], str], address: str = API) -> None:
        self._api_key = api_key
        self._address = address

    def give_back(self, repayment: Repayment) -> str | Decision | None:
        api_key = self._api_key()
        if not api_key:
            return None
        # Slow to import, and many stacks have no key: not at a cold start.
        import stripe

        client = stripe_client(api_key, self._address, _PATIENCE)
        try:
            return self._made_before(client, repayment) or self._make(client, repayment)
        except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
            log_failure("Stripe refused a refund", error)
            said = f" It says: {error.code}." if error.code else ""
            words = _REFUSALS.get(error.code or "", f"Stripe refuses to give it back.{said}")
            return no_refund(words)
        except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
            raise Unavailable("Stripe did not answer.") from error
        except stripe.StripeError as error:
            log_failure("Stripe refused a refund", error)
            return no_refund("Stripe does not let our key give money back.", "key_refused")

    def _made_before(self, client: "stripe.StripeClient", repayment: Repayment) -> str | None:
        """The refund that this request has made before. Raises Unavailable if others are news."""
        by_hand = 0
        asked: RefundListParams = {"limit": _PAGE, _named(repayment): repayment.payment}  # type: ignore[misc]
        for refund in client.v1.refunds.list(asked).auto_paging_iter():
            metadata = refund.metadata.to_dict() if refund.metadata else {}
            if metadata.get("request") == repayment.request:
                return refund.id
            if "request" not in metadata and refund.status in _WENT:
                by_hand += refund.amount
        if by_hand > repayment.heard_of:
            raise Unavailable("Stripe knows of refunds that we have not heard of.")
        return None

    def _make(self, client: "stripe.StripeClient", repayment: Repayment) -> str:
        # Stripe says both again in every event about the refund. A text has 500 characters at most;
        # the request alone is enough for us, and the classes are for whoever reads it there.
        metadata = {"request": repayment.request, "sessions": ",".join(repayment.sessions)[:500]}
        asked: RefundCreateParams = {
            _named(repayment): repayment.payment,  # type: ignore[misc]
            "amount": repayment.amount.minor,
            "reason": "requested_by_customer",
            "metadata": metadata,
        }
        return client.v1.refunds.create(asked, {"idempotency_key": repayment.request}).id


def _named(repayment: Repayment) -> str:
    """What kind of payment it is, as Stripe asks for it."""
    return "charge" if repayment.payment.startswith(("ch_", "py_")) else "payment_intent"
