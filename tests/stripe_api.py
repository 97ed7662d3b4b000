"""A stand-in for Stripe's list of events, which its own library asks."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests import loopback

KEY = "rk_for_tests"


class StripeEvents:
    """The events that Stripe keeps, and every request for them.

    It lists as Stripe does: newest first, of the kinds and times asked for, a page at a time, and
    refuses what Stripe would refuse.
    """

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []
        self.asked: list[dict[str, str]] = []
        self.answers: list[int] = []  # what the next requests get instead, 0 for what they ask for
        self.instead: dict[str, Any] | None = None  # of a list
        self.address = ""

    def make(self, body: str, at: datetime) -> bytes:
        """Make an event at that time; what its webhook would deliver."""
        event = json.loads(body) | {"created": int(at.timestamp())}
        self.made.append(event)
        # As the webhook writes it: another spacing, and another count of endpoints to be told.
        return json.dumps(event | {"pending_webhooks": 3}, indent=2).encode()

    def answer(self, path: str, said: dict[str, str], key: str) -> tuple[int, dict[str, Any]]:
        status = self.answers.pop(0) if self.answers else 0
        if status:
            return status, _error("api_error" if status >= 500 else "invalid_request_error")
        if self.instead is not None:
            return 200, self.instead
        if key != f"Bearer {KEY}":
            return 401, _error("invalid_request_error")
        kinds = [value for name, value in said.items() if name.startswith("types[")]
        known = {"limit", "created[gte]", "starting_after"}
        strange = {name for name in said if not name.startswith("types[")} - known
        limit = int(said.get("limit", 10))
        if path != "/v1/events" or strange or len(kinds) > 20 or not 1 <= limit <= 100:
            return 400, _error("invalid_request_error")
        listed = sorted(self.made, key=lambda event: event["created"], reverse=True)
        if "starting_after" in said:
            ids = [event["id"] for event in listed]
            if said["starting_after"] not in ids:
                return 400, _error("invalid_request_error")
            listed = listed[ids.index(said["starting_after"]) + 1 :]
        found = [
            event
            for event in listed
            if event["created"] >= int(said["created[gte]"]) and event["type"] in kinds
        ]
        more = len(found) > limit
        data = found[:limit]
        return 200, {"object": "list", "url": "/v1/events", "has_more": more, "data": data}


def _error(kind: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": "Quillon Vantablack"}}


@contextmanager
def listing() -> Iterator[StripeEvents]:
    """The stand-in, listening."""
    stands_in = StripeEvents()

    class Asked(loopback.Handler):
        def asked(self) -> None:
            address = urlsplit(self.path)
            said = dict(parse_qsl(address.query))
            stands_in.asked.append(said)
            key = self.headers.get("Authorization", "")
            status, answer = stands_in.answer(address.path, said, key)
            self.say(status, answer)

    with loopback.serving(Asked) as address:
        stands_in.address = address
        yield stands_in
