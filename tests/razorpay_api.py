"""A stand-in for Razorpay's lists of payments, refunds and disputes."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from shared.adapters.razorpay_refunds import RazorpayKey
from tests import loopback
from tests.razorpay import model

KEY = RazorpayKey("rzp_test_TendingLists", "its secret, for tests")
_LISTS = {"/v1/payments": "payment", "/v1/refunds": "refund", "/v1/disputes": "dispute"}


class RazorpayLists:
    """Everything there is, by kind, and every request for it."""

    def __init__(self) -> None:
        self.kept: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _LISTS.values()}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.answers: list[int] = []  # what the next requests get instead, 0 for what they ask for
        self.instead: Any = None  # of a list
        self.address = ""

    def makes(self, name: str, at: datetime, **changes: Any) -> bytes:
        """Let that happen of which the model event tells; what its webhook would deliver."""
        event = model(name)
        kind = name.removeprefix("payment.").partition(".")[0] if "dispute" in name else ""
        kind = kind or name.partition(".")[0]
        entity = event["payload"][kind]["entity"]
        entity |= {"created_at": int(at.timestamp())} | changes
        event["created_at"] = int(at.timestamp()) + 3
        kept = self.kept[kind]
        kept[:] = [one for one in kept if one["id"] != entity["id"]] + [entity]
        return json.dumps(event, indent=1).encode()

    def answer(self, path: str, said: dict[str, str], key: str) -> tuple[int, Any]:
        status = self.answers.pop(0) if self.answers else 0
        if status:
            return status, _error("SERVER_ERROR" if status >= 500 else "BAD_REQUEST_ERROR")
        right = base64.b64encode(":".join(KEY).encode()).decode()
        if key != f"Basic {right}":
            return 401, _error("BAD_REQUEST_ERROR")
        if self.instead is not None:
            return 200, self.instead
        count, skip = int(said.get("count", 10)), int(said.get("skip", 0))
        if path not in _LISTS or set(said) - {"from", "to", "count", "skip"} or count > 100:
            return 400, _error("BAD_REQUEST_ERROR")
        newest_first = sorted(
            self.kept[_LISTS[path]], key=lambda one: int(one["created_at"]), reverse=True
        )
        found = [one for one in newest_first if one["created_at"] >= int(said.get("from", 0))]
        items = found[skip : skip + count]
        return 200, {"entity": "collection", "count": len(items), "items": items}


def _error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "description": "Quillon Vantablack", "reason": "NA"}}


@contextmanager
def listing() -> Iterator[RazorpayLists]:
    """The stand-in, listening."""
    stands_in = RazorpayLists()

    class Asked(loopback.Handler):
        def asked(self) -> None:
            address = urlsplit(self.path)
            said = dict(parse_qsl(address.query))
            stands_in.asked.append((address.path, said))
            key = self.headers.get("Authorization", "")
            status, answer = stands_in.answer(address.path, said, key)
            self.say(status, answer)

    with loopback.serving(Asked) as address:
        stands_in.address = address
        yield stands_in
