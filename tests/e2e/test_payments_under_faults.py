"""Payments while answers get lost and services refuse: every one is recorded, every letter goes once.

The functions that record and that send reach their services through a proxy that loses answers,
breaks connections and refuses as AWS does. What comes of it is counted in the table and the inbox.
"""

import json
import os
import random
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devstack import desk
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.redrive import redrive
from devstack.season.play import Season
from devstack.stack import Stack
from shared.domain.letters import CLAIM_LEASE, Letter, LetterKind, LetterStatus
from shared.domain.payments import Order, OrderStatus
from shared.domain.registrations import Learner, Registration, RegistrationStatus
from tests.e2e.ledger import (
    everything,
    inbox_of,
    letter_id,
    letters_of,
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
_SESSION = f"{_SERIES}-1"
_BY_HTTP = 40
_LOCKED_OUT = 5
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


@pytest.fixture
def proxy(stack: Stack) -> Iterator[FaultProxy]:
    """The way of the two functions to their services."""
    with fault_proxy(stack.endpoint) as proxy, _led_through(stack, proxy.url):
        yield proxy


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
    queues.set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "2"})
    yield
    queues.set_queue_attributes(QueueUrl=queue, Attributes=kept["Attributes"])
    _configure(stack, before)


def _configure(stack: Stack, environments: dict[str, dict[str, str]]) -> None:
    functions = stack.client("lambda", "root")
    for name, environment in environments.items():
        functions.update_function_configuration(
            FunctionName=stack.function(name), Environment={"Variables": environment}
        )
