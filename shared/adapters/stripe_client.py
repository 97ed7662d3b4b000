"""How Stripe's API is reached: with a key, at an address, once more at most, and never for long."""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import stripe

API: Final = "https://api.stripe.com"


def stripe_client(api_key: str, address: str, patience: float) -> "stripe.StripeClient":
    """A client of Stripe's API; `patience` is how many seconds one answer may take."""
    # Slow to import, and many stacks have no key: not at a cold start.
    import stripe

    return stripe.StripeClient(
        api_key,
        base_addresses={"api": address},
        max_network_retries=1,
        http_client=stripe.RequestsClient(timeout=patience),
    )
