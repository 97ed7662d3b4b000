"""Payments delivered under faults to a running stack, until people have mended what was left.

The functions that record and that send reach their services through a proxy that loses answers,
breaks connections and refuses as AWS does. What comes of it is counted in the table and the inbox.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from devstack import desk
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.redrive import Redriven, redrive
from devstack.season.play import Season
from devstack.stack import Stack
from shared.domain.letters import WAITING, Letter, LetterStatus
from shared.domain.payments import EventMarker, Order
from shared.domain.registrations import Registration
from tests.e2e.ledger import (
    arrivals,
    bodies_in,
    everything,
    letters_of,
    name_of,
    wait_until,
    wait_until_still,
    waiting_in,
)
from tests.e2e.sweeping import sweep_later
from tests.faults.deliveries import MARKED, TWICE, Buyer, buyers, delivered, series_file
from tests.faults.proxy import BROKEN, LOST, FaultProxy, fault_proxy, one_in, refused

# A night's run takes ten thousand.
DELIVERIES = int(os.environ.get("TENDING_DELIVERIES", "500"))
SEED = int(os.environ.get("TENDING_SEED", "20250622"))
_PATIENCE = 120 + DELIVERIES // 2
_SERIES, _DOMAIN = "faults-2025", "faults.example"
BY_HTTP = 40
LOCKED_OUT_BUYERS = 5
_FAULTY = ("PaymentWebhookRecord", "LetterOutboxSend")
_QUEUE, _DLQ = "PaymentEventsQueueUrl", "PaymentEventsDlqUrl"

FAULTS = (
    one_in(24, LOST, "ses", "SendRawEmail"),
    one_in(40, BROKEN, "ses", "SendRawEmail"),
    one_in(16, refused("Throttling"), "ses", "SendRawEmail"),
    one_in(18, LOST, "dynamodb", "TransactWriteItems"),
    one_in(
        30,
        refused(
            "TransactionCanceledException", CancellationReasons=[{"Code": "TransactionConflict"}]
        ),
        "dynamodb",
        "TransactWriteItems",
    ),
    one_in(60, refused("ProvisionedThroughputExceededException"), "dynamodb"),
    one_in(90, LOST, "dynamodb", "GetItem"),
)
# Somebody took a permission away: the events of some buyers cannot be recorded, whatever is tried.
LOCKED_OUT = {
    "service": "dynamodb",
    "operation": "GetItem",
    "body": f"contains(to_string(@), '_{MARKED // 1000}')",
    **refused("AccessDeniedException"),
}


@dataclass(frozen=True)
class Drill:
    """What was delivered, and what was found: under faults, and after people had mended them.

    `recorded` are the events that were recorded under faults, `dead` those in the dead-letter queue
    by then; `uncertain` are the letters of which nobody knew whether they had gone; `second` is
    what a second redrive still found.
    """

    everybody: list[Buyer]
    answers: "Counter[int]"
    struck: dict[str, int]
    recorded: frozenset[str]
    dead: "Counter[str]"
    first: Redriven
    second: Redriven
    uncertain: dict[str, LetterStatus]
    orders: dict[str, Order]
    registrations: list[Registration]
    letters: dict[str, Letter]
    arrived: "Counter[str]"


def run_drill(stack: Stack, folder: Path, say: Callable[[str], None]) -> Drill:
    """Payments under faults, from the first delivery until all is settled."""
    publish(stack, series_file(_SERIES, folder), desk.now() + timedelta(days=40))
    catalogue = Season(stack).catalogue(_SERIES)
    everybody = buyers(catalogue, round(DELIVERIES * (1 - TWICE)), _DOMAIN, LOCKED_OUT_BUYERS)
    bodies = delivered(everybody, DELIVERIES, SEED)
    with fault_proxy(stack.endpoint) as proxy, _led_through(stack, proxy.url):
        answers = _deliver_under_faults(stack, proxy, bodies)
        wait_until(lambda: not waiting_in(stack, _QUEUE), "the queue to empty", _PATIENCE)
        wait_until_still(stack, _PATIENCE)
        struck = proxy.counters()
        recorded = frozenset(marker.event for marker in everything(stack, EventMarker))
        dead = Counter(json.loads(body)["id"] for body in bodies_in(stack, _DLQ))
        proxy.fault()
        first = redrive(stack)
        wait_until(lambda: not waiting_in(stack, _QUEUE), "the redrive", _PATIENCE)
        wait_until_still(stack, _PATIENCE)
        second = redrive(stack)
        uncertain = _sweep_until_settled(stack)
    arrived = arrivals(stack)
    say(f"payments under faults: {DELIVERIES} deliveries, seed {SEED}; letters without an answer:")
    for name, status in sorted(uncertain.items()):
        say(f"  {name} was {status}, arrived {arrived[name]} times in the end")
    for fault, count in sorted(struck.items()):
        say(f"  {fault}: {count}")
    return Drill(
        everybody=everybody,
        answers=answers,
        struck=struck,
        recorded=recorded,
        dead=dead,
        first=first,
        second=second,
        uncertain=uncertain,
        orders={order.order: order for order in _orders(stack)},
        registrations=[r for r in everything(stack, Registration) if r.series == _SERIES],
        letters={name_of(letter): letter for letter in letters_of(stack, _SERIES)},
        arrived=arrived,
    )


def _deliver_under_faults(stack: Stack, proxy: FaultProxy, bodies: list[str]) -> "Counter[int]":
    """A few go first, so that workers and proxy are warm; some come by HTTP, all else by queue."""
    early = [body for body in bodies if f"_{MARKED // 1000}" not in body][:8]
    rest = bodies.copy()
    for body in early:
        rest.remove(body)
    _enqueue(stack, early)
    wait_until(lambda: not waiting_in(stack, _QUEUE), "the first deliveries", 60)
    proxy.fault(LOCKED_OUT, *FAULTS)
    _enqueue(stack, rest[:-BY_HTTP])
    with ThreadPoolExecutor(4) as providers:
        answers = providers.map(
            lambda body: deliver(stack, "stripe", body.encode()).status, rest[-BY_HTTP:]
        )
        return Counter(answers)


def _enqueue(stack: Stack, bodies: list[str]) -> None:
    queue = stack.client("sqs", "root")
    for at in range(0, len(bodies), 10):
        queue.send_message_batch(
            QueueUrl=stack.outputs[_QUEUE],
            Entries=[
                {"Id": str(number), "MessageBody": body}
                for number, body in enumerate(bodies[at : at + 10])
            ],
        )


def _sweep_until_settled(stack: Stack) -> dict[str, LetterStatus]:
    """Sweep until no letter is owed any more; which ones were uncertain, and how."""
    uncertain: dict[str, LetterStatus] = {}
    for _ in range(5):
        waiting = [letter for letter in letters_of(stack, _SERIES) if letter.waiting == WAITING]
        if not waiting:
            break
        for letter in waiting:
            uncertain.setdefault(name_of(letter), letter.status)
        sweep_later(stack)
        wait_until_still(stack, _PATIENCE)
    return uncertain


def _orders(stack: Stack) -> list[Order]:
    return [order for order in everything(stack, Order) if order.series == _SERIES]


@contextmanager
def _led_through(stack: Stack, url: str) -> Iterator[None]:
    """Have the functions use the proxy, and the queue bring back sooner what failed."""
    functions, queue = stack.client("lambda", "root"), stack.outputs[_QUEUE]
    before = {
        name: functions.get_function_configuration(FunctionName=stack.function(name))[
            "Environment"
        ]["Variables"]
        for name in _FAULTY
    }
    queues = stack.client("sqs", "root")
    kept = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    _configure(stack, {name: env | {"HTTP_PROXY": url} for name, env in before.items()})
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "6"})
    try:
        yield
    finally:
        queues.set_queue_attributes(QueueUrl=queue, Attributes=kept["Attributes"])
        _configure(stack, before)


def _configure(stack: Stack, environments: dict[str, dict[str, str]]) -> None:
    functions = stack.client("lambda", "root")
    for name, environment in environments.items():
        functions.update_function_configuration(
            FunctionName=stack.function(name), Environment={"Variables": environment}
        )
