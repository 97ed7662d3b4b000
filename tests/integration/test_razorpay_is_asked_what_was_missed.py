"""Razorpay lists no events; what it lists is told as its webhook tells it, and so counts once."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from functions.payment_webhook.record import handler as record
from functions.sweep.handler import sweep
from shared import wiring
from shared.adapters.memory_providers import MemoryProviderEvents
from shared.adapters.razorpay_event_list import RazorpayEventList
from shared.adapters.razorpay_events import read_razorpay_event
from shared.adapters.razorpay_refunds import RazorpayKey
from shared.domain.payments import EventMarker, Order
from shared.failures import Unavailable
from shared.ports import ProviderEvents
from tests.cloud import CONTEXT, Cloud
from tests.gateway import queue_event
from tests.razorpay_api import KEY, RazorpayLists, listing

NOW = datetime(2025, 10, 20, 12, 0, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
EVERYTHING = [
    "payment.captured", "payment.captured.card", "payment.failed", "refund.created",
    "refund.processed", "refund.processed.full", "refund.failed", "payment.dispute.created",
    "payment.dispute.won", "payment.dispute.lost", "payment.dispute.closed",
]  # fmt: skip


@pytest.fixture
def razorpay() -> Iterator[RazorpayLists]:
    """A stand-in for Razorpay."""
    with listing() as stands_in:
        yield stands_in


def _list(razorpay: RazorpayLists, key: RazorpayKey = KEY, **more: Any) -> RazorpayEventList:
    return RazorpayEventList(lambda: key, razorpay.address, **more)


def _listed(razorpay: RazorpayLists) -> list[bytes]:
    return list(_list(razorpay).since(NOW - timedelta(days=4)))


def _payments(razorpay: RazorpayLists, number: int) -> list[str]:
    """So many payments, a minute after each other; their ids, the oldest first."""
    for made in range(number):
        at = NOW - timedelta(minutes=number - made)
        razorpay.makes("payment.captured", at, id=f"pay_{made}")
    return [f"pay_{made}" for made in range(number)]


def _ids(bodies: list[bytes]) -> list[str]:
    return [json.loads(body)["id"] for body in bodies]


@pytest.fixture(params=["in memory", "at Razorpay"])
def provider(
    request: pytest.FixtureRequest, razorpay: RazorpayLists
) -> tuple[ProviderEvents, list[str]]:
    """Three payments, one of them too old to be asked for, in both twins; what is to be listed."""
    times = [NOW - timedelta(days=9, seconds=1), NOW - timedelta(days=4), NOW]
    for number, at in enumerate(times):
        razorpay.makes("payment.captured", at, id=f"pay_{number}")
    if request.param == "in memory":
        made = [(at, json.dumps({"id": f"pay_{n}"}).encode()) for n, at in enumerate(times)]
        return MemoryProviderEvents(made), ["pay_1", "pay_2"]
    return _list(razorpay), ["pay_1", "pay_2"]


def test_what_was_made_since_then_is_listed_oldest_first(
    provider: tuple[ProviderEvents, list[str]],
) -> None:
    events, expected = provider

    assert _ids(list(events.since(NOW - timedelta(days=4)))) == expected


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_listed_says_the_same_under_the_same_name_as_what_is_delivered(
    razorpay: RazorpayLists, name: str
) -> None:
    (delivered,) = read_razorpay_event(razorpay.makes(name, HOUR_AGO), live=False)

    (body,) = _listed(razorpay)

    (listed,) = read_razorpay_event(body, live=False)
    assert listed.event == delivered.event
    assert listed == delivered.model_copy(update={"at": listed.at})


def test_under_review_is_that_a_dispute_was_opened(razorpay: RazorpayLists) -> None:
    opened = razorpay.makes("payment.dispute.created", HOUR_AGO)
    razorpay.makes("payment.dispute.under_review", HOUR_AGO)

    (body,) = _listed(razorpay)

    (fact,), (delivered,) = (read_razorpay_event(one, live=False) for one in (body, opened))
    assert (fact.event, fact.state) == (delivered.event, "open")


def test_a_payment_that_was_given_back_whole_is_still_that_it_was_paid(
    razorpay: RazorpayLists,
) -> None:
    razorpay.makes("payment.captured", HOUR_AGO, status="refunded")

    (fact,) = read_razorpay_event(_listed(razorpay)[0], live=False)

    assert (fact.says, fact.event.partition(":")[0]) == ("paid", "payment.captured")


@pytest.mark.parametrize("status", ["created", "authorized", "anything new", None])
def test_what_has_come_to_nothing_yet_is_not_told(
    razorpay: RazorpayLists, status: str | None
) -> None:
    razorpay.makes("payment.captured", HOUR_AGO, status=status)

    assert _listed(razorpay) == []


def test_what_may_still_change_is_asked_for_longer(razorpay: RazorpayLists) -> None:
    for name, days in (
        ("payment.captured", 9),
        ("refund.processed", 17),
        ("payment.dispute.lost", 100),
    ):
        razorpay.makes(name, NOW - timedelta(days=days))

    kinds = [json.loads(body)["event"] for body in _listed(razorpay)]

    assert kinds == ["payment.dispute.lost", "refund.processed", "payment.captured"]


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 230])
def test_lists_of_many_pages_are_read_to_their_end(razorpay: RazorpayLists, number: int) -> None:
    expected = _payments(razorpay, number)

    assert _ids(_listed(razorpay)) == expected

    pages = [said["skip"] for path, said in razorpay.asked if path == "/v1/payments"]
    assert pages == [str(100 * page) for page in range(number // 100 + 1)]


@pytest.mark.parametrize("key", [RazorpayKey("", ""), RazorpayKey("rzp_x", "")])
def test_without_a_key_nobody_is_asked(
    razorpay: RazorpayLists, cloud: Cloud, key: RazorpayKey
) -> None:
    assert list(_list(razorpay, key).since(NOW)) == []
    assert list(wiring.provider_events()["razorpay"].since(NOW)) == []
    assert razorpay.asked == []


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("request_", [0, 1, 3], ids=["at once", "on a page", "at the disputes"])
def test_when_razorpay_is_busy_the_next_hour_asks_again(
    razorpay: RazorpayLists, status: int, request_: int
) -> None:
    expected = _payments(razorpay, 101)
    razorpay.answers = [0] * request_ + [status]

    with pytest.raises(Unavailable):
        _listed(razorpay)

    assert _ids(_listed(razorpay)) == expected


def test_when_nobody_answers_or_it_takes_too_long_the_next_hour_asks_again(
    razorpay: RazorpayLists,
) -> None:
    with pytest.raises(Unavailable):
        RazorpayEventList(lambda: KEY, "http://127.0.0.1:9").since(NOW)

    _payments(razorpay, 101)
    with pytest.raises(Unavailable):
        _list(razorpay, at_most=0).since(NOW - timedelta(days=4))


@pytest.mark.parametrize("answer", [{}, {"items": None}, {"items": ["pay_1"]}, [], "list"])
def test_an_answer_that_is_no_list_is_none(razorpay: RazorpayLists, answer: Any) -> None:
    razorpay.instead = answer

    with pytest.raises(Unavailable):
        _listed(razorpay)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_when_razorpay_refuses_there_is_nothing_and_the_log_says_no_more_than_that(
    razorpay: RazorpayLists, status: int, logged: StringIO
) -> None:
    _payments(razorpay, 1)
    razorpay.answers = [status]

    assert _listed(razorpay) == []

    told = logged.getvalue()
    assert "Razorpay refused to list its payments" in told
    assert "Quillon" not in told
    assert KEY.secret not in told


# --- within the sweep ------------------------------------------------------------------------


@pytest.fixture
def asking(cloud: Cloud, razorpay: RazorpayLists, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Razorpay can be asked what was missed."""
    monkeypatch.setattr(wiring, "provider_events", lambda: {"razorpay": _list(razorpay)})
    cloud.now = NOW
    return cloud


def test_every_hour_each_thing_counts_once_by_whichever_way_it_comes(
    asking: Cloud, razorpay: RazorpayLists, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["payment.captured", "refund.processed", "payment.dispute.created"]
    bodies = [razorpay.makes(name, HOUR_AGO).decode() for name in names]
    record(queue_event(bodies[0], provider="razorpay"), CONTEXT)

    assert sweep({}, CONTEXT)["missed_payments"] == 2
    assert sweep({}, CONTEXT)["missed_payments"] == 0
    record(queue_event(*bodies, provider="razorpay"), CONTEXT)

    assert len(asking.everything(EventMarker)) == 3
    printed = capsys.readouterr().out
    assert '"PaymentEventsListed":[3.0]' in printed
    assert "PaymentAltered" not in printed
    assert "ananya" not in printed


def test_listed_alone_a_payment_is_the_same_order_as_delivered(
    asking: Cloud, razorpay: RazorpayLists
) -> None:
    razorpay.makes("payment.captured", HOUR_AGO)

    assert sweep({}, CONTEXT)["missed_payments"] == 1

    (order,) = asking.everything(Order)
    assert order.order == "razorpay-pay_ROKqTend1ngM01"
    assert order.buyer_address == "ananya.krishnan@example.org"


def test_one_that_cannot_be_read_is_named_and_stops_nobody(
    asking: Cloud, razorpay: RazorpayLists, logged: StringIO
) -> None:
    _payments(razorpay, 20)
    razorpay.makes("payment.captured", HOUR_AGO, id="pay_odd", amount="4500.00")

    assert sweep({}, CONTEXT)["missed_payments"] == 6, "the youngest are left to the webhook"

    assert "pay_odd" in logged.getvalue()
