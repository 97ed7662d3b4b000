"""Stripe's list of events, asked by its own library at a stand-in that speaks its API."""

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
from shared.adapters.stripe_event_list import StripeEventList
from shared.adapters.stripe_events import KINDS, read_stripe_event
from shared.domain.letters import LetterKind
from shared.domain.payments import EventMarker
from shared.domain.registrations import Registration, RegistrationStatus
from shared.failures import Unavailable
from shared.ports import ProviderEvents
from tests.cloud import CONTEXT, Cloud, who
from tests.gateway import queue_event
from tests.payments import FOLDER, body_of, changed, checkout
from tests.season import IDHA, on_sale
from tests.stripe_api import KEY, StripeEvents, listing

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
FIRST = IDHA.sessions[0].id
OFFER = "general-class-1"


@pytest.fixture
def stripe() -> Iterator[StripeEvents]:
    """A stand-in for Stripe."""
    with listing() as stands_in:
        yield stands_in


def _listed(stripe: StripeEvents, since: datetime = NOW - timedelta(days=4)) -> list[bytes]:
    return list(StripeEventList(KEY, stripe.address).since(since))


def _ids(bodies: list[bytes]) -> list[str]:
    return [json.loads(body)["id"] for body in bodies]


def _many(stripe: StripeEvents, number: int) -> list[str]:
    """So many payments, a minute after each other; their ids, the oldest first."""
    for made in range(number):
        at = NOW - timedelta(minutes=number - made)
        stripe.make(checkout(IDHA, OFFER, "Ana", made), at)
    return [f"evt_{made}" for made in range(number)]


# --- the list itself -------------------------------------------------------------------------


@pytest.fixture(params=["in memory", "at Stripe"])
def provider(
    request: pytest.FixtureRequest, stripe: StripeEvents
) -> tuple[ProviderEvents, list[bytes]]:
    """Three events, one of them too old to be asked for, in both twins; what is to be listed."""
    times = [NOW - timedelta(days=1, seconds=1), NOW - timedelta(days=1), NOW]
    bodies = [checkout(IDHA, OFFER, "Ana", number) for number in range(3)]
    for body, at in zip(bodies, times, strict=True):
        stripe.make(body, at)
    made = [json.dumps(event).encode() for event in stripe.made]
    if request.param == "in memory":
        return MemoryProviderEvents(list(zip(times, made, strict=True))), made[1:]
    return StripeEventList(KEY, stripe.address), made[1:]


def test_what_was_made_since_then_is_listed_oldest_first(
    provider: tuple[ProviderEvents, list[bytes]],
) -> None:
    events, expected = provider

    assert list(events.since(NOW - timedelta(days=1))) == expected


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 200, 230])
def test_a_list_of_many_pages_is_read_to_its_end(stripe: StripeEvents, number: int) -> None:
    expected = _many(stripe, number)

    assert _ids(_listed(stripe)) == expected

    pages = max(1, -(-number // 100))
    assert [said["limit"] for said in stripe.asked] == ["100"] * pages


def test_stripe_is_asked_only_for_what_we_read(stripe: StripeEvents) -> None:
    stripe.make(body_of("checkout.session.expired"), NOW)
    stripe.make(body_of("checkout.session.completed.paid"), NOW)

    assert len(_listed(stripe)) == 1

    (said,) = stripe.asked
    assert {value for name, value in said.items() if name.startswith("types[")} == set(KINDS)


@pytest.mark.parametrize("name", sorted(one.stem for one in FOLDER.glob("*.json")))
def test_what_is_listed_says_the_same_as_what_is_delivered(stripe: StripeEvents, name: str) -> None:
    delivered = stripe.make(body_of(name), NOW)

    listed = _listed(stripe)

    if json.loads(delivered)["type"] not in KINDS:
        assert (listed, read_stripe_event(delivered)) == ([], [])
        return
    assert json.loads(listed[0]) | {"pending_webhooks": 3} == json.loads(delivered)
    assert read_stripe_event(listed[0]) == read_stripe_event(delivered)


def test_without_a_key_nobody_is_asked(stripe: StripeEvents, cloud: Cloud) -> None:
    _many(stripe, 1)

    assert list(StripeEventList("", stripe.address).since(NOW)) == []
    assert list(wiring.provider_events()["stripe"].since(NOW)) == []
    assert stripe.asked == []


def test_a_key_that_an_operator_puts_counts_from_the_next_hour_on(cloud: Cloud) -> None:
    wiring.provider_events()
    cloud.set_secret("STRIPE_API_SECRET_ID", {"api_key": "rk_put_by_hand"})

    events = wiring.provider_events()["stripe"]

    assert isinstance(events, StripeEventList)
    assert events._api_key == "rk_put_by_hand"


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("page", [0, 1], ids=["at once", "in the middle of the list"])
def test_when_stripe_is_busy_the_next_hour_asks_again(
    stripe: StripeEvents, status: int, page: int
) -> None:
    expected = _many(stripe, 101)
    stripe.answers = [0] * page + [status] * 2  # the library tries a second time

    with pytest.raises(Unavailable):
        _listed(stripe)

    stripe.answers = []
    assert _ids(_listed(stripe)) == expected


def test_when_nobody_answers_the_next_hour_asks_again() -> None:
    with pytest.raises(Unavailable):
        StripeEventList(KEY, "http://127.0.0.1:9").since(NOW)


@pytest.mark.parametrize("answer", [{}, {"object": "list", "data": None}, {"id": "evt_1"}])
def test_an_answer_that_is_no_list_is_none(stripe: StripeEvents, answer: dict[str, Any]) -> None:
    stripe.instead = answer

    with pytest.raises(Unavailable):
        _listed(stripe)


def test_a_list_that_takes_too_long_is_given_up_for_this_hour(stripe: StripeEvents) -> None:
    _many(stripe, 101)

    with pytest.raises(Unavailable):
        StripeEventList(KEY, stripe.address, at_most=0).since(NOW - timedelta(days=4))

    assert len(stripe.asked) == 1


@pytest.mark.parametrize("status", [400, 401, 402, 403])
def test_when_stripe_refuses_there_is_nothing_and_the_log_says_no_more_than_that(
    stripe: StripeEvents, status: int, logged: StringIO
) -> None:
    _many(stripe, 1)
    stripe.answers = [status]

    assert _listed(stripe) == []

    assert "Stripe refused to list its events" in logged.getvalue()
    assert "Quillon" not in logged.getvalue()
    assert KEY not in logged.getvalue()


# --- within the sweep ------------------------------------------------------------------------


@pytest.fixture
def sold(cloud: Cloud, stripe: StripeEvents, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """IDHA's series is on sale, and Stripe can be asked what was missed."""
    events = {"stripe": StripeEventList(KEY, stripe.address)}
    monkeypatch.setattr(wiring, "provider_events", lambda: events)
    return on_sale(cloud)


def _seats(cloud: Cloud) -> dict[str, RegistrationStatus]:
    found = cloud.records.find(f"SESSION#{FIRST}", Registration, "REG#")
    return {registration.learner: registration.status for registration in found}


def _hour_ago(cloud: Cloud) -> datetime:
    return cloud.now - timedelta(hours=1)


def _deliver(body: bytes) -> None:
    assert record(queue_event(body.decode()), CONTEXT)["batchItemFailures"] == []


def test_a_payment_whose_webhook_never_came_is_a_seat_within_the_hour(
    sold: Cloud, stripe: StripeEvents, capsys: pytest.CaptureFixture[str]
) -> None:
    stripe.make(checkout(IDHA, OFFER, "Ana", 1), _hour_ago(sold))

    assert sweep({}, CONTEXT)["missed_payments"] == 1

    assert _seats(sold) == {who("ana@example.org"): "active"}
    assert len(sold.letters(LetterKind.CONFIRMATION)) == 1
    printed = capsys.readouterr().out
    assert '"SweptMissedPayments":[1.0]' in printed
    assert '"PaymentEventsListed":[1.0]' in printed
    assert '"PaymentEventsStillMissing":[0.0]' in printed
    assert "ana@example.org" not in printed


def test_delivered_and_then_listed_it_is_taken_in_once(sold: Cloud, stripe: StripeEvents) -> None:
    _deliver(stripe.make(checkout(IDHA, OFFER, "Ana", 1), _hour_ago(sold)))
    before = sold.everything(EventMarker)

    assert sweep({}, CONTEXT)["missed_payments"] == 0

    assert sold.everything(EventMarker) == before
    assert len(sold.letters(LetterKind.CONFIRMATION)) == 1


def test_listed_and_then_delivered_it_is_a_duplicate_and_no_forgery(
    sold: Cloud, stripe: StripeEvents, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = stripe.make(checkout(IDHA, OFFER, "Ana", 1), _hour_ago(sold))
    assert sweep({}, CONTEXT)["missed_payments"] == 1

    _deliver(delivery)
    assert sweep({}, CONTEXT)["missed_payments"] == 0

    printed = capsys.readouterr().out
    assert "PaymentDuplicate" in printed
    assert "PaymentAltered" not in printed
    assert len(sold.everything(EventMarker)) == 1
    assert len(sold.letters(LetterKind.CONFIRMATION)) == 1


def test_one_event_that_cannot_be_read_does_not_stop_the_others_and_is_named(
    sold: Cloud, stripe: StripeEvents, capsys: pytest.CaptureFixture[str], logged: StringIO
) -> None:
    for number, name in ((1, "Ana"), (2, "Bo"), (3, "Cyd")):
        body = checkout(IDHA, OFFER, name, number)
        if name == "Bo":
            body = changed("charge.refunded.full", event={"id": "evt_odd"}, amount_refunded="60.00")
        stripe.make(body, _hour_ago(sold) + timedelta(seconds=number))

    assert sweep({}, CONTEXT)["missed_payments"] == 2

    assert set(_seats(sold)) == {who("ana@example.org"), who("cyd@example.org")}
    assert "evt_odd" in logged.getvalue()
    assert '"PaymentEventsStillMissing":[1.0]' in capsys.readouterr().out


@pytest.mark.parametrize("status", [401, 403, 500])
def test_stripe_in_trouble_does_not_stop_the_rest_of_the_sweep(
    sold: Cloud, stripe: StripeEvents, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    _deliver(stripe.make(checkout(IDHA, OFFER, "Ana", 1), _hour_ago(sold)))
    stripe.make(checkout(IDHA, OFFER, "Bo", 2), _hour_ago(sold))
    sold.wait(minutes=11)
    stripe.answers = [status] * 2

    swept = sweep({}, CONTEXT)

    assert (swept["letters"], swept["missed_payments"]) == (1, 0)
    assert '"PaymentEventsNotListed":[1.0]' in capsys.readouterr().out

    stripe.answers = []
    assert sweep({}, CONTEXT)["missed_payments"] == 1, "and a later hour finds it"


def test_four_days_are_looked_back(sold: Cloud, stripe: StripeEvents) -> None:
    four_days_ago = sold.now - timedelta(days=4)
    stripe.make(checkout(IDHA, OFFER, "Ana", 1), four_days_ago - timedelta(seconds=1))
    stripe.make(checkout(IDHA, OFFER, "Bo", 2), four_days_ago)

    assert sweep({}, CONTEXT)["missed_payments"] == 1

    assert set(_seats(sold)) == {who("bo@example.org")}
