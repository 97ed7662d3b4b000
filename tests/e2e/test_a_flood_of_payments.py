"""A flood of deliveries of every story that money tells, under faults: the end is exact, in time.

The functions that take payments in and record them are the real ones, in processes as Lambda's
workers are, against the queue, the table and the kept events of a local AWS. Faults are put in
where they put requests to the table on the wire. The functions as they are deployed, behind a real
address, go through the same with fewer deliveries in test_payments_under_faults.py.

Here are six hundred deliveries; `make flood` makes two thousand and wants a machine for itself.
TENDING_FLOOD says how many, TENDING_SEED in which order, TENDING_QUIET that the clock counts too.
"""

import os
import random
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.memory import MemoryRecords
from shared.adapters.stripe_events import read_stripe_event
from shared.domain.awards import FundEntry
from shared.domain.catalogue import Catalogue
from shared.domain.letters import Letter, LetterKind
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.registrations import Registration
from shared.ports import R
from shared.usecases.record_payment import record_payment
from tests.faults.bare_aws import bare_aws
from tests.faults.busy_table import table_client
from tests.faults.deliveries import series_file
from tests.faults.flood import KEY, Story, deliver_all, make_account, stories
from tests.faults.in_process import publish_in_process

DELIVERIES = int(os.environ.get("TENDING_FLOOD", "600"))
SEED = int(os.environ.get("TENDING_SEED", "20250622"))
QUIET = bool(os.environ.get("TENDING_QUIET"))
TWICE, IN_TIME = 0.3, 120
# Workers mostly wait before they try again, so there are more of them than processors.
_WORKERS, _CONTROL = 8, 120
pytestmark = pytest.mark.timeout(900)


class Flood(NamedTuple):
    """What was told, counted and kept; how many seconds by the clock, and of the workers' work."""

    catalogue: Catalogue
    told: list[Story]
    counted: "Counter[str]"
    kept: "DynamoRecords"
    took: float
    work: float

    def all(self, of: type[R]) -> list[R]:
        pages = self.kept._client.get_paginator("scan").paginate(TableName=self.kept._table)
        found = [self.kept.record(item, of) for page in pages for item in page["Items"]]
        return [record for record in found if record is not None]


def _flooded(endpoint: str, folder: Path, name: str, deliveries: int, *, apart: bool) -> Flood:
    catalogue = read_catalogue(series_file(f"{name}-2025", folder).read_bytes())
    records = DynamoRecords(table_client(endpoint, 1), name)
    environ = make_account(endpoint, name)
    publish_in_process(catalogue, records)
    told = stories(catalogue, round(deliveries * (1 - TWICE)))
    events = [event for story in told for event in story.events]
    draw = random.Random(SEED)
    bodies = [*events, *draw.choices(events, k=deliveries - len(events))]
    draw.shuffle(bodies)
    began, worked = time.monotonic(), _worked()
    counted = deliver_all(bodies, environ, folder, workers=_WORKERS, apart=apart)
    took, work = time.monotonic() - began, _worked() - worked
    return Flood(catalogue, told, counted, records, took, work)


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A local AWS of its own."""
    with bare_aws(tmp_path_factory.mktemp("flood-aws")) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def flood(
    endpoint: str, tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]
) -> Flood:
    """All of it, once."""
    flood = _flooded(endpoint, tmp_path_factory.mktemp("flood"), "flood", DELIVERIES, apart=False)
    say(
        f"flood: {DELIVERIES} deliveries, seed {SEED}: {flood.took:.0f} s, "
        f"work {flood.work:.0f} s, load {os.getloadavg()[0]:.0f}, {dict(flood.counted)}"
    )
    return flood


def test_every_delivery_is_answered_and_every_fault_struck(flood: Flood) -> None:
    assert flood.counted["answered 200"] == DELIVERIES
    for fault in (
        *("TransactWriteItems answered", "GetItem answered", "TransactWriteItems 1 in 7"),
        *("TransactWriteItems 1 in 31", "GetItem 1 in 53"),
    ):
        assert flood.counted[fault], fault


def test_it_is_no_more_than_two_minutes_of_work(flood: Flood) -> None:
    """By the clock as well on a quiet machine; a busy one says nothing of us."""
    assert flood.work < IN_TIME
    assert flood.took < IN_TIME or not QUIET


def test_each_payment_ends_as_its_story_says(flood: Flood) -> None:
    ends = {order.order: str(order.status) for order in flood.all(Order)}

    assert ends == {order: status for story in flood.told for order, status in story.ends.items()}


def test_it_is_all_as_if_it_had_been_told_once_in_order_and_without_a_fault(flood: Flood) -> None:
    assert _what_stands(flood.all) == _what_stands(_told_once(flood).everything)


def test_each_buyer_is_owed_the_letter_about_how_it_ended_and_staff_hear_of_seats_paid_twice(
    flood: Flood,
) -> None:
    owed = Counter((letter.letter, letter.order) for letter in flood.all(Letter))
    kinds = {"paid": LetterKind.CONFIRMATION, "refunded": LetterKind.REFUNDED}
    for story in flood.told:
        for order, status in story.ends.items():
            if status in kinds:
                assert owed[kinds[status], order], (story.kind, order)
    twice = [story for story in flood.told if story.kind == "upgrade"]
    said = [one for one in flood.all(Letter) if one.letter is LetterKind.STAFF_PAID_TWICE]
    assert len(said) == len(twice) > 0


def test_with_the_marker_apart_the_end_is_another_and_this_comparison_sees_it(
    endpoint: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("control")
    control = _flooded(endpoint, folder, "control", _CONTROL, apart=True)

    assert control.counted["answered 200"] == _CONTROL
    assert _what_stands(control.all) != _what_stands(_told_once(control).everything)


def _told_once(flood: Flood) -> MemoryRecords:
    """The same events, each once, story by story, into records in memory."""
    records = MemoryRecords()
    publish_in_process(flood.catalogue, cast("DynamoRecords", records))
    for story in flood.told:
        for event in story.events:
            for fact in read_stripe_event(event.encode()):
                record_payment(
                    fact, event, records=records, identity_key=KEY.encode(), live=False,
                    now=datetime.now(UTC),
                )  # fmt: skip
    return records


def _what_stands(everything: Callable[[Any], list[Record]]) -> dict[str, Any]:
    """Orders with all their facts, who has which place through what, and what the fund was told."""
    ignored = {"version", "waiting_since"}
    posted: Counter[str] = Counter()
    for entry in cast("list[FundEntry]", everything(FundEntry)):
        posted[entry.about.split("/")[1] if "/" in entry.about else entry.about] += entry.by
    return {
        "orders": {
            order.order: order.model_dump(exclude=ignored)
            for order in cast("list[Order]", everything(Order))
        },
        "places": {
            (kept.session, kept.learner): (kept.status, dict(sorted(kept.grants.items())))
            for kept in cast("list[Registration]", everything(Registration))
        },
        "posted": +posted,
    }
