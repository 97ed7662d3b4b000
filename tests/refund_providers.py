"""Stand-ins for the parts of Stripe's and Razorpay's APIs that give money back.

Each keeps what the provider would keep, knows a repeated request, refuses what the provider would
refuse, and can lose an answer.
"""

import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests import loopback

STRIPE_KEY = "rk_for_tests"
RAZORPAY_ID, RAZORPAY_SECRET = "rzp_test_id", "rzp_for_tests"


class Provider(ABC):
    """What is common to both: payments, their refunds, remembered requests, and moods."""

    def __init__(self) -> None:
        self.payments: dict[str, int] = {}
        self.refunds: list[dict[str, Any]] = []
        self.remembered: dict[str, tuple[str, dict[str, Any]]] = {}
        self.asked: list[tuple[str, str, str]] = []  # method, path, key of the repeated request
        self.moods: list[str] = []  # of the next POSTs: "silent", "lost", "busy"
        self.address = ""

    def give_by_hand(self, payment: str, minor: int) -> None:
        """Staff give money back on the provider's own page."""
        self.make(payment, minor, {})

    @abstractmethod
    def make(self, payment: str, minor: int, notes: dict[str, str]) -> dict[str, Any]:
        """Give back, and keep it as the provider writes it down."""

    @abstractmethod
    def answer(
        self, method: str, path: str, said: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Status and body of the provider's answer."""

    def gone(self, payment: str) -> int:
        failed = ("failed", "canceled")
        return sum(one["amount"] for one in self.refunds if one["status"] not in failed)

    def forget_requests(self) -> None:
        """A day later: the keys of repeated requests mean nothing any more."""
        self.remembered.clear()


class Stripe(Provider):
    def make(self, payment: str, minor: int, notes: dict[str, str]) -> dict[str, Any]:
        made = {
            "id": f"re_{len(self.refunds) + 1}", "object": "refund", "amount": minor,
            "payment_intent": payment, "currency": "usd", "status": "succeeded",
            "metadata": notes,
        }  # fmt: skip
        self.refunds.insert(0, made)
        return made

    def answer(
        self, method: str, path: str, said: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        if headers.get("authorization") != f"Bearer {STRIPE_KEY}":
            return 401, self._error("invalid_request_error", None)
        if path != "/v1/refunds":
            return 404, self._error("invalid_request_error", "no such address")
        payment = said.get("payment_intent", "")
        if method == "GET":
            found = [one for one in self.refunds if one["payment_intent"] == payment]
            return 200, {"object": "list", "url": path, "has_more": False, "data": found}
        key = headers.get("idempotency-key", "")
        known = self.remembered.get(key)
        if known is not None:
            if known[0] != json.dumps(said, sort_keys=True):
                return 400, self._error("idempotency_error", None)
            return 200, known[1]
        if payment not in self.payments:
            return 404, self._error("invalid_request_error", "resource_missing")
        if self.gone(payment) + int(said["amount"]) > self.payments[payment]:
            return 400, self._error("invalid_request_error", "charge_already_refunded")
        notes = {name[9:-1]: value for name, value in said.items() if name.startswith("metadata[")}
        made = self.make(payment, int(said["amount"]), notes)
        self.remembered[key] = (json.dumps(said, sort_keys=True), made)
        return 200, made

    def _error(self, kind: str, code: str | None) -> dict[str, Any]:
        return {"error": {"type": kind, "code": code, "message": "Quillon Vantablack"}}


class Razorpay(Provider):
    def make(self, payment: str, minor: int, notes: dict[str, str]) -> dict[str, Any]:
        made = {
            "id": f"rfnd_{len(self.refunds) + 1}", "entity": "refund", "amount": minor,
            "currency": "INR", "payment_id": payment, "status": "processed",
            "notes": notes or [],
        }  # fmt: skip
        self.refunds.insert(0, made)
        return made

    def answer(
        self, method: str, path: str, said: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        right = base64.b64encode(f"{RAZORPAY_ID}:{RAZORPAY_SECRET}".encode()).decode()
        if headers.get("authorization") != f"Basic {right}":
            return 401, self._error("NA")
        _, _, _, payment, what = path.split("/")
        if method == "GET" and what == "refunds":
            all_of = [one for one in self.refunds if one["payment_id"] == payment]
            skip, most = int(said.get("skip", 0)), int(said.get("count", 10))
            items = all_of[skip : skip + min(most, 100)]
            return 200, {"entity": "collection", "count": len(items), "items": items}
        key = headers.get("x-refund-idempotency", "")
        known = self.remembered.get(key)
        if known is not None:
            if known[0] != json.dumps(said, sort_keys=True):
                return 400, self._error("input_validation_failed")
            return 200, known[1]
        if len(key) < 10 or payment not in self.payments:
            return 400, self._error("input_validation_failed")
        if self.gone(payment) + said["amount"] > self.payments[payment]:
            return 400, self._error("refund_amount_greater_than_captured")
        made = self.make(payment, said["amount"], said["notes"])
        self.remembered[key] = (json.dumps(said, sort_keys=True), made)
        return 200, made

    def _error(self, reason: str) -> dict[str, Any]:
        return {
            "error": {
                "code": "BAD_REQUEST_ERROR", "reason": reason, "description": "Quillon Vantablack",
            }
        }  # fmt: skip


@contextmanager
def serving(make: Callable[[], Provider]) -> Iterator[Any]:
    """The stand-in, listening."""
    stands_in = make()

    class Asked(loopback.Handler):
        def asked(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length).decode()
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            said: dict[str, Any] = dict(parse_qsl(address.query))
            if body:
                is_json = headers.get("content-type", "").startswith("application/json")
                said |= json.loads(body) if is_json else dict(parse_qsl(body))
            key = headers.get("idempotency-key") or headers.get("x-refund-idempotency") or ""
            stands_in.asked.append((self.command, address.path, key))
            mood = stands_in.moods.pop(0) if stands_in.moods and self.command == "POST" else ""
            if mood == "busy":
                self.say(429, {"error": {"type": "rate_limit_error"}})
                return
            if mood != "silent":
                status, answer = stands_in.answer(self.command, address.path, said, headers)
            if mood in ("silent", "lost"):
                self.close_connection = True
                return
            self.say(status, answer)

        def _say(self, status: int, answer: dict[str, Any]) -> None:
            self.say(status, answer)

    with loopback.serving(Asked) as address:
        stands_in.address = address
        yield stands_in
