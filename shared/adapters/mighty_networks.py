"""A network at Mighty Networks, through its Admin API: members, invitations, and changes to them.

Lists come in pages of a hundred at most, asked for by number: of the links beside them only whether
there is a next one is told for good. How many requests a minute it allows it does not say clearly,
so each waits its turn.
"""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from shared.adapters.provider_api import ProviderApi
from shared.community_ports import KeyRefused
from shared.domain.communities import Seen
from shared.failures import Unavailable

API = "https://api.mn.co"
_PACE = 0.65  # seconds from one request to the next
_PAGE = 100
_MOST_PAGES = 500
_REFUSED = (401, 403)
_GONE = 404


class MightyNetworks:
    """The network of that id or subdomain; `key` gives the Admin API's key each time."""

    def __init__(
        self, network: str, key: Callable[[], str], address: str = API, pace: float = _PACE
    ) -> None:
        self._top = f"/admin/v1/networks/{network}"
        self._key = key
        self._api = ProviderApi("Mighty Networks", address)
        self._pace = pace
        self._next = 0.0

    def members(self) -> list[Seen]:
        return [_seen(one, "email") for one in self._listed("members")]

    def pending(self) -> list[Seen]:
        return [_seen(one, "recipient_email") for one in self._listed("invites")]

    def invite(self, address: str) -> None:
        self._ask("POST", "/invites", {"recipient_email": address})

    def withdraw(self, invite: str) -> None:
        self._ask("DELETE", f"/invites/{invite}/")

    def remove(self, member: str) -> None:
        self._ask("DELETE", f"/members/{member}/network_membership")

    def _listed(self, what: str) -> Iterator[dict[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            asked = urlencode({"page": page, "per_page": _PAGE})
            answer = self._ask("GET", f"/{what}?{asked}")
            items, links = answer.get("items"), answer.get("links")
            if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
                raise Unavailable("The network's answer was no list.")
            yield from items
            if not isinstance(links, dict) or not links.get("next"):
                return
        raise Unavailable("The network's list has no end.")

    def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
        time.sleep(max(0.0, self._next - time.monotonic()))
        self._next = time.monotonic() + self._pace
        headers = {"authorization": f"Bearer {self._key()}", "accept": "application/json"}
        if body is not None:
            headers["content-type"] = "application/json"
        told = json.dumps(body) if body is not None else None
        status, said = self._api.ask(method, self._top + path, headers=headers, body=told)
        if status in _REFUSED:
            raise KeyRefused
        if status >= 400 and not (method == "DELETE" and status == _GONE):
            raise Unavailable(f"The network answered {status}.")
        return said


def _seen(item: dict[str, Any], field: str) -> Seen:
    """Its number may become part of an address, so nothing but a number will do."""
    number = str(item.get("id"))
    if not (number.isascii() and number.isdigit()):
        raise Unavailable("The network's list names something that is no id.")
    return Seen(number, str(item.get(field) or ""))
