"""A reader who opens links: follows redirects like a browser, and keeps what came back."""

import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import urljoin


@dataclass(frozen=True)
class Opened:
    """What opening a link brought: the last status, its text or bytes."""

    status: int
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


def watch(url: str) -> Opened:
    """Open the page of a recording, and what its player plays first; or why it cannot be opened."""
    page = open_link(url)
    played = re.search(r'<source src="([^"]+)"', page.text) if page.status == 200 else None
    return open_link(urljoin(url, played[1])) if played else page


def open_link(url: str) -> Opened:
    """Open an address on our own stack."""
    try:
        with urllib.request.urlopen(url, timeout=120) as response:  # noqa: S310 - loopback
            return Opened(response.status, response.read())
    except urllib.error.HTTPError as error:
        return Opened(error.code, error.read())
