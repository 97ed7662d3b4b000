"""PayPal's own list of the events it made: what its webhook should have told us.

PayPal keeps them for thirty days, newest first, each as its webhook would deliver it.
"""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from shared.adapters.paypal_api import PaypalApi, PaypalRefused
from shared.adapters.paypal_events import KINDS
from shared.failures import Unavailable
from shared.observability import count, log_failure

_EVENTS = "/v1/notifications/webhooks-events"
_PAGE = 100
_AT_MOST = 45.0  # seconds for the whole list: a sweep has more to do than to wait


class PaypalEventList:
    """Lists the events of an app.

    Without a key there are none; the same if PayPal refuses, which is logged and counted.
    `at_most` is how many seconds the list may take.
    """

    def __init__(self, api: PaypalApi, at_most: float = _AT_MOST) -> None:
        self._api = api
        self._at_most = at_most

    def since(self, at: datetime) -> Iterator[bytes]:
        if not self._api.has_key:
            return iter(())
        start = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        asked = urlencode({"page_size": _PAGE, "start_time": start})
        try:
            newest_first = self._all(f"{_EVENTS}?{asked}")
        except PaypalRefused as refused:
            log_failure("PayPal refused to list its events", refused)
            count("PaymentEventsNotListed")
            return iter(())
        return (json.dumps(event).encode() for event in reversed(newest_first))

    def _all(self, path: str | None) -> list[dict[str, Any]]:
        """Every event of our kinds, as PayPal wrote it, page by page."""
        deadline = time.monotonic() + self._at_most
        found: list[dict[str, Any]] = []
        while path:
            answer = self._api.get(path)
            page = answer.get("events", [])
            if not isinstance(page, list) or not all(isinstance(one, dict) for one in page):
                raise Unavailable("PayPal's answer was no list of events.")
            found += [event for event in page if event.get("event_type") in KINDS]
            path = _next(answer) if page else None
            if path and time.monotonic() > deadline:
                raise Unavailable("PayPal's list of events took too long.")
        return found


def _next(answer: dict[str, Any]) -> str | None:
    """Where the list goes on: of the address that PayPal names only what is behind the host.

    So whatever it names, nobody else is ever told our token.
    """
    links = answer.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict) and link.get("rel") == "next":
            said = urlsplit(str(link.get("href")).replace("&amp;", "&"))
            if said.path.rstrip("/") != _EVENTS:
                raise Unavailable("PayPal's list goes on where no list is.")
            return f"{_EVENTS}?{said.query}"
    return None
