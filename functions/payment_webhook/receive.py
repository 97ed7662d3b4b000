"""POST /webhooks/{provider} → queue. Nothing is believed before its signature is; nothing is read.

This is the one function a buyer waits for (Stripe holds the redirect until it answers), so it
imports no models and asks no table: raw bytes in, signature checked, queued, answered. A provider
is a line of `_PROVIDERS`: the header it signs in, how, and where its secret is. One whose signature
takes more than the standard library, or that signs nothing, has a function of its own, which takes
what it finds here.
"""

import base64
import binascii
import json
import os
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from shared.adapters import razorpay_signature, stripe_signature
from shared.adapters.gateway_requests import header
from shared.observability import count, logger, metrics

LARGEST_BODY = 64 * 1024
NOWHERE = "There is no such webhook."
_SECRET_KEPT_SECONDS = 300
_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=1, read_timeout=3
)
_kept: dict[str, Any] = {}


class _Provider(NamedTuple):
    """How a provider signs: in which header, checked by what, with the secret named where."""

    header: str
    is_signed: Callable[[bytes, str, list[str]], bool]
    secret_id: str


def _stripe_signed(body: bytes, header: str, secrets: list[str]) -> bool:
    return stripe_signature.is_signed(body, header, secrets, time.time())


_PROVIDERS = {
    "stripe": _Provider("stripe-signature", _stripe_signed, "STRIPE_WEBHOOK_SECRET_ID"),
    "razorpay": _Provider(
        "x-razorpay-signature", razorpay_signature.is_signed, "RAZORPAY_WEBHOOK_SECRET_ID"
    ),
}


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
    name = (event.get("pathParameters") or {}).get("provider", "")
    provider = _PROVIDERS.get(name)

    def check(body: bytes) -> None:
        if provider is None:
            raise Refused(404, NOWHERE)
        secrets = kept_secrets(provider.secret_id, "signing_secrets")
        if not provider.is_signed(body, header(event, provider.header), secrets):
            raise Refused(400, "The signature does not fit.")

    return take(event, name, check)


def take(
    event: dict[str, Any],
    name: str,
    check: Callable[[bytes], None],
    queue: str = "PAYMENT_EVENTS_QUEUE_URL",
    reads: Callable[[bytes], bytes | None] = bytes,
) -> dict[str, Any]:
    """Queue what the provider of that name sent, if `check` does not refuse it; the answer.

    `reads` makes of the body what is put into that `queue`, or None if there is nothing to do.
    """
    try:
        body = _raw_body(event)
        check(body)
        queued = reads(body)
        if queued is not None:
            _enqueue(name, queued, queue)
    except Refused as refused:
        return refuse(refused)
    count("WebhookTaken")
    return _answer(200, {"received": True})


def refuse(refused: Refused) -> dict[str, Any]:
    """Say why, and count it."""
    logger.warning("Webhook refused: %s", refused.why)
    count("WebhookRefused")
    return _answer(refused.status, {"message": refused.why})


def _raw_body(event: dict[str, Any]) -> bytes:
    """The bytes that were signed. Size is judged before anything is decoded or hashed."""
    media_type = header(event, "content-type").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(400, "The content type is not application/json.")
    if header(event, "content-encoding") not in ("", "identity"):
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


def kept_secrets(setting: str, called: str) -> list[str]:
    """Every secret that the provider may sign with now: two, while one is being rolled.

    `setting` names where they are kept, `called` under which word. Raises Refused if there is none.
    """
    kept = _kept.setdefault("secrets", {})
    since, secrets = kept.get(setting, (0.0, []))
    if not secrets or time.monotonic() - since > _SECRET_KEPT_SECONDS:
        secrets = _current_secrets(os.environ[setting], called)
        kept[setting] = (time.monotonic(), secrets)
    if not secrets:
        # Closed, and the provider will come again: somebody has to put the secret in.
        raise Refused(503, "No signing secret is set.")
    return list(secrets)


def _current_secrets(secret_id: str, called: str) -> list[str]:
    """What an operator has put in; nothing where nobody has, as for a provider that is not used."""
    try:
        answer = _client("secretsmanager").get_secret_value(SecretId=secret_id)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []
    text = answer.get("SecretString")
    return [one for one in json.loads(text)[called] if one] if text else []


def _enqueue(provider: str, body: bytes, queue: str) -> None:
    _client("sqs").send_message(
        QueueUrl=os.environ[queue],
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
