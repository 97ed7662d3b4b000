"""POST /webhooks/eventbrite/{token} → queue. The same door for a provider that signs nothing.

The address is the secret, and whoever has it is still not believed: the ids are queued, and what
they stand for is asked at Eventbrite. Any other address leads where no webhook is.
"""

from typing import Any

from functions.payment_webhook.receive import NOWHERE, Refused, kept_secrets, refuse, take
from shared.adapters import eventbrite_webhook
from shared.observability import logger, metrics


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer 200 once the notice is durably queued or needs nothing, 404 at any other address."""
    segment = (event.get("pathParameters") or {}).get("token") or ""
    try:
        segments = kept_secrets("EVENTBRITE_WEBHOOK_SECRET_ID", "path_tokens")
    except Refused as closed:
        return refuse(closed)
    if not eventbrite_webhook.is_ours(segment, segments):
        return refuse(Refused(404, NOWHERE))
    return take(event, "eventbrite", _unsigned, "EVENTBRITE_NOTICES_QUEUE_URL", _ids_in)


def _unsigned(body: bytes) -> None:
    """There is no signature to check: the address was."""


def _ids_in(body: bytes) -> bytes | None:
    try:
        return eventbrite_webhook.ids_in(body)
    except eventbrite_webhook.UnreadableNotice as unreadable:
        raise Refused(400, str(unreadable)) from None
