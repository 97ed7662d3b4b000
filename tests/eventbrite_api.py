"""A stand-in for Eventbrite's API on loopback, which can also be slow, busy or broken."""

import copy
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from devstack.eventbrite import Handler, Json, OrdersApi, orders_in

EVENTS = Path("events/payment_webhook/eventbrite")
ORDERS = EVENTS / "orders"
TOKEN = "a private token, for tests"
ONE, SEVERAL, REFUNDED, PARTLY, INSIDE, THREE = (str(8100000000 + n) for n in range(1, 7))


def model(order: str) -> Any:
    """A model order, to be changed at will."""
    return copy.deepcopy(next(one for one in orders_in([ORDERS]) if one["id"] == order))


@dataclass
class Eventbrite:
    """The stand-in: what it holds, what it was asked, and what is wrong with it just now.

    `faults` are answered first, one each: a status with headers, raw bytes, or seconds of silence
    before the answer. 0 is no fault.
    """

    orders: list[Json] = field(default_factory=list)
    page: int = 50
    faults: list[int | float | bytes | tuple[int, dict[str, str]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    address: str = ""

    def put(self, *orders: Json) -> None:
        """Hold these, instead of what had their ids."""
        ids = {order["id"] for order in orders}
        self.orders = [one for one in self.orders if one["id"] not in ids] + list(orders)


@contextmanager
def serving(orders: list[Json] | None = None) -> Iterator[Eventbrite]:
    """The stand-in, listening."""
    stands_in = Eventbrite(orders=orders or [])

    class Faulty(Handler):
        def respond(self) -> None:
            stands_in.asked.append(self.path)
            stands_in.tokens.append(self.headers.get("Authorization", ""))
            self.api = OrdersApi(lambda: stands_in.orders, TOKEN, stands_in.page)
            fault = stands_in.faults.pop(0) if stands_in.faults else 0
            if isinstance(fault, float):
                time.sleep(fault)
            elif isinstance(fault, bytes):
                self._say(200, fault, {})
                return
            elif fault:
                status, headers = fault if isinstance(fault, tuple) else (fault, {})
                said = {
                    "status_code": status,
                    "error": "HIT_RATE_LIMIT",
                    "error_description": "Quillon",
                }
                self._say(status, json.dumps(said).encode(), headers)
                return
            super().respond()

        def _say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever asked has hung up, which is what some tests are about."""

    server = Server(("127.0.0.1", 0), Faulty)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    stands_in.address = f"http://127.0.0.1:{server.server_port}"
    yield stands_in
    server.shutdown()
    server.server_close()
    thread.join()
