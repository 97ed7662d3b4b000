"""A notice of an end of a recording → its alarm: who wrote it need not reach the scheduler."""

from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from shared import wiring
from shared.domain.record import Key
from shared.observability import log_failure, logger
from shared.usecases.plan_notices import set_alarm

# Called for one record at a time: a failure is the call's, which is then made again.
_processor = BatchProcessor(
    event_type=EventType.DynamoDBStreams, raise_on_entire_batch_failure=True
)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Set the alarm of each notice of the batch. Should it never be set, the sweep tells it."""
    return process_partial_response(
        event=event, record_handler=_set, processor=_processor, context=context
    )


def _set(record: DynamoDBRecord) -> None:
    keys = (record.dynamodb.keys if record.dynamodb else None) or {}
    try:
        set_alarm(
            Key(str(keys["pk"]), str(keys["sk"])),
            records=wiring.records(),
            schedules=wiring.close_schedules(),
            now=wiring.now(),
        )
    except Exception as error:
        log_failure("The alarm of a notice was not set", error)
        raise
