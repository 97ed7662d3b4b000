"""Queue → what the mail service said of letters. One that cannot be read costs only itself."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_message
from functions.failures import message_failed
from shared import wiring
from shared.adapters.ses_feedback import read_feedback
from shared.observability import count, logger, metrics
from shared.usecases.take_feedback import Taken, take_feedback


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def take(event: dict[str, Any], context: LambdaContext) -> Any:
    """Take in each message; those that failed come again, and after five times wait for staff."""
    return each_message(event, context, _take)


def _take(record: SQSRecord) -> None:
    try:
        feedback = read_feedback(record.body)
        if feedback is None:
            return
        taken = take_feedback(
            feedback,
            records=wiring.records(),
            key=wiring.identity_keys()[0],
            now=wiring.now(),
        )
    except Exception as error:
        count("FeedbackNotTaken")
        message_failed("What the mail service said was not taken in", error, record.message_id)
        raise
    if taken is Taken.TAKEN:
        count(f"Feedback{feedback.said.capitalize()}")
        logger.info("Feedback taken", extra={"said": feedback.said, "about": feedback.letter_id})
