"""A client of a table that is busy: transactions that meet others, requests that are too many.

The local AWS never says so, so it is said here, by counting and not by chance, where the SDK puts a
request on the wire.
"""

from collections import Counter
from threading import Lock
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config

from devstack.stack import REGION, ROOT
from tests.wire import Fault, json_error

_CONFLICT = json_error(
    "TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}]
)
_TOO_MANY = json_error("ProvisionedThroughputExceededException")
# Every so many requests: (which, how often, what is answered instead).
_FAULTS: tuple[tuple[str, int, Fault], ...] = (
    ("TransactWriteItems", 7, _CONFLICT),
    ("TransactWriteItems", 31, _TOO_MANY),
    ("GetItem", 53, _TOO_MANY),
)


def _never(request: AWSPreparedRequest) -> AWSResponse:
    raise AssertionError("A request that is refused goes nowhere.")


class BusyTable:
    """`client` meets the faults; `struck` says how often each did."""

    def __init__(self, endpoint: str, threads: int) -> None:
        session: Any = boto3.Session(ROOT.access_key_id, ROOT.secret_access_key, None, REGION)
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 4},
            connect_timeout=5,
            read_timeout=20,
            max_pool_connections=threads,
        )
        self.client: Any = session.client("dynamodb", endpoint_url=endpoint, config=config)
        self.struck: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._lock = Lock()
        self.client.meta.events.register("before-send.dynamodb", self._send)

    def _send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        target = request.headers["X-Amz-Target"]
        operation = (target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]
        with self._lock:
            self._seen[operation] += 1
            for which, every, fault in _FAULTS:
                if which == operation and self._seen[operation] % every == 0:
                    self.struck[f"{operation} every {every}"] += 1
                    return fault(request, _never)
        return None
