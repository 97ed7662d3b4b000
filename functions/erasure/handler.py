"""Somebody took everything away → every store, step by step. What stops half-way is begun again."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import one_change, place_of
from shared import erasure_wiring, wiring
from shared.domain.erasure import Erasure
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.erase_person import erase_person


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def erase(event: dict[str, Any], context: LambdaContext) -> Any:
    """Do what is left to be done for one person. What fails is tried again, then swept."""
    return one_change(event, context, _erase)


def _erase(record: DynamoDBRecord) -> None:
    wanted = wiring.records().get(place_of(record), Erasure)
    if wanted is None:
        return
    try:
        done = erase_person(wanted.learner, erasure_wiring.stores(), wiring.now())
    except Exception as error:
        log_failure("Somebody's data could not be erased to the end", error)
        count("ErasureFailed")
        raise
    count("Erased", int(done))
