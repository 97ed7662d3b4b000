"""Table stream → whoever does the work that a record asks for, one call a record.

Few may read one stream, so this one reads it for all but the letters, and hands on ids only. Who is
called tries again by itself; what is never done waits in its record, and the sweep comes for it.
"""

import json
import os
from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_change
from shared import wiring
from shared.observability import logger, metrics

# Which setting names the function that does what a record of that kind asks for.
_WHO = {
    "decision_wanted": "DECIDE_AGAIN_FUNCTION",
    "refund_request": "REFUNDS_FUNCTION",
    "cancellation": "REFUNDS_FUNCTION",
    "notice": "SET_ALARM_FUNCTION",
    "appeal": "APPEAL_FUNCTION",
    "erasure": "ERASE_FUNCTION",
}
_IDS = ("kind", "order", "request", "session")


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def hand_on(event: dict[str, Any], context: LambdaContext) -> Any:
    """Call for each record of the batch. Those that failed come again."""
    return each_change(event, context, _hand_on)


def _hand_on(record: DynamoDBRecord) -> None:
    told = record.raw_event["dynamodb"]
    image = {name: told["NewImage"][name] for name in _IDS if name in told["NewImage"]}
    one = {
        **record.raw_event,
        "dynamodb": {"Keys": told["Keys"], "NewImage": image},
    }
    wiring.client("lambda").invoke(
        FunctionName=os.environ[_WHO[image["kind"]["S"]]],
        InvocationType="Event",
        Payload=json.dumps({"Records": [one]}).encode(),
    )
