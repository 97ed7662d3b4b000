"""PayPal's REST API: a token for a while, then one request after the other."""

import json
import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import urllib3

from shared.adapters.provider_api import Answered, ProviderApi
from shared.failures import Unavailable

LIVE, SANDBOX = "https://api-m.paypal.com", "https://api-m.sandbox.paypal.com"
_A_MINUTE = 60.0  # a key is kept for as long, and a token given up so long before it ends
_PLAIN = re.compile(r"[A-Z_]{1,80}", re.ASCII)


class PaypalKey(NamedTuple):
    """An app's credentials, both empty if there are none."""

    client_id: str
    client_secret: str

    @property
    def there(self) -> bool:
        """Whether there is one to ask with."""
        return bool(self.client_id and self.client_secret)


class PaypalRefused(Exception):
    """PayPal said no. `issue` is its own word for why, or "" if it gave none that is plain."""

    def __init__(self, status: int, issue: str) -> None:
        super().__init__(f"PayPal answered {status} {issue}".rstrip())
        self.status = status
        self.issue = issue


class PaypalApi:
    """Asks with an app's credentials. `key` gives them; `address` is where the API is.

    Raises PaypalRefused, and Unavailable if PayPal did not answer.
    """

    def __init__(self, key: Callable[[], PaypalKey], address: str) -> None:
        self._key = key
        self._api = ProviderApi("PayPal", address)
        self._token: tuple[PaypalKey, str, float] | None = None
        self._kept: tuple[PaypalKey, float] | None = None

    @property
    def has_key(self) -> bool:
        """Whether there is a key to ask with."""
        return self._current_key().there

    def get(self, path: str) -> dict[str, Any]:
        """What stands there."""
        return self._ask("GET", path, {}, None)

    def post(self, path: str, body: dict[str, Any], request: str) -> dict[str, Any]:
        """Have something done once: PayPal knows a repeated `request` for forty-five days."""
        headers = {
            "content-type": "application/json",
            "paypal-request-id": request,
            "prefer": "return=representation",
        }
        return self._ask("POST", path, headers, json.dumps(body))

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: str | None
    ) -> dict[str, Any]:
        answered = self._once(method, path, headers, body)
        if answered.status == 401:  # a token may end before its time
            self._token = None
            answered = self._once(method, path, headers, body)
        if answered.status >= 300:
            raise PaypalRefused(answered.status, _issue(answered.said))
        return answered.said

    def _once(self, method: str, path: str, headers: dict[str, str], body: str | None) -> Answered:
        told = {"authorization": f"Bearer {self._current_token()}"} | headers
        return self._api.ask(method, path, headers=told, body=body)

    def _current_key(self) -> PaypalKey:
        kept, until = self._kept or (None, 0.0)
        if kept is None or not kept.there or time.monotonic() > until:
            kept = self._key()
            self._kept = (kept, time.monotonic() + _A_MINUTE)
        return kept

    def _current_token(self) -> str:
        key = self._current_key()
        if self._token is not None:
            whose, kept, until = self._token
            if whose == key and time.monotonic() < until:
                return kept
        basic = urllib3.make_headers(basic_auth=f"{key.client_id}:{key.client_secret}")
        answered = self._api.ask(
            "POST",
            "/v1/oauth2/token",
            headers=dict(basic) | {"content-type": "application/x-www-form-urlencoded"},
            body="grant_type=client_credentials",
        )
        if answered.status != 200:
            raise PaypalRefused(answered.status, _issue(answered.said))
        token, lasts = answered.said.get("access_token"), answered.said.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts, int | float):
            raise Unavailable("PayPal's answer was none that we know.")
        self._token = (key, token, time.monotonic() + lasts - _A_MINUTE)
        return token


def _issue(said: dict[str, Any]) -> str:
    """PayPal's word for what is wrong, if it is one; its sentences may quote anything."""
    details = said.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    words = (first.get("issue") if isinstance(first, dict) else None, said.get("name"))
    return next((word for word in words if isinstance(word, str) and _PLAIN.fullmatch(word)), "")
