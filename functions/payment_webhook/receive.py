"""POST /webhooks/{provider} → queue. Nothing is believed before its signature is; nothing is read.

This is the one function a buyer waits for (Stripe holds the redirect until it answers), so it
imports no models and asks no table: raw bytes in, signature checked, queued, answered.
"""

import base64
import binascii
import json
import os
import time
from typing import Any

import boto3
from botocore.config import Config

from shared.adapters.stripe_signature import is_signed
from shared.observability import count, logger, metrics

LARGEST_BODY = 64 * 1024
_SECRET_KEPT_SECONDS = 300
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=1, read_timeout=3
)
_kept: dict[str, Any] = {}


class Refused(Exception):
    """The request is not one we take, and why. Nothing was written."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer 200 once the event is durably queued, 400 to what is not signed by the provider."""
    try:
        provider = (event.get("pathParameters") or {}).get("provider", "")
        if provider != "stripe":
            raise Refused(404, "There is no such webhook.")
        body = _raw_body(event)
        signature = _header(event, "stripe-signature")
        if not is_signed(body, signature, _signing_secrets(), time.time()):
            raise Refused(400, "The signature does not fit.")
        _enqueue(provider, body)
    except Refused as refused:
        logger.warning("Webhook refused: %s", refused.why)
        count("WebhookRefused")
        return _answer(refused.status, {"message": refused.why})
    count("WebhookTaken")
    return _answer(200, {"received": True})


def _raw_body(event: dict[str, Any]) -> bytes:
    """The bytes that were signed. Size is judged before anything is decoded or hashed."""
    media_type = _header(event, "content-type").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(400, "The content type is not application/json.")
    if _header(event, "content-encoding") not in ("", "identity"):
        raise Refused(400, "Encoded content is not taken.")
    text = event.get("body") or ""
    if len(text) > LARGEST_BODY * 4 // 3 + 4:
        raise Refused(400, "The body is over 64 KiB.")
    try:
        encoded = bool(event.get("isBase64Encoded"))
        body = base64.b64decode(text, validate=True) if encoded else text.encode()
        body.decode()
    except (binascii.Error, UnicodeError):
        raise Refused(400, "The body is not UTF-8 text.") from None
    if not body or len(body) > LARGEST_BODY:
        raise Refused(400, "The body is empty or over 64 KiB.")
    return body


def _header(event: dict[str, Any], name: str) -> str:
    """A header's value; several of one name joined, as HTTP joins them."""
    several = event.get("multiValueHeaders") or {}
    values = [one for key, held in several.items() if key.lower() == name for one in held or ()]
    if not values:
        single = event.get("headers") or {}
        values = [value for key, value in single.items() if key.lower() == name and value]
    return ",".join(values)


def _signing_secrets() -> list[str]:
    """Every secret that Stripe may sign with now: two, while one is being rolled."""
    kept = _kept.get("secrets")
    if kept is None or time.monotonic() - kept[0] > _SECRET_KEPT_SECONDS:
        secret_id = os.environ["STRIPE_WEBHOOK_SECRET_ID"]
        answer = _client("secretsmanager").get_secret_value(SecretId=secret_id)
        secrets = [s for s in json.loads(answer["SecretString"])["signing_secrets"] if s]
        kept = _kept["secrets"] = (time.monotonic(), secrets)
    if not kept[1]:
        # Closed, and the provider will come again: somebody has to put the secret in.
        del _kept["secrets"]
        raise Refused(503, "No signing secret is set.")
    return list(kept[1])


def _enqueue(provider: str, body: bytes) -> None:
    _client("sqs").send_message(
        QueueUrl=os.environ["PAYMENT_EVENTS_QUEUE_URL"],
        MessageBody=body.decode(),
        MessageAttributes={"provider": {"DataType": "String", "StringValue": provider}},
    )


def _client(service: str) -> Any:
    if service not in _kept:
        if "session" not in _kept:
            _kept["session"] = boto3.Session()
        _kept[service] = _kept["session"].client(service, config=_CONFIG)
    return _kept[service]


def _answer(status: int, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }
