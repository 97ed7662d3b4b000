"""A table that is busy, and answers that get lost: said where the SDK puts a request on the wire.

The local AWS never refuses a transaction because of another. By counting and not by chance.
"""

from collections import Counter
from threading import Lock
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError

from devstack.stack import REGION, ROOT
from tests.wire import Fault, json_error

_CONFLICT = json_error(
    "TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}]
)
_TOO_MANY = json_error("ProvisionedThroughputExceededException")
# Every so many requests: (which, how often, what is answered instead).
_REFUSED: tuple[tuple[str, int, Fault], ...] = (
    ("TransactWriteItems", 7, _CONFLICT),
    ("TransactWriteItems", 31, _TOO_MANY),
    ("GetItem", 53, _TOO_MANY),
)
# Every so many requests: they are carried out, and the answer never comes.
_LOST = {"TransactWriteItems": 18, "PutItem": 5, "GetItem": 97}


def table_client(endpoint: str, threads: int) -> Any:
    """A client set up as that of a function, for so many threads."""
    session: Any = boto3.Session(ROOT.access_key_id, ROOT.secret_access_key, None, REGION)
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 4},
        connect_timeout=5,
        read_timeout=20,
        max_pool_connections=threads,
    )
    return session.client("dynamodb", endpoint_url=endpoint, config=config)


class Faults:
    """What a client meets from now on; `struck` says how often. `lost` answers only if asked."""

    def __init__(self, client: Any, *, lost: bool = False) -> None:
        self.struck: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._lock = Lock()
        client.meta.events.register("before-send.dynamodb", self._refuse)
        if lost:
            self._wire = client._endpoint.http_session
            client._endpoint.http_session = self

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """As the SDK's own session does; but some answers stay away."""
        answer: AWSResponse = self._wire.send(request)
        operation = _operation(request)
        if self._strikes(f"{operation} answered", _LOST.get(operation, 0)):
            raise ConnectionClosedError(endpoint_url=request.url)
        return answer

    def close(self) -> None:
        """As the SDK's own session does."""
        self._wire.close()

    def _refuse(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse | None:
        operation = _operation(request)
        for which, every, fault in _REFUSED:
            if which == operation and self._strikes(f"{operation} 1 in {every}", every):
                return fault(request, _never)
        return None

    def _strikes(self, what: str, every: int) -> bool:
        if not every:
            return False
        with self._lock:
            self._seen[what] += 1
            if self._seen[what] % every:
                return False
            self.struck[what] += 1
            return True


def _operation(request: AWSPreparedRequest) -> str:
    target = request.headers["X-Amz-Target"]
    return str(target.decode() if isinstance(target, bytes) else target).rpartition(".")[2]


def _never(request: AWSPreparedRequest) -> AWSResponse:
    raise AssertionError("A request that is refused goes nowhere.")
