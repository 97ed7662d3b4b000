"""PayPal is asked who paid and what was missed, at a stand-in that speaks its API."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from functions.payment_webhook.record import handler as record
from functions.sweep.handler import sweep
from shared import provider_wiring, wiring
from shared.adapters.memory_providers import MemoryProviderEvents, MemoryProviderPayments
from shared.adapters.payment_providers import read_event
from shared.adapters.paypal_api import LIVE, SANDBOX, PaypalApi, PaypalKey, PaypalRefused
from shared.adapters.paypal_event_list import PaypalEventList
from shared.adapters.paypal_payments import PaypalPayments
from shared.domain.letters import LetterKind
from shared.domain.payments import EventMarker, Order
from shared.domain.registrations import Registration
from shared.failures import Unavailable
from shared.ports import ProviderEvents, ProviderPayments
from tests.cloud import CONTEXT, Cloud, who
from tests.gateway import queue_event
from tests.paypal import CAPTURE, COMPLETED, ORDER, changed, model
from tests.paypal_api import KEY, PaypalServer, serving
from tests.season import on_sale

NOW = datetime(2025, 6, 5, 12, 0, tzinfo=UTC)
HOUR_AGO = NOW - timedelta(hours=1)
NOOR = "noor.vanderberg@example.org"


@pytest.fixture
def paypal() -> Iterator[PaypalServer]:
    """A stand-in for PayPal."""
    with serving() as stands_in:
        yield stands_in


def _api(paypal: PaypalServer, key: PaypalKey = KEY) -> PaypalApi:
    return PaypalApi(lambda: key, paypal.address)


def _listed(paypal: PaypalServer, **more: Any) -> list[bytes]:
    return list(PaypalEventList(_api(paypal), **more).since(NOW - timedelta(days=4)))


def _ids(bodies: list[bytes]) -> list[str]:
    return [json.loads(body)["id"] for body in bodies]


def _many(paypal: PaypalServer, number: int) -> list[str]:
    """So many payments, a minute after each other; their events' ids, the oldest first."""
    for made in range(number):
        paypal.makes(
            model(COMPLETED) | {"id": f"WH-{made}"}, NOW - timedelta(minutes=number - made)
        )
    return [f"WH-{made}" for made in range(number)]


# --- the token -------------------------------------------------------------------------------


def test_one_token_serves_many_questions_until_it_ends(paypal: PaypalServer) -> None:
    paypal.sells()
    api = _api(paypal)
    for _ in range(3):
        api.get(f"/v2/payments/captures/{CAPTURE}")
    assert len(paypal.tokens) == 1

    paypal.lasts = 30  # shorter than what is kept in hand: asked for each time
    hasty = _api(paypal)
    for _ in range(2):
        hasty.get(f"/v2/payments/captures/{CAPTURE}")
    assert len(paypal.tokens) == 3


def test_a_token_that_ended_before_its_time_is_replaced_once(paypal: PaypalServer) -> None:
    paypal.sells()
    api = _api(paypal)
    api.get(f"/v2/payments/captures/{CAPTURE}")
    paypal.tokens.append("given to somebody else meanwhile")

    assert api.get(f"/v2/payments/captures/{CAPTURE}")["id"] == CAPTURE

    paypal.moods = [401, 401]
    with pytest.raises(PaypalRefused):
        api.get(f"/v2/payments/captures/{CAPTURE}")


def test_another_key_is_another_token_from_the_next_minute_on(
    paypal: PaypalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    paypal.sells()
    keys = [PaypalKey("an app", "an old secret"), KEY]
    api = PaypalApi(lambda: keys[0], paypal.address)
    with pytest.raises(PaypalRefused):
        api.get(f"/v2/payments/captures/{CAPTURE}")
    keys.pop(0)
    monkeypatch.setattr("shared.adapters.paypal_api._A_MINUTE", 0)

    api = PaypalApi(lambda: keys[0], paypal.address)
    assert api.get(f"/v2/payments/captures/{CAPTURE}")["id"] == CAPTURE


@pytest.mark.parametrize("lasts", [None, "soon", []])
def test_a_token_without_an_end_is_none(paypal: PaypalServer, lasts: object) -> None:
    paypal.lasts = lasts

    with pytest.raises(Unavailable):
        _api(paypal).get("/v2/payments/captures/X")


@pytest.mark.parametrize("mood", [429, 500, 503, "silent", "lost"])
def test_no_answer_is_no_answer(paypal: PaypalServer, mood: Any) -> None:
    paypal.sells()
    paypal.moods = [mood]

    with pytest.raises(Unavailable):
        _api(paypal).get(f"/v2/payments/captures/{CAPTURE}")


def test_a_refusal_says_paypals_own_word_and_none_of_its_sentences(paypal: PaypalServer) -> None:
    with pytest.raises(PaypalRefused) as refused:
        _api(paypal).get("/v2/payments/captures/NOSUCH")

    assert (refused.value.status, refused.value.issue) == (404, "RESOURCE_NOT_FOUND")
    assert "Quillon" not in str(refused.value)


def test_only_the_real_system_asks_of_real_money(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stage, address in (("prod", LIVE), ("staging", SANDBOX), ("local", SANDBOX)):
        monkeypatch.setenv("STAGE", stage)
        provider_wiring.paypal_api.cache_clear()
        assert provider_wiring.paypal_api()._api._address == address


# --- the list of events ----------------------------------------------------------------------


@pytest.fixture(params=["in memory", "at PayPal"])
def provider(
    request: pytest.FixtureRequest, paypal: PaypalServer
) -> tuple[ProviderEvents, list[str]]:
    """Three events, one of them too old to be asked for, in both twins; what is to be listed."""
    times = [NOW - timedelta(days=1, seconds=1), NOW - timedelta(days=1), NOW]
    bodies = [paypal.makes(model(COMPLETED) | {"id": f"WH-{n}"}, at) for n, at in enumerate(times)]
    if request.param == "in memory":
        return MemoryProviderEvents(list(zip(times, bodies, strict=True))), ["WH-1", "WH-2"]
    return PaypalEventList(_api(paypal)), ["WH-1", "WH-2"]


def test_what_was_made_since_then_is_listed_oldest_first(
    provider: tuple[ProviderEvents, list[str]],
) -> None:
    events, expected = provider

    assert _ids(list(events.since(NOW - timedelta(days=1)))) == expected


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 230])
def test_a_list_of_many_pages_is_read_to_its_end(paypal: PaypalServer, number: int) -> None:
    expected = _many(paypal, number)

    assert _ids(_listed(paypal)) == expected


def test_pages_as_small_as_paypal_likes_are_read_too(paypal: PaypalServer) -> None:
    expected = _many(paypal, 7)
    paypal.page_size = 2

    assert _ids(_listed(paypal)) == expected


def test_events_of_other_kinds_are_left_out(paypal: PaypalServer) -> None:
    paypal.makes(model("checkout.order.approved"), NOW)
    paypal.makes(model(COMPLETED), NOW)

    assert _ids(_listed(paypal)) == [model(COMPLETED)["id"]]


@pytest.mark.parametrize(
    "on",
    [
        "https://somebody.example/v1/notifications/webhooks-events?at=1",
        "https://api.paypal.com@somebody.example/v1/notifications/webhooks-events/?at=1",
    ],
)
def test_wherever_the_list_is_said_to_go_on_only_paypal_is_asked(
    paypal: PaypalServer, on: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _many(paypal, 3)
    paypal.page_size = 2
    made = paypal._list

    def elsewhere(said: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        status, answer = made(said | {"start_time": "2025-06-01T00:00:00Z"})
        for link in answer["links"]:
            link["href"] = on
        return status, answer

    monkeypatch.setattr(paypal, "_list", elsewhere)

    with pytest.raises(Unavailable):  # it goes round in a circle, at PayPal
        _listed(paypal, at_most=0)
    assert {path for _, path in paypal.asked} == {
        "/v1/oauth2/token",
        "/v1/notifications/webhooks-events",
    }


@pytest.mark.parametrize("mood", [429, 500, "silent"])
@pytest.mark.parametrize("page", [0, 1], ids=["at once", "in the middle of the list"])
def test_when_paypal_is_busy_the_next_hour_asks_again(
    paypal: PaypalServer, mood: Any, page: int
) -> None:
    expected = _many(paypal, 101)
    paypal.moods = [""] * page + [mood]

    with pytest.raises(Unavailable):
        _listed(paypal)

    assert _ids(_listed(paypal)) == expected


def test_nobody_there_and_a_list_too_long_wait_for_the_next_hour(paypal: PaypalServer) -> None:
    with pytest.raises(Unavailable):
        PaypalEventList(PaypalApi(lambda: KEY, "http://127.0.0.1:9")).since(NOW)

    _many(paypal, 101)
    with pytest.raises(Unavailable):
        _listed(paypal, at_most=0)


@pytest.mark.parametrize("status", [400, 403])
def test_when_paypal_refuses_there_is_nothing_and_the_log_says_no_more_than_that(
    paypal: PaypalServer, status: int, logged: StringIO
) -> None:
    _many(paypal, 1)
    paypal.moods = [status]

    assert _listed(paypal) == []
    assert list(PaypalEventList(_api(paypal, PaypalKey("x", "y"))).since(NOW)) == []

    assert logged.getvalue().count("PayPal refused to list its events") == 2
    assert "Quillon" not in logged.getvalue()


def test_without_a_key_nobody_is_asked(paypal: PaypalServer, cloud: Cloud) -> None:
    for key in (PaypalKey("", ""), PaypalKey("an app", "")):
        assert list(PaypalEventList(_api(paypal, key)).since(NOW)) == []
        assert PaypalPayments(_api(paypal, key)).about(ORDER) is None
    assert list(wiring.provider_events()["paypal"].since(NOW)) == []
    assert wiring.asking().payments["paypal"].about(ORDER) is None

    assert paypal.asked == []


# --- who paid --------------------------------------------------------------------------------


@pytest.fixture(params=["in memory", "at PayPal"])
def payments(request: pytest.FixtureRequest, paypal: PaypalServer) -> ProviderPayments:
    """One payment, in both twins."""
    paypal.sells()
    told = PaypalPayments(_api(paypal))
    answer = told.about(ORDER)
    assert answer is not None
    return told if request.param == "at PayPal" else MemoryProviderPayments(said={ORDER: answer})


def test_a_provider_says_who_paid_as_its_webhook_would(payments: ProviderPayments) -> None:
    answer = payments.about(ORDER)
    assert answer is not None

    (fact,) = read_event("paypal", answer, live=False).facts
    (delivered,) = read_event(
        "paypal", json.dumps(model("checkout.order.completed")).encode(), live=False
    ).facts
    assert fact.buyer_address == NOOR
    assert fact == delivered.model_copy(update={"event": fact.event, "at": fact.at})
    assert payments.about("paypal-NOSUCH") is None


def test_a_capture_that_came_of_no_checkout_says_nothing_more(paypal: PaypalServer) -> None:
    capture = paypal.sells()
    told = PaypalPayments(_api(paypal))

    paypal.captures[CAPTURE] = capture | {"supplementary_data": {}}
    assert told.about(ORDER) is not None, "the link upwards says it too"
    paypal.captures[CAPTURE] = capture | {"supplementary_data": None, "links": []}
    assert told.about(ORDER) is None


@pytest.fixture
def asking(cloud: Cloud, paypal: PaypalServer, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """IDHA's series is on sale, and PayPal can be asked."""
    api = _api(paypal)
    monkeypatch.setattr(provider_wiring, "paypal_api", lambda: api)
    on_sale(cloud)
    cloud.now = NOW
    return cloud


def _deliver(*names: str) -> None:
    bodies = [json.dumps(model(name)) for name in names]
    assert record(queue_event(*bodies, provider="paypal"), CONTEXT) == {"batchItemFailures": []}


def _seats(cloud: Cloud) -> list[str]:
    found = cloud.records.find("SESSION#idha-2025-2", Registration, "REG#")
    return [registration.learner for registration in found]


def test_a_capture_is_a_seat_at_once_because_paypal_says_whose_it_is(
    asking: Cloud, paypal: PaypalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    paypal.sells()

    _deliver(COMPLETED)

    assert _seats(asking) == [who(NOOR)]
    assert len(asking.letters(LetterKind.CONFIRMATION)) == 1
    assert asking.letters(LetterKind.STAFF_REVIEW) == []
    printed = capsys.readouterr().out
    assert '"PayerTold":[1.0]' in printed
    assert "noor" not in printed.lower()

    asked = len(paypal.asked)
    _deliver(COMPLETED, "checkout.order.completed")
    assert len(asking.letters(LetterKind.CONFIRMATION)) == 1
    assert len(paypal.asked) == asked, "nobody is asked again"


def test_while_paypal_is_silent_the_payment_waits_and_the_sweep_asks_before_staff_do(
    asking: Cloud, paypal: PaypalServer, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    paypal.sells()
    paypal.moods = ["silent"]
    _deliver(COMPLETED, "payment.capture.completed.bundle")
    assert _seats(asking) == []
    assert '"PayerNotTold":[1.0]' in capsys.readouterr().out
    assert "did not say who paid" in logged.getvalue()
    assert len([path for _, path in paypal.asked if "captures" in path]) == 1, "once a batch"

    asking.wait(minutes=11)
    sweep({}, CONTEXT)

    assert _seats(asking) == [who(NOOR)]
    (letter,) = asking.letters(LetterKind.STAFF_REVIEW)
    assert letter.order == "paypal-3TE81264HB906531Y", "of which PayPal knows no more either"


def test_without_a_key_staff_are_asked_and_told_what_it_would_be(cloud: Cloud) -> None:
    on_sale(cloud)
    cloud.now = NOW

    _deliver(COMPLETED)
    assert cloud.letters(LetterKind.STAFF_REVIEW) == [], "the checkout may still tell"
    cloud.wait(minutes=11)
    sweep({}, CONTEXT)

    (letter,) = cloud.letters(LetterKind.STAFF_REVIEW)
    assert letter.lines[0] == "The payment came without an e-mail address we can write to."
    assert "General, class 2" in letter.lines[1]


def test_an_answer_that_cannot_be_read_costs_that_payment_only(
    asking: Cloud, paypal: PaypalServer, logged: StringIO
) -> None:
    paypal.sells()
    paypal.sells("checkout.order.completed.bundle")
    paypal.checkouts["7TE22910DV835143M"]["create_time"] = "yesterday"

    _deliver("payment.capture.completed.bundle", COMPLETED)
    assert _seats(asking) == [who(NOOR)]
    asking.wait(minutes=11)
    sweep({}, CONTEXT)

    assert "could not be read" in logged.getvalue()
    assert "paypal-3TE81264HB906531Y" in logged.getvalue()
    assert "Quispe" not in logged.getvalue()


def test_what_paypal_said_is_kept_like_a_delivery(asking: Cloud, paypal: PaypalServer) -> None:
    paypal.sells()
    _deliver(COMPLETED)

    kept = [wiring.raw_events().read(key) for key, *_ in wiring.raw_events().under("")]

    assert sorted(json.loads(body)["id"] for body in kept) == sorted(
        [model(COMPLETED)["id"], "checkout:5TE10127TN364715T"]
    )


# --- what was missed, within the sweep -------------------------------------------------------


def test_an_event_whose_webhook_never_came_is_a_seat_within_the_hour_and_counts_once(
    asking: Cloud, paypal: PaypalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = paypal.makes(model("checkout.order.completed"), HOUR_AGO)

    assert sweep({}, CONTEXT)["missed_payments"] == 1
    assert _seats(asking) == [who(NOOR)]
    record(queue_event(delivery.decode(), provider="paypal"), CONTEXT)
    assert sweep({}, CONTEXT)["missed_payments"] == 0

    assert len(asking.everything(EventMarker)) == 1
    assert "PaymentAltered" not in capsys.readouterr().out


def test_delivered_and_then_listed_it_is_taken_in_once(asking: Cloud, paypal: PaypalServer) -> None:
    body = paypal.makes(model("checkout.order.completed"), HOUR_AGO)
    record(queue_event(body.decode(), provider="paypal"), CONTEXT)

    assert sweep({}, CONTEXT)["missed_payments"] == 0
    assert len(asking.everything(Order)) == 1


def test_one_event_that_cannot_be_read_is_named_and_stops_nobody(
    asking: Cloud, paypal: PaypalServer, logged: StringIO
) -> None:
    paypal.makes(changed(COMPLETED, amount={"value": 60, "currency_code": "USD"}), HOUR_AGO)
    paypal.makes(model("checkout.order.completed"), HOUR_AGO)

    assert sweep({}, CONTEXT)["missed_payments"] == 1

    assert model(COMPLETED)["id"] in logged.getvalue()


@pytest.mark.parametrize("mood", [403, 500])
def test_paypal_in_trouble_does_not_stop_the_rest_of_the_sweep(
    asking: Cloud, paypal: PaypalServer, mood: int, capsys: pytest.CaptureFixture[str]
) -> None:
    paypal.makes(model("checkout.order.completed"), HOUR_AGO)
    paypal.moods = [mood]

    assert sweep({}, CONTEXT)["missed_payments"] == 0
    assert '"PaymentEventsNotListed":[1.0]' in capsys.readouterr().out

    assert sweep({}, CONTEXT)["missed_payments"] == 1, "and the next hour finds it"
