"""Asking a provider's API over HTTPS, in JSON: never without end, never through a proxy.

What cannot be had now is Unavailable. Everything else is an answer, and its status says which.
"""

import json
from typing import Any, NamedTuple

import certifi
import urllib3

from shared.failures import Unavailable

_PATIENCE = urllib3.Timeout(connect=3.0, read=8.0)
_BUSY = 429


class Answered(NamedTuple):
    """What a provider answered: an object, empty if it was none."""

    status: int
    said: dict[str, Any]


class ProviderApi:
    """The API at `address`; `name` is whose it is, for messages."""

    def __init__(self, name: str, address: str) -> None:
        self._name = name
        self._address = address
        # No redirect is followed and nothing is sent twice: who asks knows what may be repeated.
        self._pool = urllib3.PoolManager(timeout=_PATIENCE, retries=False, ca_certs=certifi.where())

    def ask(
        self, method: str, path: str, *, headers: dict[str, str], body: str | None = None
    ) -> Answered:
        """One request and its answer. Raises Unavailable if there is none, or none of use."""
        try:
            response = self._pool.request(
                method, self._address + path, body=body, headers=headers, redirect=False
            )
            status, content = response.status, response.data
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(f"{self._name} did not answer.") from error
        if status == _BUSY or status >= 500:
            raise Unavailable(f"{self._name} answered {status}.")
        try:
            said = json.loads(content) if content else {}
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            if status < 400:
                raise Unavailable(f"{self._name}'s answer was none that we know.")
            said = {}
        return Answered(status, said)
