"""A stand-in for Eventbrite's API, in its own shapes: orders from files, one by one or as a list.

Run as `python -m devstack.eventbrite PORT FOLDER...`, with the private token in EVENTBRITE_TOKEN.
Loopback only. A file that is put into a folder while it runs is an order from then on.
"""

import base64
import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

ORGANIZATION = "276539210299"
_PAGE = 50
_ORDER = re.compile(r"/v3/orders/(\d+)/")
_ATTENDEE = re.compile(r"/v3/events/(\d+)/attendees/(\d+)/")
_GONE = ("refunded", "cancelled", "deleted")
# Under each word of the list's filter: whether it lists what stands, what is gone, or both.
_LISTED = {"active": (False,), "inactive": (True,), "both": (False, True)}

Json = dict[str, Any]


class OrdersApi:
    """What Eventbrite answers about orders; `orders` gives them as they are at that moment."""

    def __init__(self, orders: Callable[[], Iterable[Json]], token: str, page: int = _PAGE) -> None:
        self._orders = orders
        self._token = token
        self._page = page

    def answer(self, address: str, authorization: str) -> tuple[int, Json]:
        """Status and body for a GET of that address with that header."""
        if not authorization:
            return _error(401, "NO_AUTH", "You did not authenticate.")
        if authorization != f"Bearer {self._token}":
            return _error(401, "INVALID_AUTH", "The OAuth token you provided was invalid.")
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/v3/users/me/organizations/":
            return self._listed(
                "organizations", [{"id": ORGANIZATION, "_type": "organization"}], asked
            )
        if parts.path == f"/v3/organizations/{ORGANIZATION}/orders/":
            return self._changed(asked)
        if found := _ORDER.fullmatch(parts.path):
            return self._order(found[1], asked)
        if found := _ATTENDEE.fullmatch(parts.path):
            return self._attendee(found[1], found[2])
        return _error(404, "NOT_FOUND", "The path you requested does not exist.")

    def _order(self, order: str, asked: dict[str, str]) -> tuple[int, Json]:
        for one in self._orders():
            if one["id"] == order:
                return 200, _expanded(one, asked)
        return _error(404, "NOT_FOUND", "The order you requested does not exist.")

    def _attendee(self, event: str, attendee: str) -> tuple[int, Json]:
        for order in self._orders():
            for one in order["attendees"]:
                if (one["event_id"], one["id"]) == (event, attendee):
                    return 200, one
        return _error(404, "NOT_FOUND", "The attendee you requested does not exist.")

    def _changed(self, asked: dict[str, str]) -> tuple[int, Json]:
        since, state = asked.get("changed_since", ""), asked.get("status", "active")
        if state not in _LISTED:
            return _error(400, "ARGUMENTS_ERROR", "There are errors with your arguments: status")
        found = [
            order
            for order in self._orders()
            if order["changed"] >= since and (order["status"] in _GONE) in _LISTED[state]
        ]
        return self._listed("orders", [_expanded(order, asked) for order in found], asked)

    def _listed(self, what: str, found: list[Json], asked: dict[str, str]) -> tuple[int, Json]:
        first = 0
        if "continuation" in asked:
            try:
                first = int(base64.urlsafe_b64decode(asked["continuation"]))
            except ValueError:
                return _error(400, "BAD_CONTINUATION_TOKEN", "Invalid continuation token passed.")
        more = first + self._page < len(found)
        about: Json = {
            "object_count": len(found),
            "page_number": first // self._page + 1,
            "page_size": self._page,
            "page_count": -(-len(found) // self._page),
            "has_more_items": more,
        }
        if more:
            place = str(first + self._page).encode()
            about["continuation"] = base64.urlsafe_b64encode(place).decode()
        return 200, {"pagination": about, what: found[first : first + self._page]}


def orders_in(folders: Iterable[Path]) -> list[Json]:
    """The orders in those folders, a file each; of one order the last folder's counts."""
    found = {}
    for folder in folders:
        for file in sorted(folder.glob("*.json")):
            order = json.loads(file.read_bytes())
            found[order["id"]] = order
    return list(found.values())


def _expanded(order: Json, asked: dict[str, str]) -> Json:
    if "attendees" in asked.get("expand", "").split(","):
        return order
    return {name: value for name, value in order.items() if name != "attendees"}


def _error(status: int, error: str, description: str) -> tuple[int, Json]:
    return status, {"status_code": status, "error": error, "error_description": description}


class Handler(BaseHTTPRequestHandler):
    """Answers what `api` answers."""

    api: OrdersApi
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """One request."""
        self.respond()

    def respond(self) -> None:
        """Answer as the API does."""
        status, answer = self.api.answer(self.path, self.headers.get("Authorization", ""))
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def main() -> None:
    """Serve until stopped."""
    port, *folders = sys.argv[1:]
    api = OrdersApi(lambda: orders_in(map(Path, folders)), os.environ["EVENTBRITE_TOKEN"])
    handler = type("ThisApi", (Handler,), {"api": api})
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler).serve_forever()


if __name__ == "__main__":
    main()
