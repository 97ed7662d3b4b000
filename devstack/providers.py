"""Payment providers as the outside world: they sign an event their way and post it."""

import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from devstack.problems import Problem
from devstack.stack import Stack
from shared.adapters.stripe_signature import sign


@dataclass(frozen=True)
class Answer:
    """What the webhook answered."""

    status: int
    body: str


def deliver(stack: Stack, provider: str, body: bytes, *, forged: bool = False) -> Answer:
    """Sign `body` as the provider does (or as somebody who lacks the secret would) and post it."""
    if provider != "stripe":
        raise Problem(f"There is no provider '{provider}' here.", "Try: stripe")
    secret = "whsec_somebody_elses" if forged else stack.stripe_signing_secret
    request = urllib.request.Request(  # noqa: S310 - our own stack on loopback
        f"{stack.api_url}/webhooks/{provider}",
        data=body,
        headers={
            "content-type": "application/json",
            "stripe-signature": sign(body, secret, int(time.time())),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return Answer(response.status, response.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read().decode())
