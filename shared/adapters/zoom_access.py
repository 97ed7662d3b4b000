"""The institute's own key at Zoom: an app of its own account (server-to-server OAuth)."""

import base64
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

from shared.adapters.provider_api import ProviderApi
from shared.observability import count

ZOOM = "https://zoom.us"


class ZoomKey(NamedTuple):
    """What Zoom shows of the app. Empty if nobody has put it in."""

    account_id: str
    client_id: str
    client_secret: str


class ZoomAccess:
    """Tokens by that key, asked for each time: they are needed once in a long while."""

    def __init__(self, key: Callable[[], ZoomKey], address: str = ZOOM) -> None:
        self._key = key
        self._api = ProviderApi("Zoom", address)

    def token(self) -> str | None:
        account, client, secret = self._key()
        if not (account and client and secret):
            return None
        proof = base64.b64encode(f"{client}:{secret}".encode()).decode()
        asked = urlencode({"grant_type": "account_credentials", "account_id": account})
        status, said = self._api.ask(
            "POST", f"/oauth/token?{asked}", headers={"authorization": f"Basic {proof}"}
        )
        if status != 200 or not said.get("access_token"):
            count("ZoomKeyRefused")
            return None
        return str(said["access_token"])
