"""Stand-ins that speak HTTP: a server on loopback for as long as a test needs it."""

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Handler(BaseHTTPRequestHandler, ABC):
    """Answers in JSON and keeps no log. What it does when it is asked is in `asked`."""

    def do_GET(self) -> None:
        self.asked()

    def do_POST(self) -> None:
        self.asked()

    @abstractmethod
    def asked(self) -> None:
        """Answer the request, by `say`, or by falling silent."""

    def say(self, status: int, answer: Any) -> None:
        """Answer with a value, as JSON, or with bytes as they are."""
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server that answers by `handler`; it is gone afterwards."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
