"""The one door a payment comes through: what Stripe signed is queued as it is, and nothing else."""

import base64
import gzip
import json
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from functions.payment_webhook.receive import LARGEST_BODY, handler
from shared.adapters.stripe_signature import sign
from tests.cloud import CONTEXT, STRIPE_SECRET, Cloud
from tests.gateway import proxy_event

EVENTS = sorted(Path("events/payment_webhook").glob("*.json"))
BODY = EVENTS[0].read_text(encoding="utf-8")
JSON = {"Content-Type": "application/json; charset=utf-8"}


def _delivery(
    body: str | None = BODY,
    *,
    signed: str | None = None,
    secret: str = STRIPE_SECRET,
    age: float = 0,
    provider: str = "stripe",
    headers: dict[str, str] | None = None,
    base64_body: bool = False,
) -> dict[str, Any]:
    """A delivery of `body`, with a signature of `signed` (of the body itself unless given)."""
    what = (body or "") if signed is None else signed
    signature = sign(what.encode(errors="surrogatepass"), secret, int(time.time() - age))
    return proxy_event(
        "POST",
        "/webhooks/{provider}",
        {"provider": provider},
        headers={**JSON, "Stripe-Signature": signature, **(headers or {})},
        body=body,
        base64=base64_body,
    )


def _status(event: dict[str, Any]) -> int:
    answer = handler(event, CONTEXT)
    assert answer["headers"] == {"content-type": "application/json"}
    json.loads(answer["body"])
    status: int = answer["statusCode"]
    return status


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_what_stripe_signed_is_queued_once_byte_for_byte(cloud: Cloud, file: Path) -> None:
    body = file.read_text(encoding="utf-8")

    assert _status(_delivery(body)) == 200

    assert cloud.queued() == [body]


def test_the_answer_says_that_it_was_received_and_nothing_more(cloud: Cloud) -> None:
    assert json.loads(handler(_delivery(), CONTEXT)["body"]) == {"received": True}


@pytest.mark.parametrize(
    ("what", "event", "status"),
    [
        ("another secret", lambda: _delivery(secret="whsec_of_somebody_else"), 400),
        ("another body than was signed", lambda: _delivery(BODY + " ", signed=BODY), 400),
        ("no signature", lambda: _delivery(headers={"Stripe-Signature": ""}), 400),
        ("noise for a signature", lambda: _delivery(headers={"Stripe-Signature": "v1=é,t=0"}), 400),
        ("signed seven minutes ago", lambda: _delivery(age=420), 400),
        ("signed four days ago", lambda: _delivery(age=4 * 86400), 400),
        ("signed in seven minutes", lambda: _delivery(age=-420), 400),
        ("a form", lambda: _delivery(headers={"Content-Type": "text/plain"}), 400),
        ("no content type", lambda: _delivery(headers={"Content-Type": ""}), 400),
        ("compressed", lambda: _delivery(headers={"Content-Encoding": "gzip"}), 400),
        ("compressed otherwise", lambda: _delivery(headers={"content-encoding": "BR"}), 400),
        ("no body", lambda: _delivery(None), 400),
        ("an empty body", lambda: _delivery(""), 400),
        ("half a character", lambda: _delivery('{"name":"\ud800"}'), 400),
        ("one byte too long", lambda: _delivery("x" * (LARGEST_BODY + 1)), 400),
        ("seven megabytes", lambda: _delivery("x" * 7_000_000, signed=""), 400),
        ("two bytes a letter, too long", lambda: _delivery("é" * (LARGEST_BODY // 2 + 1)), 400),
        ("another provider", lambda: _delivery(provider="paypal"), 404),
        ("no provider", lambda: _delivery() | {"pathParameters": None}, 404),
        ("a provider in capitals", lambda: _delivery(provider="Stripe"), 404),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_stripe_did_not_sign_just_now_writes_nothing(
    cloud: Cloud, what: str, event: Any, status: int
) -> None:
    assert _status(event()) == status, what

    assert cloud.queued() == []


def test_bytes_that_are_no_text_are_refused(cloud: Cloud) -> None:
    packed = gzip.compress(BODY.encode())
    for content in (packed, b"\xff\xfe", "{}".encode("utf-16")):
        event = _delivery(base64.b64encode(content).decode(), base64_body=True)
        assert _status(event) == 400
    assert _status(_delivery("%%% no base64 %%%", base64_body=True)) == 400

    assert cloud.queued() == []


def test_a_body_that_the_gateway_encoded_is_the_body_that_was_signed(cloud: Cloud) -> None:
    event = _delivery(base64.b64encode(BODY.encode()).decode(), signed=BODY, base64_body=True)

    assert _status(event) == 200

    assert cloud.queued() == [BODY]


@pytest.mark.parametrize("length", [1, LARGEST_BODY - 1, LARGEST_BODY])
def test_a_body_of_up_to_64_kib_is_taken(cloud: Cloud, length: int) -> None:
    assert _status(_delivery("x" * length)) == 200

    assert [len(body) for body in cloud.queued()] == [length]


def test_two_signature_headers_are_refused_because_it_is_not_clear_what_was_signed(
    cloud: Cloud,
) -> None:
    event = _delivery()
    several = event["multiValueHeaders"]["Stripe-Signature"]
    several.append(several[0])

    assert _status(event) == 400


def test_headers_are_found_whatever_their_case_and_wherever_the_gateway_puts_them(
    cloud: Cloud,
) -> None:
    event = _delivery()
    lower = {name.lower(): value for name, value in event["headers"].items()}

    assert _status(event | {"headers": lower, "multiValueHeaders": None}) == 200
    assert _status(event | {"headers": None}) == 200


def test_while_a_secret_is_rolled_both_count(cloud: Cloud) -> None:
    cloud.set_secret("STRIPE_WEBHOOK_SECRET_ID", {"signing_secrets": ["whsec_new", STRIPE_SECRET]})

    assert _status(_delivery(secret="whsec_new")) == 200
    assert _status(_delivery()) == 200


@pytest.mark.parametrize("secrets", [[], [""], ["", ""]])
def test_without_a_secret_nothing_is_believed_and_stripe_will_come_again(
    cloud: Cloud, secrets: list[str]
) -> None:
    cloud.set_secret("STRIPE_WEBHOOK_SECRET_ID", {"signing_secrets": secrets})

    assert _status(_delivery(secret="")) == 503
    assert cloud.queued() == []

    cloud.set_secret("STRIPE_WEBHOOK_SECRET_ID", {"signing_secrets": [STRIPE_SECRET]})
    assert _status(_delivery()) == 200, "and no worker has to be replaced for that"


def test_the_secret_is_asked_for_once_in_five_minutes(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _status(_delivery()) == 200
    cloud.set_secret("STRIPE_WEBHOOK_SECRET_ID", {"signing_secrets": ["whsec_new"]})
    assert _status(_delivery()) == 200, "the secret of a moment ago"
    assert _status(_delivery(secret="whsec_new")) == 400

    five_minutes_on = time.monotonic() + 301
    monkeypatch.setattr("functions.payment_webhook.receive.time.monotonic", lambda: five_minutes_on)

    assert _status(_delivery(secret="whsec_new")) == 200
    assert _status(_delivery()) == 400


def test_what_is_logged_of_a_refusal_names_nobody(
    cloud: Cloud, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    _status(_delivery(secret="whsec_of_somebody_else"))
    _status(_delivery())

    told = logged.getvalue() + capsys.readouterr().out
    assert "The signature does not fit." in told
    assert "WebhookTaken" in told
    assert "example.org" not in told
    assert STRIPE_SECRET not in told
