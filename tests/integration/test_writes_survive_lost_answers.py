"""A write whose answer is lost is still one write, and a busy table is asked again."""

from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from shared import wiring
from shared.adapters.dynamo_records import DynamoRecords
from shared.domain.registrations import Registration, SeatChange, SeatCount
from shared.failures import Conflict, SoldOut, Unavailable
from tests.cloud import ENVIRON, Cloud
from tests.wire import Fault, Wire, answer_lost, json_error, unreachable

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
ANA = Registration(session="s-1", series="x-2025", learner="l-1", registered_at=NOW)
SEAT = SeatChange(session="s-1", by=1, capacity=2)
TABLE = ENVIRON["RECORDS_TABLE"]


@pytest.fixture
def wire(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """The way to the table, and no time lost between attempts."""
    monkeypatch.setattr("time.sleep", lambda _: None)
    return Wire("dynamodb", wiring._PATIENT)


@pytest.fixture
def records(wire: Wire) -> DynamoRecords:
    """The records behind that way."""
    return DynamoRecords(wire.client, TABLE)


def _cancelled(*codes: str) -> Fault:
    reasons = [{"Code": code} for code in codes]
    return json_error("TransactionCanceledException", CancellationReasons=reasons)


def test_a_commit_whose_answer_was_lost_is_done_once_and_is_no_conflict(
    wire: Wire, records: DynamoRecords
) -> None:
    wire.faults = [answer_lost]

    records.commit(ANA, seats=[SEAT])

    assert len(wire.requests) == 2
    kept = records.get(ANA.key(), Registration)
    assert kept is not None and kept.version == 1
    count = records.get(SeatCount.key_of("s-1"), SeatCount)
    assert count is not None and count.taken == 1


def test_a_lone_conditional_write_takes_its_own_write_for_somebody_elses(
    wire: Wire, records: DynamoRecords
) -> None:
    """The negative control, and the reason why even one record is a transaction."""
    wire.faults = [answer_lost]

    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        wire.client.put_item(
            TableName=TABLE,
            Item=records._item(ANA),
            ConditionExpression="attribute_not_exists(pk)",
        )

    assert records.get(ANA.key(), Registration) is not None, "and yet it stands"


def test_a_counter_outside_a_transaction_counts_twice(wire: Wire, records: DynamoRecords) -> None:
    """The negative control for seats."""
    wire.faults = [answer_lost]
    update = records._change_seats(SEAT)["Update"]

    wire.client.update_item(**update)

    count = records.get(SeatCount.key_of("s-1"), SeatCount)
    assert count is not None and count.taken == 2


def test_a_second_commit_of_the_same_news_is_a_conflict_even_after_a_lost_answer(
    wire: Wire, records: DynamoRecords
) -> None:
    wire.faults = [answer_lost]
    records.commit(ANA)

    with pytest.raises(Conflict):
        records.commit(ANA)


@pytest.mark.parametrize(
    "fault",
    [
        _cancelled("TransactionConflict", "None"),
        _cancelled("None", "ThrottlingError"),
        json_error("ThrottlingException"),
        json_error("ProvisionedThroughputExceededException"),
        json_error("TransactionInProgressException"),
        json_error("InternalServerError", 500),
        unreachable,
    ],
)
def test_a_busy_table_is_asked_again_and_nothing_is_lost(
    wire: Wire, records: DynamoRecords, fault: Fault
) -> None:
    wire.faults = [fault, fault]

    records.commit(ANA)

    assert records.get(ANA.key(), Registration) is not None


def test_a_table_that_stays_busy_is_said_to_be_and_nothing_was_written(
    wire: Wire, records: DynamoRecords
) -> None:
    wire.faults = [_cancelled("TransactionConflict")] * 100

    with pytest.raises(Unavailable):
        records.commit(ANA)

    wire.faults = []
    assert records.get(ANA.key(), Registration) is None


@pytest.mark.parametrize("fault", [unreachable, answer_lost])
def test_a_table_that_never_answers_is_said_not_to(
    wire: Wire, records: DynamoRecords, fault: Fault
) -> None:
    wire.faults = [fault] * 100

    with pytest.raises(Unavailable):
        records.commit(ANA)
    with pytest.raises(Unavailable):
        records.get(ANA.key(), Registration)


def test_reads_are_asked_again_too(wire: Wire, records: DynamoRecords) -> None:
    records.commit(ANA)
    wire.faults = [json_error("ThrottlingException"), unreachable, answer_lost]

    assert len(list(records.find("SESSION#s-1", Registration))) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (_cancelled("ConditionalCheckFailed", "None"), Conflict),
        (_cancelled("ConditionalCheckFailed", "ConditionalCheckFailed"), Conflict),
        (_cancelled("None", "ConditionalCheckFailed"), SoldOut),
        (_cancelled("TransactionConflict", "ConditionalCheckFailed"), SoldOut),
        (_cancelled("ValidationError", "None"), ClientError),
        (json_error("AccessDeniedException"), ClientError),
        (json_error("ResourceNotFoundException"), ClientError),
    ],
)
def test_a_decided_no_is_told_as_what_it_is_and_not_asked_again(
    wire: Wire, records: DynamoRecords, fault: Fault, error: type[Exception]
) -> None:
    wire.faults = [fault]

    with pytest.raises(error):
        records.commit(ANA, seats=[SEAT])

    assert len(wire.requests) == 1


def test_a_batch_that_was_written_in_part_is_finished(wire: Wire, records: DynamoRecords) -> None:
    wire.faults = [json_error("ProvisionedThroughputExceededException")]
    many = [ANA.model_copy(update={"learner": f"l-{n:02}"}) for n in range(30)]

    records.put_all(many)

    assert len(list(records.find("SESSION#s-1", Registration))) == 30
