"""Promotion codes at Stripe: what is left of a partial award is paid through the ordinary link.

A code takes off exactly what the award pays, works once, and ends with the day to pay. It names the
application, never the person. Asked twice for the same award, Stripe gives the same code.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from shared.adapters.stripe_client import API, stripe_client
from shared.domain.awards import Award
from shared.failures import Unavailable
from shared.observability import log_failure

if TYPE_CHECKING:
    import stripe

_NAME_LIMIT = 40  # of a coupon, at Stripe
_PATIENCE = 4.0  # seconds for one answer; somebody waits for the page


class StripePromotionCodes:
    """Makes codes with a restricted key that may write coupons and promotion codes.

    Without a key (an empty one) there are none, and staff make payment links; the same if Stripe
    refuses, because a day to pay by must not pass over our mistake. `api_key` is asked for each
    code; `address` is where Stripe's API is.
    """

    def __init__(self, api_key: Callable[[], str], address: str = API) -> None:
        self._api_key = api_key
        self._address = address

    def make(self, award: Award, title: str, address: str) -> str | None:  # noqa: ARG002
        api_key = self._api_key()
        if not api_key:
            return None
        # Slow to import, and called for by few: not at a cold start.
        import stripe

        client = stripe_client(api_key, self._address, _PATIENCE)
        try:
            return _code(client, award, title)
        except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
            raise Unavailable("Stripe did not answer.") from error
        except stripe.StripeError as error:
            log_failure("Stripe refused to make a promotion code", error)
            return None


def _code(client: "stripe.StripeClient", award: Award, title: str) -> str:
    coupon = _coupon(client, award, title)
    known = client.v1.promotion_codes.list({"coupon": coupon, "active": True, "limit": 1})
    if known.data:
        return known.data[0].code
    made = client.v1.promotion_codes.create(
        {
            "promotion": {"type": "coupon", "coupon": coupon},
            "max_redemptions": 1,
            "metadata": {"offer": award.offer_id},
            **({"expires_at": int(award.pay_by.timestamp())} if award.pay_by else {}),  # type: ignore[typeddict-item]
        },
        {"idempotency_key": f"{coupon}-code"},
    )
    return made.code


def _coupon(client: "stripe.StripeClient", award: Award, title: str) -> str:
    """The id of the coupon, named after the award and what it takes off."""
    import stripe

    off = award.amount.minor + award.to_pay.minor - award.asks.minor
    coupon = f"{award.offer_id}-{off}"
    try:
        client.v1.coupons.create(
            {
                "id": coupon,
                "amount_off": off,
                "currency": award.amount.currency.lower(),
                "duration": "once",
                "max_redemptions": 1,
                "name": f"Scholarship, {title}"[:_NAME_LIMIT],
                "metadata": {"offer": award.offer_id},
            },
            {"idempotency_key": f"{coupon}-coupon"},
        )
    except stripe.InvalidRequestError as error:
        if error.code != "resource_already_exists":
            raise
    return coupon
