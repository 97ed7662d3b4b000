"""What Razorpay's webhook should have told us, from what Razorpay lists.

Razorpay keeps no list of events. It lists payments, refunds and disputes, and each of them is put
into the event that its webhook sent when it came to that: under the same name, so that it counts
once, by whichever way it comes.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import urllib3

from shared.adapters.provider_api import ProviderApi
from shared.adapters.razorpay_refunds import RazorpayKey
from shared.failures import Unavailable
from shared.observability import count, log_failure

_API = "https://api.razorpay.com"
_PAGE = 100  # the most that Razorpay gives at once
_AT_MOST = 45.0  # seconds for all the lists: a sweep has more to do than to wait


class _List(NamedTuple):
    """A list of Razorpay's: what an entry is in an event, and which event its status stands for.

    It is asked by when an entry was made, and an entry may change for `changes_for` after that.
    """

    path: str
    part: str
    events: dict[str, str]
    changes_for: timedelta


_LISTS = (
    _List(
        "/v1/payments",
        "payment",
        {
            "captured": "payment.captured",
            "refunded": "payment.captured",
            "failed": "payment.failed",
        },
        timedelta(days=5),
    ),
    _List(
        "/v1/refunds",
        "refund",
        {
            "pending": "refund.created",
            "processed": "refund.processed",
            "failed": "refund.failed",
        },
        timedelta(days=14),
    ),
    _List(
        "/v1/disputes",
        "dispute",
        {
            "open": "payment.dispute.created",
            "under_review": "payment.dispute.created",
            "won": "payment.dispute.won",
            "lost": "payment.dispute.lost",
            "closed": "payment.dispute.closed",
        },
        timedelta(days=120),
    ),
)


class _Refused(Exception):
    """Razorpay said no."""


class RazorpayEventList:
    """Lists with a key of the institute's account.

    Without a key there are none; the same if Razorpay refuses, which is logged and counted.
    `address` is where Razorpay's API is, `at_most` how many seconds all the lists may take.
    """

    def __init__(
        self, key: Callable[[], RazorpayKey], address: str = _API, at_most: float = _AT_MOST
    ) -> None:
        self._key = key
        self._api = ProviderApi("Razorpay", address)
        self._at_most = at_most

    def since(self, at: datetime) -> Iterator[bytes]:
        key = self._key()
        if not key.id or not key.secret:
            return iter(())
        deadline = time.monotonic() + self._at_most
        try:
            found = [
                (_made(entry), _as_event(entry, one))
                for one in _LISTS
                for entry in self._all(key, one, at, deadline)
                if entry.get("status") in one.events
            ]
        except _Refused as refused:
            log_failure("Razorpay refused to list its payments", refused)
            count("PaymentEventsNotListed")
            return iter(())
        return (json.dumps(event).encode() for _, event in sorted(found, key=lambda one: one[0]))

    def _all(
        self, key: RazorpayKey, one: _List, at: datetime, deadline: float
    ) -> Iterator[dict[str, Any]]:
        basic = dict(urllib3.make_headers(basic_auth=f"{key.id}:{key.secret}"))
        since, skip = int((at - one.changes_for).timestamp()), 0
        while True:
            asked = urlencode({"from": since, "count": _PAGE, "skip": skip})
            answered = self._api.ask("GET", f"{one.path}?{asked}", headers=basic)
            if answered.status != 200:
                raise _Refused
            page = answered.said.get("items")
            if not isinstance(page, list) or not all(isinstance(entry, dict) for entry in page):
                raise Unavailable("Razorpay's answer was no list.")
            yield from page
            if len(page) < _PAGE:
                return
            skip += _PAGE
            if time.monotonic() > deadline:
                raise Unavailable("Razorpay's lists took too long.")


def _made(entry: dict[str, Any]) -> int:
    """When, in seconds; what has no such time is read, and refused, first of all."""
    at = entry.get("created_at")
    return at if isinstance(at, int) else 0


def _as_event(entry: dict[str, Any], one: _List) -> dict[str, Any]:
    """The event, as the webhook wrote it as far as anything of it is read."""
    return {
        "entity": "event",
        # What an unreadable one is called when people are told of it.
        "id": entry.get("id"),
        "event": one.events[entry["status"]],
        "contains": [one.part],
        "payload": {one.part: {"entity": entry}},
        "created_at": entry.get("created_at"),
    }
