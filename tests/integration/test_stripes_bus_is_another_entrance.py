"""Stripe's bus on EventBridge ends in the same queue; an event counts once by either way."""

import json
from typing import Any

import pytest

from functions.payment_webhook.record import handler as record
from shared.adapters.payment_providers import read_event
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.payments import EventMarker
from tests.cloud import CONTEXT, Cloud
from tests.gateway import queue_event
from tests.payments import body_of, changed

PAID = "checkout.session.completed.paid"


def _in_its_cover(body: str, source: str = "aws.partner/stripe.com/ed_test_61TendingSeason") -> Any:
    """The event as EventBridge has it on the bus."""
    event = json.loads(body)
    return {
        "version": "0",
        "id": "0d1f0a52-6f7f-4b7e-9d57-7c1b6a1f2e3d",
        "detail-type": event["type"],
        "source": source,
        "account": "123456789012",
        "time": "2025-06-01T12:00:02Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": event,
    }


def _by_bus(body: str) -> str:
    """What the rule on the bus queues: the event alone, written as EventBridge writes."""
    return json.dumps(_in_its_cover(body)["detail"], separators=(",", ":"), ensure_ascii=False)


def _recorded(body: str, provider: str | None) -> list[Any]:
    failures: list[Any] = record(queue_event(body, provider=provider), CONTEXT)["batchItemFailures"]
    return failures


def test_what_comes_without_a_sender_is_stripes(cloud: Cloud) -> None:
    assert _recorded(_by_bus(body_of(PAID)), None) == []

    (marker,) = cloud.everything(EventMarker)
    assert marker.provider == "stripe"


@pytest.mark.parametrize("bus_first", [True, False])
def test_an_event_that_comes_by_both_ways_is_one_event(
    cloud: Cloud, capsys: pytest.CaptureFixture[str], bus_first: bool
) -> None:
    """Written otherwise, and with another number of endpoints that have not taken it yet."""
    by_webhook = (changed(PAID, event={"pending_webhooks": 2}), "stripe")
    by_bus = (_by_bus(changed(PAID, event={"pending_webhooks": 1})), None)

    for body, provider in (by_bus, by_webhook) if bus_first else (by_webhook, by_bus):
        assert _recorded(body, provider) == []

    assert len(cloud.everything(EventMarker)) == 1
    counted = capsys.readouterr().out
    assert '"PaymentDuplicate":[1.0]' in counted
    assert "PaymentAltered" not in counted


def test_an_event_that_says_something_else_by_the_other_way_is_noticed(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _recorded(_by_bus(body_of(PAID)), None) == []
    assert _recorded(changed(PAID, amount_total=8500), "stripe") == []

    assert '"PaymentAltered":[1.0]' in capsys.readouterr().out


def test_what_the_bus_could_not_deliver_is_read_from_within_its_cover() -> None:
    """EventBridge leaves the whole of it in the dead-letter queue, and staff hand that over."""
    covered = json.dumps(_in_its_cover(body_of(PAID))).encode()

    assert read_event("stripe", covered, live=False) == read_event(
        "stripe", body_of(PAID).encode(), live=False
    )


@pytest.mark.parametrize(
    "covered",
    [
        _in_its_cover(body_of(PAID), "aws.partner/stripe.com.example/ed_1"),
        _in_its_cover(body_of(PAID), "our.own"),
        _in_its_cover(body_of(PAID)) | {"detail": None},
        _in_its_cover(body_of(PAID)) | {"detail": [json.loads(body_of(PAID))]},
    ],
    ids=["another host", "ourselves", "nothing", "a list"],
)
def test_a_cover_of_somebody_else_or_around_nothing_is_not_opened(covered: Any) -> None:
    with pytest.raises(UnreadableEvent):
        read_event("stripe", json.dumps(covered).encode(), live=False)


def test_nobody_but_stripe_comes_in_a_cover() -> None:
    covered = json.dumps(_in_its_cover(body_of(PAID))).encode()

    with pytest.raises(UnreadableEvent):
        read_event("razorpay", covered, live=False)
