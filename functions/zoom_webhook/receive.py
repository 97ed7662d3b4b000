"""POST /webhooks/zoom → queue. Nothing is believed before its signature is.

Zoom waits three seconds and gives up after three more tries within an hour and a half, so this
imports no models and asks no table. Now and then Zoom asks whether we hold the secret; that alone
is answered here, because it must be answered at once.
"""

import json
import time
from typing import Any

from functions.payment_webhook.receive import Refused, kept_secrets, take
from shared.adapters import zoom_signature
from shared.adapters.gateway_requests import header
from shared.observability import logger, metrics

_VALIDATION = "endpoint.url_validation"


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer 200 once the event is durably queued, 400 to what Zoom did not sign."""
    proof: dict[str, str] = {}

    def check(body: bytes) -> None:
        secrets = kept_secrets("ZOOM_WEBHOOK_SECRET_ID", "signing_secrets")
        signature, timestamp = (header(event, f"x-zm-{name}") for name in _HEADERS)
        if not zoom_signature.is_signed(body, signature, timestamp, secrets, time.time()):
            raise Refused(400, "The signature does not fit.")
        # While a secret is rolled, Zoom asks by the one it signs the question with.
        signed_by = next(
            secret
            for secret in secrets
            if zoom_signature.is_signed(body, signature, timestamp, [secret], time.time())
        )
        proof.update(_proof(body, signed_by))

    def reads(body: bytes) -> bytes | None:
        return None if proof else body

    answer = take(event, "zoom", check, "ZOOM_EVENTS_QUEUE_URL", reads)
    return {**answer, "body": json.dumps(proof)} if proof else answer


_HEADERS = ("signature", "request-timestamp")


def _proof(body: bytes, secret: str) -> dict[str, str]:
    """The answer to Zoom's question, or nothing if it is an event. Only for what is signed."""
    if _VALIDATION.encode() not in body:
        return {}
    try:
        told = json.loads(body)
        asked = told.get("event") == _VALIDATION
        token = told["payload"]["plainToken"] if asked else None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Refused(400, "The question cannot be read.") from None
    if not asked:
        return {}
    answer = zoom_signature.answer_to(token, secret)
    if answer is None:
        raise Refused(400, "The token is none that Zoom makes.")
    return answer
