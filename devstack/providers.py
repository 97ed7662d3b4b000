"""Payment providers and form tools, as the outside world: each signs its way, and posts."""

import base64
import hashlib
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from devstack.problems import Problem
from devstack.stack import Stack
from shared.adapters import razorpay_signature, stripe_signature, zoom_signature

_SOMEBODY_ELSES = "whsec_" + base64.b64encode(b"somebody else's own key").decode()


@dataclass(frozen=True)
class Answer:
    """What the webhook answered."""

    status: int
    body: str


def deliver(stack: Stack, provider: str, body: bytes, *, forged: bool = False) -> Answer:
    """Sign `body` as the provider does (or as somebody who lacks the secret would) and post it.

    `stripe`, `razorpay` and `paypal` send payments, `eventbrite` notices of them; `zoom` tells who
    comes and goes; `form` is an institute's own form tool, which sends applications. The same body
    is the same message, however often it is delivered.
    """
    match provider:
        case "stripe":
            secret = _SOMEBODY_ELSES if forged else stack.stripe_signing_secret
            signature = stripe_signature.sign(body, secret, int(time.time()))
            path, signed = "webhooks/stripe", {"stripe-signature": signature}
        case "razorpay":
            secret = _SOMEBODY_ELSES if forged else stack.razorpay_signing_secret
            signature = razorpay_signature.sign(body, secret)
            path, signed = "webhooks/razorpay", {"x-razorpay-signature": signature}
        case "paypal":
            path, signed = "webhooks/paypal", _transmission(body, stack, forged=forged)
        case "eventbrite":
            told = stack.eventbrite.segment if stack.eventbrite else ""
            # Nothing is signed: who knows the address is believed to be Eventbrite.
            path, signed = f"webhooks/eventbrite/{'0' * 64 if forged else told}", {}
        case "zoom":
            secret, now = _SOMEBODY_ELSES if forged else stack.zoom_secret_token, int(time.time())
            signature = zoom_signature.sign(body, secret, now)
            path = "webhooks/zoom"
            signed = {"x-zm-signature": signature, "x-zm-request-timestamp": str(now)}
        case "form":
            secret = _SOMEBODY_ELSES if forged else stack.form_signing_secret
            path, signed = "scholarships", _signed_message(body, secret)
        case _:
            raise Problem(
                f"There is no provider '{provider}' here.",
                "Try: stripe, razorpay, paypal, eventbrite, zoom, form",
            )
    request = urllib.request.Request(  # noqa: S310 - our own stack on loopback
        f"{stack.api_url}/{path}", data=body, headers={"content-type": "application/json", **signed}
    )
    try:
        # New workers start cold, many at once on a small machine, before the first answer comes.
        with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310
            return Answer(response.status, response.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode())


def _transmission(body: bytes, stack: Stack, *, forged: bool) -> dict[str, str]:
    # Slow to import, and not among what every command needs.
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    from devstack.paypal_stand_in import ADDRESS
    from shared.adapters import paypal_signature

    if not stack.paypal_signing_key:
        raise Problem("Nobody stands in for PayPal in this stack.", "Start it anew: down, then up")
    key = load_pem_private_key(stack.paypal_signing_key.encode(), None)
    if forged or not isinstance(key, RSAPrivateKey):
        key = generate_private_key(65537, 2048)
    now = datetime.now(UTC)
    # PayPal numbers each try anew; only the event in the body stays the same.
    name = str(uuid.uuid4())
    return paypal_signature.sign(body, stack.paypal_webhook_id, key, ADDRESS, name, now)


def _signed_message(body: bytes, secret: str) -> dict[str, str]:
    from standardwebhooks import Webhook  # slow to import

    message, now = f"msg_{hashlib.sha256(body).hexdigest()[:24]}", datetime.now(UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, now, body.decode()),
    }
