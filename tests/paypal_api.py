"""A stand-in for the part of PayPal's REST API that we ask: tokens, captures, checkouts, refunds,
and the list of events.

It keeps what PayPal would keep, knows a repeated request, refuses what PayPal would refuse, and can
lose an answer.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from shared.adapters.paypal_api import PaypalKey
from shared.domain.money import Money
from tests import loopback
from tests.paypal import model

KEY = PaypalKey("an app for tests", "its secret, for tests")
_EVENTS = "/v1/notifications/webhooks-events"


class PaypalServer:
    """Captures by id, each with its checkout; refunds; events; and every request.

    `moods` are of the next requests but those for tokens: "silent", "lost", or a status.
    """

    def __init__(self) -> None:
        self.captures: dict[str, dict[str, Any]] = {}
        self.checkouts: dict[str, dict[str, Any]] = {}
        self.refunds: list[dict[str, Any]] = []
        self.remembered: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[dict[str, Any]] = []
        self.moods: list[Any] = []
        self.moods_of: tuple[str, ...] = ("GET", "POST")
        self.tokens: list[str] = []
        self.lasts: Any = 32400
        self.page_size = 0  # of any list, whatever was asked, if it is not 0
        self.address = ""

    def sells(self, name: str = "checkout.order.completed") -> dict[str, Any]:
        """Have somebody pay, as in that model event; the capture."""
        checkout = model(name)["resource"]
        (capture,) = checkout["purchase_units"][0]["payments"]["captures"]
        capture = capture | {"supplementary_data": {"related_ids": {"order_id": checkout["id"]}}}
        self.captures[capture["id"]] = capture
        self.checkouts[checkout["id"]] = checkout
        return dict(capture)

    def makes(self, event: dict[str, Any], at: datetime) -> bytes:
        """Make an event at that time; what its webhook would deliver."""
        made = event | {"create_time": f"{at:%Y-%m-%dT%H:%M:%S.000Z}"}
        self.events.append(made)
        return json.dumps(made, indent=1).encode()

    def sold(self, payment: str, value: str) -> None:
        """Have a capture of that id and so many dollars."""
        capture = self.sells() | {
            "id": payment, "amount": {"value": value, "currency_code": "USD"},
        }  # fmt: skip
        self.captures[payment] = capture
        for checkout in self.checkouts.values():
            checkout["purchase_units"][0]["payments"]["captures"] = [capture]

    def give_by_hand(self, payment: str, minor: int) -> None:
        """Staff give money back on PayPal's own page."""
        self._make(payment, Money(minor=minor, currency="USD").decimal, {})

    def gone(self, payment: str) -> int:
        of_it = [one for one in self.refunds if payment in one["links"][0]["href"]]
        return sum(_cents(one) for one in of_it if one["status"] != "FAILED")

    def forget_requests(self) -> None:
        """Two months later: the names of repeated requests mean nothing any more."""
        self.remembered.clear()

    def answer(
        self, method: str, path: str, said: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        if path == "/v1/oauth2/token":
            return self._token(said, headers)
        if headers.get("authorization") not in [f"Bearer {token}" for token in self.tokens[-1:]]:
            return 401, {"error": "invalid_token", "error_description": "Quillon Vantablack"}
        parts = path.strip("/").split("/")
        match method, *parts:
            case "GET", "v1", "notifications", "webhooks-events":
                return self._list(said)
            case "GET", "v2", "payments", "captures", capture if capture in self.captures:
                return 200, self.captures[capture]
            case "GET", "v2", "checkout", "orders", checkout if checkout in self.checkouts:
                return 200, self.checkouts[checkout]
            case "POST", "v2", "payments", "captures", capture, "refund" if (
                capture in self.captures
            ):
                return self._refund(capture, said, headers)
        return 404, {"name": "RESOURCE_NOT_FOUND", "message": "Quillon Vantablack", "details": []}

    def _token(self, said: dict[str, Any], headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        right = base64.b64encode(":".join(KEY).encode()).decode()
        if headers.get("authorization") != f"Basic {right}":
            return 401, {"error": "invalid_client", "error_description": "Quillon Vantablack"}
        if said != {"grant_type": "client_credentials"}:
            return 400, {"error": "unsupported_grant_type"}
        self.tokens.append(f"A21AAtoken{len(self.tokens)}")
        return 200, {
            "scope": "https://uri.paypal.com/services/applications/webhooks",
            "access_token": self.tokens[-1], "token_type": "Bearer", "expires_in": self.lasts,
        }  # fmt: skip

    def _list(self, said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if set(said) - {"page_size", "start_time", "end_time", "event_type", "at"}:
            return 400, {"name": "VALIDATION_ERROR"}
        since = datetime.fromisoformat(said["start_time"])
        newest_first = sorted(self.events, key=lambda one: str(one["create_time"]), reverse=True)
        found = [one for one in newest_first if datetime.fromisoformat(one["create_time"]) >= since]
        start, size = int(said.get("at", 0)), self.page_size or int(said.get("page_size", 10))
        page = found[start : start + size]
        links = []
        if start + size < len(found):
            on = urlencode(
                {"start_time": said["start_time"], "page_size": size, "at": start + size}
            )
            href = f"https://api.sandbox.paypal.com{_EVENTS}?{on}"
            links.append({"href": href, "rel": "next", "method": "GET"})
        return 200, {"events": page, "count": len(page), "links": links}

    def _refund(
        self, capture: str, said: dict[str, Any], headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        request = headers.get("paypal-request-id", "")
        if request in self.remembered:
            return 200, self.remembered[request]
        amount = said["amount"]
        if len(said.get("custom_id", "")) > 127 or not request:
            return 400, _unprocessable("INVALID_STRING_LENGTH")
        paid = self.captures[capture]["amount"]
        if amount["currency_code"] != paid["currency_code"]:
            return 422, _unprocessable("CURRENCY_MISMATCH")
        if self.gone(capture) + round(float(amount["value"]) * 100) > round(
            float(paid["value"]) * 100
        ):
            return 422, _unprocessable("REFUND_AMOUNT_EXCEEDED")
        made = self._make(capture, amount["value"], said)
        self.remembered[request] = made
        return 201, made

    def _make(self, capture: str, value: str, said: dict[str, Any]) -> dict[str, Any]:
        made = {
            "id": f"REFUND{len(self.refunds) + 1:08}", "status": "COMPLETED",
            "amount": {"value": value, "currency_code": "USD"},
            "links": [{"rel": "up", "href": f"https://api.paypal.com/v2/payments/captures/{capture}"}],
        }  # fmt: skip
        if "custom_id" in said:
            made["custom_id"] = said["custom_id"]
        self.refunds.append(made)
        for checkout in self.checkouts.values():
            for unit in checkout["purchase_units"]:
                if any(one["id"] == capture for one in unit["payments"]["captures"]):
                    unit["payments"].setdefault("refunds", []).append(made)
        return made


def _cents(refund: dict[str, Any]) -> int:
    return round(float(refund["amount"]["value"]) * 100)


def _unprocessable(issue: str) -> dict[str, Any]:
    return {
        "name": "UNPROCESSABLE_ENTITY", "message": "Quillon Vantablack",
        "details": [{"issue": issue, "description": "Quillon Vantablack"}],
    }  # fmt: skip


@contextmanager
def serving() -> Iterator[PaypalServer]:
    """The stand-in, listening."""
    stands_in = PaypalServer()

    class Asked(loopback.Handler):
        def asked(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            said: dict[str, Any] = dict(parse_qsl(address.query))
            if body:
                is_json = headers.get("content-type", "") == "application/json"
                said |= json.loads(body) if is_json else dict(parse_qsl(body))
                stands_in.bodies.append(said)
            stands_in.asked.append((self.command, address.path))
            of_token = address.path == "/v1/oauth2/token"
            moody = self.command in stands_in.moods_of and not of_token
            mood = stands_in.moods.pop(0) if stands_in.moods and moody else ""
            if isinstance(mood, int):
                self.say(mood, {"name": "TROUBLE", "message": "Quillon Vantablack"})
                return
            if mood == "silent":
                self.close_connection = True
                return
            status, answer = stands_in.answer(self.command, address.path, said, headers)
            if mood == "lost":
                self.close_connection = True
                return
            self.say(status, answer)

    with loopback.serving(Asked) as address:
        stands_in.address = address
        yield stands_in
