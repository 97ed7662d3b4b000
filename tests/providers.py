"""The payment providers as the world knows them: how each signs, with what, and what it sends."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from functions.payment_webhook import receive, receive_paypal
from shared.adapters import razorpay_signature, stripe_signature
from tests.cloud import CONTEXT, PAYPAL_WEBHOOK, RAZORPAY_SECRET, STRIPE_SECRET, Cloud
from tests.gateway import proxy_event
from tests.paypal import paypal

EVENTS = Path("events/payment_webhook")


def _stripe(body: bytes, secret: str) -> dict[str, str]:
    return {"Stripe-Signature": stripe_signature.sign(body, secret, int(time.time()))}


def _razorpay(body: bytes, secret: str) -> dict[str, str]:
    return {"X-Razorpay-Signature": razorpay_signature.sign(body, secret)}


def _paypal(body: bytes, secret: str) -> dict[str, str]:
    return paypal().headers(body, secret)


@dataclass(frozen=True)
class Provider:
    """A provider as the world knows it: how it signs, with what, and what it sends."""

    name: str
    header: str
    sign: Callable[[bytes, str], dict[str, str]]
    setting: str
    secret: str
    events: Path
    paid: str
    kept_as: str = "signing_secrets"

    def kept(self, *secrets: str) -> dict[str, list[str]]:
        """These secrets, as an operator puts them."""
        return {self.kept_as: list(secrets)}

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
        "razorpay", "X-Razorpay-Signature", _razorpay, "RAZORPAY_WEBHOOK_SECRET_ID",
        RAZORPAY_SECRET, EVENTS / "razorpay", "payment.captured",
    ),
    Provider(
        "paypal", "paypal-transmission-sig", _paypal, "PAYPAL_WEBHOOK_SECRET_ID", PAYPAL_WEBHOOK,
        EVENTS / "paypal", "checkout.order.completed", "webhook_ids",
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
    signing = provider.sign(what, provider.secret if secret is None else secret)
    if signature is not None:
        signing[provider.header] = signature
    return proxy_event(
        "POST",
        "/webhooks/{provider}",
        {"provider": provider.name},
        headers={
            "Content-Type": "application/json",
            **signing,
            **(headers or {}),
        },
        body=text,
        base64=base64_body,
    )


def status_of(event: dict[str, Any]) -> int:
    """What the door answers to a delivery."""
    named = event["pathParameters"]["provider"]
    answer = (_paypals_door if named == "paypal" else receive.handler)(event, CONTEXT)
    assert set(json.loads(answer["body"])) <= {"message", "received"}
    status: int = answer["statusCode"]
    return status


def _paypals_door(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """A path and a function of its own; and, on a laptop, somebody who stands in for PayPal."""
    with pytest.MonkeyPatch.context() as here:
        here.setenv("STAGE", "local")
        here.setenv("LOCAL_PAYPAL", paypal().told)
        answer: dict[str, Any] = receive_paypal.handler(event | {"pathParameters": None}, context)
        return answer


def waiting_in(cloud: Cloud) -> list[tuple[str, str]]:
    """What waits in the queue: whose event, and its body."""
    received = cloud.sqs.receive_message(
        QueueUrl=cloud.queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return [
        (message["MessageAttributes"]["provider"]["StringValue"], message["Body"])
        for message in received.get("Messages", [])
    ]
