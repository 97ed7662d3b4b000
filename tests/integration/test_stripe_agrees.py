"""Stripe's own library is the judge: what it takes we take, except from the future."""

import time
from pathlib import Path

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.stripe_signature import is_signed, sign

SECRET = "whsec_for_tests"
BODY = Path("events/payment_webhook/charge.refunded.full.json").read_bytes()
NOW = 1749560312


def _stripe_takes(body: bytes, header: str, tolerance: int | None = None) -> bool:
    """Whether the library takes the signature, at any time unless a tolerance is given."""
    try:
        stripe.WebhookSignature.verify_header(body.decode(), header, SECRET, tolerance)
    except stripe.SignatureVerificationError:
        return False
    return True


_READ = (stripe.checkout.Session, stripe.Charge, stripe.Refund, stripe.Dispute)


@pytest.mark.parametrize("path", sorted(Path("events/payment_webhook").glob("*.json")), ids=str)
def test_stripes_library_takes_what_we_sign_and_reads_our_model_events(path: Path) -> None:
    body = path.read_bytes()

    event = stripe.Webhook.construct_event(body, sign(body, SECRET, int(time.time())), SECRET)

    assert path.stem.startswith(event.type)
    assert isinstance(event.data.object, _READ)


V1 = sign(BODY, SECRET, NOW).partition(",v1=")[2]


@pytest.mark.parametrize(
    "header",
    [
        f"t={NOW},v1={V1}",
        f"t={NOW},v1={'0' * 64},v1={V1}",
        f"t={NOW},v1={V1},v0={'0' * 64}",
        f"t={NOW},v0={V1}",
        f"t={NOW + 1},v1={V1}",
        f"t={NOW},v1={V1[:-1]}",
        f"v1={V1}",
        f"t={NOW}",
        "t=now,v1=x",
        "",
    ],
)
def test_we_and_stripes_library_judge_a_header_alike(header: str) -> None:
    assert is_signed(BODY, header, [SECRET], NOW) is _stripe_takes(BODY, header)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80), st.integers(0, 2**31))
def test_we_and_stripes_library_take_the_same_bodies(body: str, at: int) -> None:
    header = sign(body.encode(), SECRET, at)

    assert is_signed(body.encode(), header, [SECRET], at)
    assert _stripe_takes(body.encode(), header)


@pytest.mark.parametrize(
    ("age", "ours", "theirs"), [(0, True, True), (400, False, False), (-400, False, True)]
)
def test_stripes_library_takes_a_signature_from_the_future_and_we_do_not(
    age: int, ours: bool, theirs: bool
) -> None:
    now = time.time()
    header = sign(BODY, SECRET, int(now) - age)

    assert is_signed(BODY, header, [SECRET], now) is ours
    assert _stripe_takes(BODY, header, tolerance=300) is theirs
