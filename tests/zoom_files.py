"""A stand-in for Zoom's files on loopback: ranges, redirects, and everything that can go wrong.

What it serves is made as it is asked for, so that a large file takes no memory here either.
"""

import hashlib
import re
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "the token that came with the event"
LATER = "a token by the institute's own key"
_HEAD = b"\x00\x00\x00\x18ftypmp42"
_BLOCK = 64 * 1024
_RANGE = re.compile(r"bytes=(\d+)-")


def _block(number: int) -> bytes:
    """The bytes of one block: each differs from the next, so that a shift would be noticed."""
    seed = hashlib.sha256(number.to_bytes(8, "big")).digest()
    return seed * (_BLOCK // len(seed))


def film(first: int, size: int) -> Iterator[bytes]:
    """A film of so many bytes, from that byte on."""
    at = first
    while at < size:
        number, within = divmod(at, _BLOCK)
        block = _block(number)
        if number == 0:
            block = _HEAD + block[len(_HEAD) :]
        piece = block[within : within + size - at]
        yield piece
        at += len(piece)


def digest(size: int) -> str:
    """The hash of the whole film."""
    told = hashlib.sha256()
    for piece in film(0, size):
        told.update(piece)
    return told.hexdigest()


@dataclass
class ZoomFiles:
    """The stand-in: one film of `size` bytes, what it was asked, and what is wrong with it.

    `drops` are the numbers of bytes after which a connection breaks, one for each that is made.
    `drips` is how long it waits after each `drop` of bytes; `stalls` are the numbers of bytes after
    which it says nothing more, and does not hang up either.
    """

    size: int
    tokens: tuple[str, ...] = (TOKEN,)
    drops: list[int] = field(default_factory=list)
    drips: float = 0.0
    drop: int = 1000
    stalls: list[int] = field(default_factory=list)
    says: int | None = None
    knows_ranges: bool = True
    page: bool = False
    leads_to: str = ""
    statuses: list[int] = field(default_factory=list)
    content: bytes | None = None
    address: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0

    def allowed(self, address: str) -> bool:
        """Whether that is this stand-in's own address."""
        return address.startswith(self.address)


@contextmanager
def serving(size: int, **wrong: Any) -> Iterator[ZoomFiles]:
    """The stand-in, listening."""
    zoom = ZoomFiles(size, **wrong)
    handler = type("ThisZoom", (_Handler,), {"zoom": zoom})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        zoom.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield zoom
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    zoom: ZoomFiles
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """The file, or what is in its way."""
        zoom = self.zoom
        zoom.asked.append({name.lower(): value for name, value in self.headers.items()})
        if zoom.statuses:
            return self._empty(zoom.statuses.pop(0))
        if self.path.startswith("/rec/webhook_download") and zoom.leads_to:
            return self._empty(302, location=zoom.leads_to)
        authorization = self.headers.get("authorization", "")
        if not zoom.leads_to and authorization.removeprefix("Bearer ") not in zoom.tokens:
            return self._empty(401)
        if zoom.page:
            return self._page()
        return self._file()

    def _file(self) -> None:
        zoom = self.zoom
        asked = _RANGE.fullmatch(self.headers.get("range", ""))
        first = int(asked[1]) if asked and zoom.knows_ranges else 0
        total = zoom.size if zoom.says is None else zoom.says
        self.send_response(206 if asked and zoom.knows_ranges else 200)
        self.send_header("content-type", "video/mp4")
        self.send_header("content-length", str(total - first))
        if asked and zoom.knows_ranges:
            self.send_header("content-range", f"bytes {first}-{total - 1}/{total}")
        self.end_headers()
        room = zoom.drops.pop(0) if zoom.drops else zoom.size
        stalls = bool(zoom.stalls)
        room = zoom.stalls.pop(0) if stalls else room
        pieces = film(first, zoom.size) if zoom.content is None else [zoom.content[first:]]
        for piece in self._dripping(pieces) if zoom.drips else pieces:
            self.wfile.write(piece[:room])
            zoom.sent += len(piece[:room])
            room -= len(piece[:room])
            if room <= 0:
                break
        if stalls:
            self.wfile.flush()
            self.rfile.read(1)  # until whoever asked hangs up
        self.close_connection = True

    def _dripping(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            for at in range(0, len(piece), self.zoom.drop):
                time.sleep(self.zoom.drips)
                yield piece[at : at + self.zoom.drop]

    def _page(self) -> None:
        body = b"<!doctype html><title>Sign in</title>"
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _empty(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def handle(self) -> None:
        """Whoever hangs up in the middle is no failure."""
        try:
            super().handle()
        except ConnectionError:
            return
