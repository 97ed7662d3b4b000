"""A decision that is wanted → close machine: one person's credit is to be decided again."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import one_change, place_of
from shared import wiring
from shared.domain.decisions_wanted import DecisionWanted
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.decide_again import start_decision


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def start(event: dict[str, Any], context: LambdaContext) -> Any:
    """Start the machine for each person of the batch. What fails is tried again, then swept."""
    return one_change(event, context, _start)


def _start(record: DynamoDBRecord) -> None:
    wanted = wiring.records().get(place_of(record), DecisionWanted)
    if wanted is None or wanted.waiting is None:
        return
    try:
        started = start_decision(
            wanted,
            records=wiring.records(),
            workflows=wiring.close_machine(),
            now=wiring.now(),
        )
    except Exception as error:
        log_failure("A decision that was wanted was not started", error)
        raise
    count("DecidedAgain", int(started))
