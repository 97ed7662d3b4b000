"""Eventbrite's API, asked for orders with a private token: one order, or all that changed lately.

An address is always built here, from ids. Whatever does not answer in time, not at all or with
anything but what was asked for is Unavailable: whoever asked is called again, and asks again.
"""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import urllib3

from shared.failures import Unavailable
from shared.observability import count, log_failure

API = "https://www.eventbriteapi.com"
_CONNECT, _READ = 2.0, 5.0  # seconds: for a connection, and for each part of an answer
_PATIENCE = 10.0  # seconds for one whole answer
_AT_MOST = 120.0  # seconds for a whole list: a sweep has more to do than to wait
_LARGEST = 8 * 1024 * 1024
_PART = 64 * 1024
_REFUSED = (400, 401, 403)
_TOO_OFTEN = 429
_PAUSE = 300.0  # seconds, if it does not say how long it wants to be left alone
_LONGEST_PAUSE = 3600.0  # its limit is by the hour
# Every state, so that what was cancelled or refunded is listed too.
_EVERY_STATE = "both"


class EventbriteOrders:
    """Orders with their tickets, one at a time or as a list.

    `token` gives the private token each time it is needed; without one there are no orders to list.
    `address` is where the API is, and `patience` how many seconds one answer may take.
    """

    def __init__(
        self,
        token: Callable[[], str],
        address: str = API,
        patience: float = _PATIENCE,
        at_most: float = _AT_MOST,
    ) -> None:
        self._token = token
        self._address = address
        self._patience = patience
        self._at_most = at_most
        timeout = urllib3.Timeout(connect=_CONNECT, read=min(_READ, patience))
        self._left_alone_until = 0.0
        self._pool = urllib3.PoolManager(timeout=timeout, retries=False)

    def order(self, order: str) -> bytes:
        return json.dumps(self._get(f"/v3/orders/{int(order)}/", expand="attendees")).encode()

    def order_of(self, event: str, attendee: str) -> str:
        found = self._get(f"/v3/events/{int(event)}/attendees/{int(attendee)}/")
        return _number(found.get("order_id"))

    def since(self, at: datetime) -> Iterator[bytes]:
        if not self._token():
            return iter(())
        deadline = time.monotonic() + self._at_most
        try:
            found = self._changed_since(at, deadline)
        except _Refused as error:
            log_failure("Eventbrite refused to list its orders", error)
            count("PaymentEventsNotListed")
            return iter(())
        found.sort(key=lambda order: str(order.get("changed")))
        return (json.dumps(order).encode() for order in found)

    def _changed_since(self, at: datetime, deadline: float) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for organization in self._pages("/v3/users/me/organizations/", "organizations", deadline):
            found += self._pages(
                f"/v3/organizations/{_number(organization.get('id'))}/orders/",
                "orders",
                deadline,
                changed_since=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
                status=_EVERY_STATE,
                expand="attendees",
            )
        return found

    def _pages(
        self, path: str, what: str, deadline: float, **asked: str
    ) -> Iterator[dict[str, Any]]:
        while True:
            page = self._get(path, **asked)
            listed, about = page.get(what), page.get("pagination")
            if not isinstance(about, dict) or not isinstance(listed, list):
                raise Unavailable("Eventbrite's answer was no list.")
            if not all(isinstance(one, dict) for one in listed):
                raise Unavailable("Eventbrite's list holds something else than objects.")
            yield from listed
            if not about.get("has_more_items") or not about.get("continuation"):
                return
            asked["continuation"] = str(about["continuation"])
            if time.monotonic() > deadline:
                raise Unavailable("Eventbrite's list took too long.")

    def _get(self, path: str, **asked: str) -> dict[str, Any]:
        """One answer, which is an object. Raises Unavailable."""
        token = self._token()
        if not token:
            raise Unavailable("There is no token to ask Eventbrite with.")
        if time.monotonic() < self._left_alone_until:
            raise Unavailable("Eventbrite wants to be asked no more for now.")
        address = f"{self._address}{path}" + (f"?{urlencode(asked)}" if asked else "")
        try:
            status, body, headers = self._fetch(address, token)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable("Eventbrite did not answer.") from error
        if status == _TOO_OFTEN:
            count("EventbriteAskedTooOften")
            self._left_alone_until = time.monotonic() + _pause(headers)
            raise Unavailable("Eventbrite wants to be asked no more for now.")
        if status in _REFUSED:
            raise _Refused("Eventbrite did not accept the token.")
        if status != 200:
            raise Unavailable(f"Eventbrite answered with {status}.")
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise Unavailable("Eventbrite's answer could not be read.")
        return answer

    def _fetch(self, address: str, token: str) -> tuple[int, bytes, Any]:
        deadline = time.monotonic() + self._patience
        # Never where an answer points to: the token is for Eventbrite alone.
        answer = self._pool.request(
            "GET",
            address,
            headers={"authorization": f"Bearer {token}", "accept": "application/json"},
            redirect=False,
            preload_content=False,
        )
        try:
            body = b""
            for part in answer.stream(_PART):
                body += part
                if len(body) > _LARGEST or time.monotonic() > deadline:
                    raise Unavailable("Eventbrite's answer was too long, or took too long.")
            return answer.status, body, answer.headers
        finally:
            answer.close()


class _Refused(Unavailable):
    """The token is wrong, or may not read orders: somebody has to put another one in."""


def _number(said: Any) -> str:
    """An id as Eventbrite writes it, fit to be part of an address."""
    if not isinstance(said, str) or not (said.isascii() and said.isdigit()):
        raise Unavailable("Eventbrite's answer names nothing that can be asked for.")
    return said


def _pause(headers: Any) -> float:
    """How many seconds it asks to be left alone, if it says so in a number that can be meant."""
    said = str(headers.get("retry-after") or "")
    meant = said.isascii() and said.isdigit() and len(said) < 6
    return min(float(said), _LONGEST_PAUSE) if meant else _PAUSE
