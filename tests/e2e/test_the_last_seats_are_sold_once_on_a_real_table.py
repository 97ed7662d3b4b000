"""A small class, a thousand buyers, sixteen at once, a busy table: nobody pays for silence."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from shared.adapters.dynamo_records import DynamoRecords
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Letter, LetterKind
from shared.domain.payments import Order, OrderStatus, PaymentFact
from shared.domain.record import Record
from shared.domain.registrations import Registration, RegistrationStatus, SeatChange, SeatCount
from shared.failures import SoldOut, Unavailable
from shared.ports import R
from shared.usecases.record_payment import Outcome, record_payment
from tests.catalogues import classes_catalogue
from tests.faults.bare_aws import bare_aws
from tests.faults.busy_table import Faults, table_client
from tests.faults.in_process import KEY, publish_in_process
from tests.from_template import make_table
from tests.world import paid

SEATS, BUYERS, AT_ONCE = 50, 1000, 16
CLASS = "tfc-1-wisdom"
_RECEIVED = 5  # times, as the queue would hand it out


class CountedFirst(DynamoRecords):
    """Records that look how many seats are left and then take one: the known mistake."""

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        for change in seats:
            count = self.get(change.key(), SeatCount)
            if count and change.by > 0 and count.taken + change.by > change.capacity:
                raise SoldOut(change.session)
        time.sleep(0.3)
        endless = [change.model_copy(update={"capacity": 10**6}) for change in seats]
        super().commit(*records, seats=endless)


def _small() -> Catalogue:
    catalogue = classes_catalogue()
    sessions = tuple(
        one.model_copy(update={"capacity": SEATS}) if one.id == CLASS else one
        for one in catalogue.sessions
    )
    return catalogue.model_copy(update={"sessions": sessions})


def _sold(records: DynamoRecords, buyers: int) -> tuple[list[PaymentFact], Counter[str]]:
    """Who paid, and what became of it."""
    catalogue = _small()
    publish_in_process(catalogue, records)
    facts = [
        paid(catalogue, f"{CLASS}-general", f"buyer-{number}@people.example", number)
        for number in range(buyers)
    ]

    def deliver(fact: PaymentFact) -> str:
        for _ in range(_RECEIVED):
            try:
                return record_payment(
                    fact, fact.event, records=records, identity_key=KEY, live=False,
                    now=datetime.now(UTC),
                )  # fmt: skip
            except Unavailable:
                continue
        return "parked"

    with ThreadPoolExecutor(AT_ONCE) as buying:
        return facts, Counter(buying.map(deliver, facts))


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A local AWS of its own."""
    with bare_aws(tmp_path_factory.mktemp("seats")) as endpoint:
        yield endpoint


def test_fifty_seats_are_sold_and_every_other_payment_waits_for_staff_who_know(
    endpoint: str, say: Callable[[str], None]
) -> None:
    client = table_client(endpoint, AT_ONCE)
    make_table(client, "Records", "seats")
    records, faults = DynamoRecords(client, "seats"), Faults(client)
    began = time.monotonic()

    facts, outcomes = _sold(records, BUYERS)

    took = time.monotonic() - began
    say(f"{BUYERS} buyers, {SEATS} seats, {AT_ONCE} threads: {took:.0f} s, {dict(faults.struck)}")
    assert len(faults.struck) == 3
    assert outcomes == {Outcome.RECORDED: SEATS, Outcome.IN_REVIEW: BUYERS - SEATS}
    assert [count.taken for count in _all(SeatCount, records)] == [SEATS]
    seats = [kept for kept in _all(Registration, records) if kept.session == CLASS]
    seated = {order for kept in seats for order in kept.grants}
    assert [kept.status for kept in seats] == [RegistrationStatus.ACTIVE] * SEATS
    orders = {order.order: order for order in _all(Order, records)}
    heard = {(letter.letter, letter.about) for letter in _all(Letter, records)}
    assert orders.keys() == {fact.order for fact in facts}
    for name, order in orders.items():
        assert order.status is OrderStatus.PAID
        assert (order.waiting == "review") is (name not in seated)
        kind = LetterKind.CONFIRMATION if name in seated else LetterKind.STAFF_REVIEW
        assert (kind, name) in heard, "the buyer hears of it, or staff do"


def _all(of: type[R], records: DynamoRecords) -> list[R]:
    pages = records._client.get_paginator("scan").paginate(TableName=records._table)
    found = [records.record(item, of) for page in pages for item in page["Items"]]
    return [record for record in found if record is not None]


def test_seats_that_are_counted_first_and_taken_then_are_sold_twice_and_this_test_sees_it(
    endpoint: str,
) -> None:
    client = table_client(endpoint, AT_ONCE)
    make_table(client, "Records", "counted-first")
    records = CountedFirst(client, "counted-first")

    _, outcomes = _sold(records, SEATS + 2 * AT_ONCE)

    assert outcomes[Outcome.RECORDED] > SEATS
