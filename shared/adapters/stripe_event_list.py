"""Stripe's own list of the events it made: what its webhook should have told us.

Stripe keeps them for thirty days, newest first, each as its webhook would deliver it (save for the
API version, which a webhook endpoint may have of its own).
"""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.adapters.stripe_client import API, stripe_client
from shared.adapters.stripe_events import KINDS
from shared.failures import Unavailable
from shared.observability import count, log_failure

if TYPE_CHECKING:
    import stripe
    from stripe.params import EventListParams

_PAGE = 100  # the most that Stripe gives at once
_PATIENCE = 5.0  # seconds for one answer
_AT_MOST = 120.0  # seconds for the whole list: a sweep has more to do than to wait


class StripeEventList:
    """Lists events with a restricted key that may read them.

    Without a key (an empty one) there are none; the same if Stripe refuses, which is logged and
    counted. `address` is where Stripe's API is, `at_most` how many seconds the list may take.
    """

    def __init__(self, api_key: str, address: str = API, at_most: float = _AT_MOST) -> None:
        self._api_key = api_key
        self._address = address
        self._at_most = at_most

    def since(self, at: datetime) -> Iterator[bytes]:
        if not self._api_key:
            return iter(())
        # Slow to import, and most stacks have no key: not at a cold start.
        import stripe

        client = stripe_client(self._api_key, self._address, _PATIENCE)
        try:
            newest_first = self._all(client, int(at.timestamp()))
        except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
            raise Unavailable("Stripe did not answer.") from error
        except stripe.StripeError as error:
            log_failure("Stripe refused to list its events", error)
            count("PaymentEventsNotListed")
            return iter(())
        return (json.dumps(event).encode() for event in reversed(newest_first))

    def _all(self, client: "stripe.StripeClient", since: int) -> list[dict[str, Any]]:
        """Every event of our kinds since then, in seconds, as the JSON in which Stripe wrote it."""
        deadline = time.monotonic() + self._at_most
        found: list[dict[str, Any]] = []
        asked: EventListParams = {"types": list(KINDS), "created": {"gte": since}, "limit": _PAGE}
        while True:
            answer = client.v1.events.list(asked).last_response
            # What was written, not the library's objects: those turn some texts into numbers.
            page = answer.data if answer else None
            if not isinstance(page, dict) or not isinstance(page.get("data"), list):
                raise Unavailable("Stripe's answer was no list of events.")
            found += page["data"]
            if not page.get("has_more") or not page["data"]:
                return found
            asked["starting_after"] = page["data"][-1]["id"]
            if time.monotonic() > deadline:
                raise Unavailable("Stripe's list of events took too long.")
