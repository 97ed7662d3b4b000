"""The institute's own key at Zoom, as a stand-in takes it: a token, or why there is none."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from shared import recording_wiring
from shared.adapters.zoom_access import ZoomAccess, ZoomKey
from shared.failures import Unavailable
from tests.cloud import Cloud

KEY = ZoomKey("account-1", "client-1", "a secret, for tests")
_PROOF = base64.b64encode(f"{KEY.client_id}:{KEY.client_secret}".encode()).decode()


@dataclass
class Zoom:
    """The stand-in: what it answers if it is not itself, and what it was asked."""

    status: int = 200
    asked: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def _serving(status: int = 200) -> Iterator[Zoom]:
    zoom = Zoom(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """A token for whoever shows the key."""
            zoom.asked.append(self.path)
            asked = parse_qs(urlsplit(self.path).query)
            knows = self.headers["authorization"] == f"Basic {_PROOF}"
            ours = asked == {"grant_type": ["account_credentials"], "account_id": [KEY.account_id]}
            status = zoom.status if knows and ours else 400
            said = {"access_token": "a token", "token_type": "bearer", "expires_in": 3599}
            body = json.dumps(said if status == 200 else {"reason": "Invalid client"}).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        zoom.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield zoom
        finally:
            server.shutdown()


def test_the_right_key_gets_a_token() -> None:
    with _serving() as zoom:
        assert ZoomAccess(lambda: KEY, zoom.address).token() == "a token"


def test_a_wrong_key_gets_none() -> None:
    with _serving() as zoom:
        wrong = KEY._replace(client_secret="theirs")
        assert ZoomAccess(lambda: wrong, zoom.address).token() is None


def test_without_a_key_nobody_is_asked(cloud: Cloud) -> None:
    with _serving() as zoom:
        assert ZoomAccess(recording_wiring._zoom_key, zoom.address).token() is None

    assert zoom.asked == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_whoever_does_not_answer_now_is_asked_later(status: int) -> None:
    with _serving(status) as zoom, pytest.raises(Unavailable):
        ZoomAccess(lambda: KEY, zoom.address).token()
