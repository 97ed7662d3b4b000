"""Our pages at an address of this machine, without a stack: a browser in front, moto behind."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.front_door import FrontDoor


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing of every request."""


@contextmanager
def served() -> Iterator[str]:
    """Where the pages are, until the block ends. What went wrong in a handler fails the test."""
    door = FrontDoor()
    with make_server("127.0.0.1", 0, door, _Server, _Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
    assert door.failures == []
