"""PayPal's path is another function's than that of all other providers, here as on AWS."""

import urllib.error
import urllib.request

import pytest

from devstack import paths
from devstack.providers import deliver
from devstack.stack import Stack

# Of a kind that nobody needs, so that it leaves nothing behind for other tests to count.
_BODY = paths.REPO / "events" / "payment_webhook" / "paypal" / "checkout.order.approved.json"


def test_what_paypal_signs_is_taken_and_what_somebody_else_does_is_not(stack: Stack) -> None:
    taken = deliver(stack, "paypal", _BODY.read_bytes())
    refused = deliver(stack, "paypal", _BODY.read_bytes(), forged=True)

    assert (taken.status, taken.body) == (200, '{"received": true}')
    assert refused.status == 400
    assert "does not fit" in refused.body


def test_beside_it_the_others_have_theirs(stack: Stack) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{stack.api_url}/webhooks/paypals",
        data=b"{}",
        headers={"content-type": "application/json"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=120)  # noqa: S310

    with refused.value as answer:
        assert answer.code == 404
