"""A proxy that asks for a few megabytes where a browser asks for all the rest of a file.

The local S3 copies whatever it is asked for before it sends the first byte, and answers nobody else
meanwhile; the real one streams. A server may answer an open-ended range with a part of it, and
browsers go on from there, so this changes when bytes come and not which.
"""

import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

AT_ONCE = 4 * 1024 * 1024
_OPEN_ENDED = re.compile(r"bytes=(\d+)-")
_OF_THE_HOP = {"connection", "proxy-connection", "keep-alive", "transfer-encoding"}


class _Proxy(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Ask the one who is meant, and hand on what they answer."""
        asked = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        upstream = http.client.HTTPConnection(asked.netloc, timeout=120)
        try:
            upstream.request(
                self.command, asked._replace(scheme="", netloc="").geturl(), body, self._headers()
            )
            with suppress(ConnectionError), upstream.getresponse() as answer:
                self._hand_on(answer)
        finally:
            upstream.close()

    do_POST = do_HEAD = do_GET  # noqa: N815 - the library's names

    def _headers(self) -> dict[str, str]:
        kept = {name: value for name, value in self.headers.items() if _goes_on(name)}
        for name, value in kept.items():
            found = _OPEN_ENDED.fullmatch(value) if name.lower() == "range" else None
            if found:
                kept[name] = f"bytes={found[1]}-{int(found[1]) + AT_ONCE - 1}"
        return kept

    def _hand_on(self, answer: http.client.HTTPResponse) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if _goes_on(name) and name.lower() not in ("server", "date"):
                self.send_header(name, value)
        self.send_header("connection", "close")
        self.end_headers()
        while piece := answer.read(64 * 1024):
            self.wfile.write(piece)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """A browser that hangs up in the middle has seen enough."""
        with suppress(ConnectionError):
            super().handle()


def _goes_on(name: str) -> bool:
    return name.lower() not in _OF_THE_HOP


@contextmanager
def bounding() -> Iterator[str]:
    """The address of the proxy, for as long as it is needed."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
