"""Queue → Zoom → bucket: one file of a recording at a time, as far as one invocation lasts.

A function of its own: it may run for a quarter of an hour, and nobody's attendance waits for that.
"""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_message
from functions.failures import message_failed
from shared import recording_wiring, wiring
from shared.messages import FetchWanted
from shared.observability import count, logger, metrics
from shared.usecases.fetch_recording import Fetched, Means, fetch_recording

# To let go of a file in order, and for what the queue and the table need.
_LEFT_AT_LEAST_MS = 45_000
_METRICS = {
    Fetched.DONE: "RecordingFetched",
    Fetched.BEFORE: "RecordingFetchedBefore",
    Fetched.PAUSED: "RecordingFetchPaused",
    Fetched.LEFT: "RecordingLeftAtZoom",
}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Fetch the file that each message names. What fails comes again, and at last waits."""

    def fetch(record: SQSRecord) -> None:
        _fetch(record, context)

    return each_message(event, context, fetch)


def _fetch(record: SQSRecord, context: LambdaContext) -> None:
    try:
        wanted = FetchWanted.model_validate_json(record.body)
        means = Means(
            records=wiring.records(),
            uploads=recording_wiring.uploads(),
            downloads=recording_wiring.downloads(),
            access=recording_wiring.access(),
            queue=recording_wiring.fetches(),
            now=wiring.now(),
            has_time=lambda: context.get_remaining_time_in_millis() > _LEFT_AT_LEAST_MS,
        )
        count(_METRICS[fetch_recording(wanted, means)])
    except Exception as error:
        count("RecordingNotFetched")
        message_failed("A recording was not fetched", error, record.message_id)
        raise
