"""Queue → record. One poison message costs one message: the others of its batch are done."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_message
from functions.failures import message_failed
from shared import recording_wiring, wiring
from shared.adapters.zoom_events import read_zoom_event
from shared.adapters.zoom_recordings import read_recording
from shared.observability import count, logger, metrics
from shared.usecases.order_recording import order_recording
from shared.usecases.record_zoom_event import ZoomOutcome, record_zoom_event

_METRICS = {ZoomOutcome.RECORDED: "ZoomRecorded", ZoomOutcome.NOT_OURS: "ZoomNotOurs"}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Record each message; those that failed come again, and after five times wait for staff."""
    return each_message(event, context, _record)


def _record(record: SQSRecord) -> None:
    try:
        _take(record)
    except Exception as error:
        # The queue brings it again, and at last to the dead-letter queue; the reason is said here.
        count("ZoomNotRecorded")
        message_failed("A Zoom event was not recorded", error, record.message_id)
        raise


def _take(message: SQSRecord) -> None:
    body = message.body.encode()
    event = read_zoom_event(body)
    if event is None:
        count("ZoomNotNeeded")
        return
    outcome = record_zoom_event(
        event,
        records=wiring.records(),
        workflows=wiring.close_machine(),
        identity_key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    recording = read_recording(body)
    if recording is not None:
        ordered = order_recording(
            recording, records=wiring.records(), queue=recording_wiring.fetches(), now=wiring.now()
        )
        count("RecordingFilesOrdered", ordered)
    count(_METRICS[outcome])
