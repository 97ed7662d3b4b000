"""The payment providers as the world knows them: how each signs, with what, and what it sends."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.payment_webhook.receive import handler
from shared.adapters import razorpay_signature, stripe_signature
from tests.cloud import CONTEXT, RAZORPAY_SECRET, STRIPE_SECRET, Cloud
from tests.gateway import proxy_event

EVENTS = Path("events/payment_webhook")


def _stripe(body: bytes, secret: str) -> str:
    return stripe_signature.sign(body, secret, int(time.time()))


@dataclass(frozen=True)
class Provider:
    """A provider as the world knows it: how it signs, with what, and what it sends."""

    name: str
    header: str
    sign: Callable[[bytes, str], str]
    setting: str
    secret: str
    events: Path
    paid: str

    @property
    def body(self) -> str:
        """The event that somebody paid."""
        return (self.events / f"{self.paid}.json").read_text(encoding="utf-8")


PROVIDERS = [
    Provider(
        "stripe", "Stripe-Signature", _stripe, "STRIPE_WEBHOOK_SECRET_ID", STRIPE_SECRET,
        EVENTS, "checkout.session.completed.paid",
    ),
    Provider(
        "razorpay", "X-Razorpay-Signature", razorpay_signature.sign, "RAZORPAY_WEBHOOK_SECRET_ID",
        RAZORPAY_SECRET, EVENTS / "razorpay", "payment.captured",
    ),
]  # fmt: skip
# Every model event, with who sends it.
FILES = [
    pytest.param(one, file, id=f"{one.name} {file.stem}")
    for one in PROVIDERS
    for file in sorted(one.events.glob("*.json"))
]
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.name)


def delivery(
    provider: Provider,
    body: str | None = None,
    *,
    signed: str | None = None,
    secret: str | None = None,
    signature: str | None = None,
    headers: dict[str, str] | None = None,
    base64_body: bool = False,
) -> dict[str, Any]:
    """A delivery of that body, or of a payment, signed as the provider would unless told."""
    text = provider.body if body is None else body
    what = (text if signed is None else signed).encode(errors="surrogatepass")
    if signature is None:
        signature = provider.sign(what, provider.secret if secret is None else secret)
    return proxy_event(
        "POST",
        "/webhooks/{provider}",
        {"provider": provider.name},
        headers={
            "Content-Type": "application/json",
            provider.header: signature,
            **(headers or {}),
        },
        body=text,
        base64=base64_body,
    )


def status_of(event: dict[str, Any]) -> int:
    """What the door answers to a delivery."""
    answer = handler(event, CONTEXT)
    assert set(json.loads(answer["body"])) <= {"message", "received"}
    status: int = answer["statusCode"]
    return status


def waiting_in(cloud: Cloud) -> list[tuple[str, str]]:
    """What waits in the queue: whose event, and its body."""
    received = cloud.sqs.receive_message(
        QueueUrl=cloud.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return [
        (message["MessageAttributes"]["provider"]["StringValue"], message["Body"])
        for message in received.get("Messages", [])
    ]
