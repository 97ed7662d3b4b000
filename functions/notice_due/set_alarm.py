"""A notice of an end of a recording → its alarm: who wrote it need not reach the scheduler."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import one_change, place_of
from shared import wiring
from shared.observability import log_failure, logger
from shared.usecases.plan_notices import set_alarm


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Set the alarm of each notice of the batch. Should it never be set, the sweep tells it."""
    return one_change(event, context, _set)


def _set(record: DynamoDBRecord) -> None:
    try:
        set_alarm(
            place_of(record),
            records=wiring.records(),
            schedules=wiring.close_schedules(),
            now=wiring.now(),
        )
    except Exception as error:
        log_failure("The alarm of a notice was not set", error)
        raise
