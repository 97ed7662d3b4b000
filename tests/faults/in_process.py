"""Recording payments with threads instead of workers, through the same faults as workers meet.

What the functions do, without the functions: so that a variant of the records, one that is known to
be wrong, can be tried beside the right one, and the harness shown to tell them apart.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from devstack.stack import ROOT, Stack
from shared import wiring
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.memory import MemoryFiles, MemorySchedules
from shared.adapters.stripe_events import read_stripe_event
from shared.domain.catalogue import Catalogue
from shared.domain.payments import EventMarker, Order
from shared.domain.record import Record
from shared.domain.registrations import SeatChange
from shared.failures import Conflict, Unavailable
from shared.usecases.publish_catalogue import Upload, publish_catalogue
from shared.usecases.record_payment import record_payment
from tests.faults.deliveries import Buyer
from tests.faults.proxy import FaultProxy

KEY = b"a key for tests, thirty-two bytes"
_RECEIVED = 5  # times, as the queue would hand it out


class MarkerApart(DynamoRecords):
    """Records that keep the event's marker first and everything else after it: the known mistake.

    The marker is a lone conditional put, as one would write it who has not lost an answer yet.
    """

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        for marker in records:
            if isinstance(marker, EventMarker):
                self._put_alone(marker)
        super().commit(*(r for r in records if not isinstance(r, EventMarker)), seats=seats)

    def _put_alone(self, marker: EventMarker) -> None:
        try:
            self._client.put_item(
                TableName=self._table,
                Item=self._item(marker),
                ConditionExpression="attribute_not_exists(pk)",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise Conflict("The event is known.") from error
            raise
        except BotoCoreError as error:
            raise Unavailable("The table did not answer.") from error


def client(service: str, stack: Stack, proxy: FaultProxy | None, *, once: bool = False) -> Any:
    """A client set up as that of a function, through the proxy if there is one."""
    config = wiring._ONCE if once else wiring._PATIENT
    if proxy is not None:
        config = config.merge(Config(proxies={"http": proxy.url}))
    session: Any = boto3.Session(ROOT.access_key_id, ROOT.secret_access_key, None, stack.region)
    return session.client(service, endpoint_url=stack.endpoint, config=config)


def publish_in_process(catalogue: Catalogue, records: DynamoRecords) -> None:
    """Put the catalogue on sale in a table of its own; no alarm is set."""
    now = datetime.now(UTC)
    published = publish_catalogue(
        Upload("catalogue/series.yaml", now, catalogue.model_dump_json().encode()),
        read=Catalogue.model_validate_json,
        line_of=lambda content, path: 1,
        records=records,
        files=MemoryFiles(),
        schedules=MemorySchedules(),
        now=now,
    )
    assert published.outcome == "applied", "The catalogue was refused."


def record_all(bodies: list[str], records: DynamoRecords) -> "Counter[str]":
    """Record every delivery, some at once, each until it is recorded; what became of them."""
    with ThreadPoolExecutor(8) as workers:
        return Counter(workers.map(lambda body: _record(body, records), bodies))


def lost_orders(everybody: list[Buyer], records: DynamoRecords) -> list[str]:
    """Whose payment was taken in, and yet is not in the table as it must be."""
    kept = {buyer.order: records.get(Order.key_of(buyer.order), Order) for buyer in everybody}
    return [
        buyer.order
        for buyer in everybody
        if (order := kept[buyer.order]) is None or order.status != buyer.ends
    ]


def _record(body: str, records: DynamoRecords) -> str:
    digest = hashlib.sha256(body.encode()).hexdigest()
    (fact,) = read_stripe_event(body.encode())
    for _ in range(_RECEIVED):
        try:
            return record_payment(
                fact, digest, records=records, identity_key=KEY, live=False, now=datetime.now(UTC)
            )
        except Unavailable:
            continue
    return "parked"
