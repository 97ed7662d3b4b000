"""The same faults on the right way and on a wrong one: the harness must be able to find something.

In this process, with threads for workers, so that a wrong variant can take the right one's place.
"""

from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from devstack.stack import Stack
from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.ses_mailer import SesMailer
from shared.domain.letter_facts import Composed, Envelope
from shared.failures import Unanswered
from tests.e2e.ledger import arrivals
from tests.faults.deliveries import Buyer, buyers, delivered, series_file
from tests.faults.in_process import (
    MarkerApart,
    client,
    lost_orders,
    publish_in_process,
    record_all,
)
from tests.faults.proxy import LOST, FaultProxy, fault_proxy, one_in, refused
from tests.from_template import make_table

SEED = 7
_DELIVERIES, _EVENTS = 100, 70
_SENDER = "letters@harness.example"
_LETTERS, _ANSWERS_LOST = 18, 3


@pytest.fixture(scope="module")
def proxy(stack: Stack) -> Iterator[FaultProxy]:
    """The way to the table and to the mail service."""
    stack.verify_sender(_SENDER)
    with fault_proxy(stack.endpoint) as proxy:
        yield proxy


def _record_under_faults(
    stack: Stack,
    proxy: FaultProxy,
    kind: type[DynamoRecords],
    folder: "pytest.TempPathFactory",
) -> tuple[list[Buyer], list[str]]:
    """A hundred deliveries into a table of their own; who paid, and whose payment is not there."""
    table = kind.__name__
    direct = client("dynamodb", stack, None)
    make_table(direct, "Records", table)
    catalogue = read_catalogue(series_file("harness-2025", folder.mktemp(table)).read_bytes())
    publish_in_process(catalogue, DynamoRecords(direct, table))
    everybody = buyers(catalogue, _EVENTS, "harness.example")
    proxy.fault(
        one_in(9, LOST, "dynamodb", "TransactWriteItems"),
        one_in(9, LOST, "dynamodb", "PutItem"),
        one_in(50, refused("ProvisionedThroughputExceededException"), "dynamodb"),
    )
    before = _answers_lost(proxy)
    outcomes = record_all(
        delivered(everybody, _DELIVERIES, SEED), kind(client("dynamodb", stack, proxy), table)
    )
    assert outcomes.total() == _DELIVERIES
    assert not outcomes["parked"], "Every delivery was answered as taken."
    assert _answers_lost(proxy) - before >= 5
    return everybody, lost_orders(everybody, DynamoRecords(direct, table))


def _answers_lost(proxy: FaultProxy) -> int:
    return sum(n for fault, n in proxy.counters().items() if fault.endswith("response:abort"))


def test_with_the_marker_in_the_same_commit_no_payment_is_lost(
    stack: Stack, proxy: FaultProxy, tmp_path_factory: pytest.TempPathFactory
) -> None:
    everybody, lost = _record_under_faults(stack, proxy, DynamoRecords, tmp_path_factory)
    assert everybody
    assert lost == []


def test_with_the_marker_apart_payments_are_lost_and_the_harness_sees_which(
    stack: Stack,
    proxy: FaultProxy,
    tmp_path_factory: pytest.TempPathFactory,
    say: Callable[[str], None],
) -> None:
    everybody, lost = _record_under_faults(stack, proxy, MarkerApart, tmp_path_factory)
    say(f"with the event's marker apart: {len(lost)} of {len(everybody)} orders lost, seed {SEED}")
    assert lost


def _send_under_faults(stack: Stack, proxy: FaultProxy, name: str, *, once: bool) -> "Counter[int]":
    """Some letters, each handed over by the mailer one time; how many arrived how often."""
    mail = client("ses", stack, proxy, once=once)
    mailer = SesMailer(mail, stack.resources["SendingRules"], sleep=lambda _: None)
    proxy.fault(one_in(_LETTERS // _ANSWERS_LOST, LOST, "ses", "SendRawEmail"))
    for number in range(_LETTERS):
        envelope = Envelope(
            sender_name="The harness",
            sender=_SENDER,
            reply_to=_SENDER,
            to_name="",
            to=(f"reader-{number}@harness.example",),
            letter_id=f"{name}#{number}",
        )
        try:
            mailer.send(envelope, Composed(subject="Once", text="Only once.", html="<p>Once.</p>"))
        except Unanswered:
            continue
    arrived = arrivals(stack)
    return Counter(arrived[f"{name}#{number}"] for number in range(_LETTERS))


def test_a_mail_client_that_asks_once_sends_no_letter_twice(
    stack: Stack, proxy: FaultProxy
) -> None:
    assert _send_under_faults(stack, proxy, "once", once=True) == {1: _LETTERS}


def test_a_mail_client_that_asks_again_sends_letters_twice_and_the_harness_sees_it(
    stack: Stack, proxy: FaultProxy
) -> None:
    arrived = _send_under_faults(stack, proxy, "again", once=False)
    assert arrived[2] >= _ANSWERS_LOST
