"""A request for money back → payment provider, once; a cancelled class → its people, by pages.

One function for both, because both end in the same records.
"""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import one_change
from shared import wiring
from shared.domain.cancellations import Cancellation
from shared.failures import Conflict
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.cancel_class import cancel_page
from shared.usecases.move_money import Moved, move_money

_MOVED = {
    Moved.SENT: "RefundSent",
    Moved.FOR_STAFF: "RefundForStaff",
    Moved.LATER: "RefundPutBack",
    Moved.NOTHING: "RefundNeededNothing",
}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def move(event: dict[str, Any], context: LambdaContext) -> Any:
    """Hand over each request of the batch. What cannot go now waits, and the sweep comes for it."""
    return one_change(event, context, _move)


def _move(record: DynamoDBRecord) -> None:
    image = (record.dynamodb.new_image if record.dynamodb else None) or {}
    try:
        if image["kind"] == Cancellation.kind:
            _cancel(str(image["session"]))
        else:
            _hand_over(str(image["order"]), str(image["request"]))
    except Exception as error:
        count("RefundNotMoved")
        log_failure("A request for money back was not handed over", error)
        raise


def _hand_over(order: str, request: str) -> None:
    moved = move_money(
        order,
        request,
        refunds=wiring.refunds(),
        records=wiring.records(),
        identity_key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    count(_MOVED[moved])
    logger.info("Request %s", moved, extra={"refund_request": request})


def _cancel(session: str) -> None:
    try:
        more = cancel_page(
            session,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            now=wiring.now(),
        )
    except Conflict:
        return  # somebody else did this page
    count("CancellationPageDone")
    logger.info("Cancelled class seen to", extra={"session": session, "more": more})
