"""A reader who opens links: follows redirects like a browser, and keeps what came back."""

import urllib.error
import urllib.request
from dataclasses import dataclass


@dataclass(frozen=True)
class Opened:
    """What opening a link brought: the last status, its text or bytes."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def open_link(url: str) -> Opened:
    """Open an address on our own stack."""
    try:
        with urllib.request.urlopen(url, timeout=30) as response:  # noqa: S310 - loopback
            return Opened(response.status, response.read())
    except urllib.error.HTTPError as error:
        return Opened(error.code, error.read())
