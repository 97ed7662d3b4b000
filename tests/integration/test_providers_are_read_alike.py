"""What a provider signed is read strictly and kept once, whoever it was: run over all of them."""

import json
from collections.abc import Callable
from functools import partial
from io import StringIO

import pytest

from functions.payment_webhook.record import handler as record
from shared.adapters.payment_providers import read_event
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.payments import EventMarker
from tests.cloud import CONTEXT, Cloud
from tests.gateway import queue_event
from tests.providers import PROVIDERS, Provider, delivery, each_provider, status_of, waiting_in

# --- what is signed and cannot be believed -----------------------------------------------------


def _with(more: str, provider: Provider) -> str:
    """The payment with something more at its end, where nobody reads."""
    return f"{provider.body.rstrip().removesuffix('}')}, {more}}}"


_BAD_JSON: dict[str, Callable[[Provider], str]] = {
    "a name twice": partial(_with, '"more": {"amount": 6000, "amount": 1}'),
    "a name we read twice": partial(_with, '"livemode": true, "livemode": true'),
    "no number": partial(_with, '"more": NaN'),
    "no end": partial(_with, '"more": -Infinity'),
    "a number without measure": partial(_with, '"more": 1e400'),
    "five thousand digits": partial(_with, f'"more": {"9" * 5000}'),
    "half a character": partial(_with, '"more": "\\ud800"'),
    "depth": partial(_with, f'"more": {"[" * 30_000}{"]" * 30_000}'),
    "depth without end": lambda provider: "[" * 60_000,
    "a list": lambda provider: f"[{provider.body}]",
    "a word": lambda provider: '"paid"',
    "nothing": lambda provider: "null",
    "two events": lambda provider: provider.body * 2,
    "half an event": lambda provider: provider.body[: len(provider.body) // 2],
    "an empty object": lambda provider: "{}",
}


@each_provider
@pytest.mark.parametrize("what", _BAD_JSON)
def test_the_door_reads_nothing_and_the_reader_refuses_in_its_own_words(
    cloud: Cloud, provider: Provider, what: str
) -> None:
    body = _BAD_JSON[what](provider)

    assert status_of(delivery(provider, body)) == 200
    with pytest.raises(UnreadableEvent) as unreadable:
        read_event(provider.name, body.encode(), live=False)

    assert unreadable.value.__cause__ is None
    assert "example.org" not in str(unreadable.value)


@each_provider
def test_nesting_of_a_hundred_thousand_stops_at_the_door_and_would_not_get_through(
    cloud: Cloud, provider: Provider
) -> None:
    body = '{"a":' * 100_000

    assert status_of(delivery(provider, body)) == 400
    with pytest.raises(UnreadableEvent):
        read_event(provider.name, body.encode(), live=False)


@each_provider
def test_bytes_that_are_no_text_are_not_read(provider: Provider) -> None:
    for body in (b"", b"\xff\xfe", "{}".encode("utf-16"), b"\xef\xbb\xbf" + provider.body.encode()):
        with pytest.raises(UnreadableEvent):
            read_event(provider.name, body, live=False)


@each_provider
@pytest.mark.parametrize("version", ["2031-01-01.aurora", None, 7])
def test_an_event_of_a_version_that_nobody_knows_is_read(
    provider: Provider, version: object
) -> None:
    event = json.loads(provider.body)
    newer = event | {"api_version": version, "context": {"new": []}}

    known, unknown = (
        read_event(provider.name, json.dumps(one).encode(), live=False) for one in (event, newer)
    )

    assert known.facts == unknown.facts
    assert len(known.facts) == 1
    assert known.facts[0].provider == provider.name
    assert known.sha256 != unknown.sha256


# --- what is kept ------------------------------------------------------------------------------


@each_provider
def test_a_replay_is_known_by_what_was_signed_whatever_stands_beside_it(
    cloud: Cloud, provider: Provider
) -> None:
    for number in range(3):
        beside = {"X-Razorpay-Event-Id": f"evt_{number}", "User-Agent": f"curl/{number}"}
        assert status_of(delivery(provider, headers=beside)) == 200
    bodies = [body for _, body in waiting_in(cloud)]
    assert len(bodies) == 3

    answer = record(queue_event(*bodies, provider=provider.name), CONTEXT)

    assert answer == {"batchItemFailures": []}
    assert len(cloud.everything(EventMarker)) == 1


@each_provider
def test_one_message_that_cannot_be_read_fails_alone(cloud: Cloud, provider: Provider) -> None:
    poison = _BAD_JSON["a name twice"](provider)

    answer = record(queue_event(poison, provider.body, provider=provider.name), CONTEXT)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert len(cloud.everything(EventMarker)) == 1


@each_provider
def test_an_event_that_came_under_another_name_is_not_read_as_that(
    cloud: Cloud, provider: Provider
) -> None:
    others = [other.name for other in PROVIDERS if other is not provider]
    for other in (*others, "eventbrite", "Stripe", ""):
        message = queue_event(provider.body)
        attributes = message["Records"][0]["messageAttributes"]
        attributes["provider"] = {"stringValue": other, "dataType": "String"}
        assert len(record(message, CONTEXT)["batchItemFailures"]) == 1, other

    assert cloud.everything(EventMarker) == []


@each_provider
def test_what_is_logged_and_counted_names_nobody(
    cloud: Cloud, provider: Provider, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    status_of(delivery(provider, secret="somebody else's"))
    status_of(delivery(provider))
    poison = _BAD_JSON["half an event"](provider)
    record(queue_event(poison, provider.body, provider=provider.name), CONTEXT)

    told = logged.getvalue() + capsys.readouterr().out
    for word in ("The signature does not fit.", "WebhookTaken", "UnreadableEvent", "Payment "):
        assert word in told
    for name in ("Ananya", "Amara", "Noor", "example.org", provider.secret):
        assert name not in told
