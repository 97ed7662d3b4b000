"""What every payment provider's door does, whoever knocks: one suite, run over all of them.

A new provider is a line of `PROVIDERS` (tests/providers.py), and all of this holds for it or fails.
"""

import base64
import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.payment_webhook.receive import _PROVIDERS, LARGEST_BODY
from shared import wiring
from shared.adapters import payment_providers
from tests.cloud import ENVIRON, Cloud
from tests.providers import (
    FILES,
    PROVIDERS,
    Provider,
    delivery,
    each_provider,
    status_of,
    waiting_in,
)


def test_every_provider_that_is_let_in_is_in_this_suite() -> None:
    names = [provider.name for provider in PROVIDERS]

    # Eventbrite signs nothing: what holds for its door is in test_eventbrite_notices_become_seats.
    assert [*names, "eventbrite"] == [*_PROVIDERS, "paypal", "eventbrite"]
    assert [*names, "eventbrite"] == list(payment_providers._READERS)


# --- what is taken ---------------------------------------------------------------------------


@pytest.mark.parametrize(("provider", "file"), FILES)
def test_what_is_signed_is_queued_once_byte_for_byte_with_its_sender(
    cloud: Cloud, provider: Provider, file: Path
) -> None:
    body = file.read_text(encoding="utf-8")

    assert status_of(delivery(provider, body)) == 200

    assert waiting_in(cloud) == [(provider.name, body)]


@each_provider
def test_a_body_that_the_gateway_encoded_is_the_body_that_was_signed(
    cloud: Cloud, provider: Provider
) -> None:
    encoded = base64.b64encode(provider.body.encode()).decode()

    assert status_of(delivery(provider, encoded, signed=provider.body, base64_body=True)) == 200

    assert waiting_in(cloud) == [(provider.name, provider.body)]


@each_provider
@pytest.mark.parametrize("length", [1, LARGEST_BODY - 1, LARGEST_BODY])
def test_a_body_of_up_to_64_kib_is_taken(cloud: Cloud, provider: Provider, length: int) -> None:
    assert status_of(delivery(provider, "x" * length)) == 200


@each_provider
def test_headers_are_found_whatever_their_case(cloud: Cloud, provider: Provider) -> None:
    event = delivery(provider)
    lower = {name.lower(): value for name, value in event["headers"].items()}

    assert status_of(event | {"headers": lower, "multiValueHeaders": None}) == 200
    assert status_of(event | {"headers": None}) == 200


@each_provider
def test_while_a_secret_is_changed_both_count_and_then_the_old_one_does_not(
    cloud: Cloud, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud.set_secret(provider.setting, provider.kept("the new one", provider.secret))
    assert status_of(delivery(provider, secret="the new one")) == 200
    assert status_of(delivery(provider)) == 200

    cloud.set_secret(provider.setting, provider.kept("the new one"))
    five_minutes_on = time.monotonic() + 301
    monkeypatch.setattr("functions.payment_webhook.receive.time.monotonic", lambda: five_minutes_on)

    assert status_of(delivery(provider)) == 400
    assert status_of(delivery(provider, secret="the new one")) == 200


# --- what is refused -------------------------------------------------------------------------

_HEADERS: dict[str, dict[str, str]] = {
    "no content type": {"Content-Type": ""},
    "a form": {"Content-Type": "application/x-www-form-urlencoded"},
    "plain text": {"Content-Type": "text/plain"},
    "gzip": {"Content-Encoding": "gzip"},
    "brotli": {"content-encoding": "BR"},
}
_BODIES: dict[str, Callable[[Provider], str]] = {
    "empty": lambda provider: "",
    "another than was signed": lambda provider: provider.body + " ",
    "one byte too long": lambda provider: "x" * (LARGEST_BODY + 1),
    "two bytes a letter, too long": lambda provider: "é" * (LARGEST_BODY // 2 + 1),
    "half a character": lambda provider: '{"name":"\ud800"}',
}


@each_provider
@pytest.mark.parametrize("what", _HEADERS)
def test_a_body_that_is_not_plain_json_is_refused(
    cloud: Cloud, provider: Provider, what: str
) -> None:
    assert status_of(delivery(provider, headers=_HEADERS[what])) == 400
    assert waiting_in(cloud) == []


@each_provider
@pytest.mark.parametrize("what", _BODIES)
def test_a_body_that_cannot_be_what_was_sent_is_refused(
    cloud: Cloud, provider: Provider, what: str
) -> None:
    body = _BODIES[what](provider)
    signed = provider.body if what.startswith("another") else body

    assert status_of(delivery(provider, body, signed=signed)) == 400
    assert waiting_in(cloud) == []


@each_provider
def test_seven_megabytes_are_refused_without_being_hashed(cloud: Cloud, provider: Provider) -> None:
    assert status_of(delivery(provider, "x" * 7_000_000, signed="")) == 400


@each_provider
def test_no_body_and_bytes_that_are_no_text_are_refused(cloud: Cloud, provider: Provider) -> None:
    assert status_of(delivery(provider, "") | {"body": None}) == 400
    for content in (gzip.compress(provider.body.encode()), b"\xff\xfe", "{}".encode("utf-16")):
        encoded = base64.b64encode(content).decode()
        signature = provider.sign(content, provider.secret)[provider.header]
        event = delivery(provider, encoded, signature=signature, base64_body=True)
        assert status_of(event) == 400
    assert status_of(delivery(provider, "%%% no base64 %%%", base64_body=True)) == 400

    assert waiting_in(cloud) == []


def _with_header(event: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    """The same delivery with another value in one header."""
    said = {"headers": {name: value}, "multiValueHeaders": {name: [value]}}
    return event | {where: event[where] | changed for where, changed in said.items()}


@each_provider
def test_a_signature_with_any_character_changed_is_refused(
    cloud: Cloud, provider: Provider
) -> None:
    event = delivery(provider)
    good = event["headers"][provider.header]
    flipped = [
        good[:at] + ("1" if good[at] == "0" else "0") + good[at + 1 :] for at in range(len(good))
    ]

    assert len(flipped) >= 64
    assert {status_of(_with_header(event, provider.header, one)) for one in flipped} == {400}
    assert waiting_in(cloud) == []


@each_provider
def test_a_body_with_any_byte_changed_is_refused(cloud: Cloud, provider: Provider) -> None:
    body = '{"id":"1","amount":6000}'
    changed = [body[:at] + chr(ord(body[at]) ^ 1) + body[at + 1 :] for at in range(len(body))]

    assert {status_of(delivery(provider, one, signed=body)) for one in changed} == {400}
    assert status_of(delivery(provider, body)) == 200, "unchanged it is taken"


@each_provider
@pytest.mark.parametrize("signature", ["", "é", "v1=é,t=0", ",,,===,,", "0" * 64, "x" * 5000])
def test_no_signature_and_noise_for_one_are_refused(
    cloud: Cloud, provider: Provider, signature: str
) -> None:
    assert status_of(delivery(provider, signature=signature)) == 400
    assert waiting_in(cloud) == []


@each_provider
def test_two_signature_headers_are_refused(cloud: Cloud, provider: Provider) -> None:
    event = delivery(provider)
    several = event["multiValueHeaders"][provider.header]
    several.append(several[0])

    assert status_of(event) == 400


@each_provider
def test_somebody_elses_secret_and_another_providers_are_refused(
    cloud: Cloud, provider: Provider
) -> None:
    for other in PROVIDERS:
        if other is not provider:
            assert status_of(delivery(provider, secret=other.secret)) == 400
            at_our_door = {"pathParameters": {"provider": provider.name}}
            assert status_of(delivery(other) | at_our_door) == 400
    assert status_of(delivery(provider, secret="somebody else's")) == 400

    assert waiting_in(cloud) == []


@each_provider
@pytest.mark.parametrize("secrets", [[], [""], ["", ""], None])
def test_while_no_secret_is_set_the_door_is_closed_and_opens_without_a_deploy(
    cloud: Cloud, provider: Provider, secrets: list[str] | None
) -> None:
    if secrets is None:  # as CloudFormation makes it: there, and without any value
        wiring.client("secretsmanager").delete_secret(
            SecretId=ENVIRON[provider.setting], ForceDeleteWithoutRecovery=True
        )
    else:
        cloud.set_secret(provider.setting, provider.kept(*secrets))
    assert status_of(delivery(provider, secret="")) == 503
    assert status_of(delivery(provider)) == 503
    assert waiting_in(cloud) == []

    cloud.set_secret(provider.setting, provider.kept(provider.secret))
    assert status_of(delivery(provider)) == 200


@each_provider
def test_a_door_without_a_secret_leaves_the_others_open(cloud: Cloud, provider: Provider) -> None:
    cloud.set_secret(provider.setting, provider.kept())

    answers = {other.name: status_of(delivery(other)) for other in PROVIDERS}

    assert answers.pop(provider.name) == 503
    assert set(answers.values()) == {200}
