"""Giving classes back through the entry points: the page, who moves money, the webhook."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from functions.learner_pages.my_refunds import handler
from functions.payment_webhook.record import handler as record
from functions.refunds.handler import move
from functions.sweep.handler import sweep
from shared import wiring
from shared.adapters.jinja_pages import content_security_policy
from shared.adapters.razorpay_refunds import RazorpayKey, RazorpayRefunds
from shared.adapters.stripe_refunds import StripeRefunds
from shared.domain.cancellations import Cancellation
from shared.domain.letters import LetterKind
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.registrations import Registration
from shared.usecases.publish_catalogue import Upload, publish_catalogue
from tests.cloud import CONTEXT, Cloud, link
from tests.gateway import proxy_event, queue_event, stream_event
from tests.reading import Reader
from tests.refund_providers import STRIPE_KEY, Stripe, serving
from tests.refund_samples import cancelled
from tests.season import AMARA, BO, IDHA, open_season, pay

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BUNDLE = "stripe-pi_9"
REQUEST = f"{BUNDLE}-r1"
THIRD = IDHA.sessions[2]


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """Amara has bought the Supporter's bundle beside her first class."""
    open_season(cloud)
    pay("supporter-bundle", "Amara", 9)
    return cloud


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch, season: Cloud) -> Iterator[Stripe]:
    """A stand-in for Stripe that has Amara's payment, and the key to it in its secret."""
    with serving(Stripe) as stands_in:
        stands_in.payments["pi_9"] = 29700
        season.set_secret("REFUND_KEYS_SECRET_ID", {"stripe": {"api_key": STRIPE_KEY}})
        asked = wiring.refunds()["stripe"]
        assert isinstance(asked, StripeRefunds)
        monkeypatch.setattr(asked, "_address", stands_in.address)
        yield stands_in


def ask(
    method: str, order: str = BUNDLE, *, token: str = "", query: Any = None, body: Any = None
) -> dict[str, Any]:
    parts = {"token": token or link("me", AMARA), "order": order}
    sent = urlencode(body, doseq=True) if body is not None else None
    event = proxy_event(method, "/me/{token}/refund/{order}", parts, headers=FORM, body=sent)
    event["multiValueQueryStringParameters"] = query
    answer: dict[str, Any] = handler(event, CONTEXT)
    return answer


def hidden(html: str) -> dict[str, list[str]]:
    """What the form on the page hands back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html):
        found.setdefault(name, []).append(value)
    return found


def hand_over(cloud: Cloud) -> Any:
    """What the table's stream does with requests and cancellations."""
    items = [
        item for item in cloud.items() if item["kind"]["S"] in ("refund_request", "cancellation")
    ]
    return move(stream_event(*items), CONTEXT)


def refund_event(request: str, refund: str, status: str = "succeeded") -> str:
    """What Stripe's webhook says of the refund that it made."""
    return json.dumps(
        {
            "id": f"evt_{refund}_{status}", "object": "event", "type": "refund.updated",
            "created": 1749900000, "livemode": False,
            "data": {"object": {
                "id": refund, "object": "refund", "amount": 5940, "currency": "usd",
                "payment_intent": "pi_9", "status": status,
                "metadata": {"request": request, "sessions": THIRD.id},
            }},
        }
    )  # fmt: skip


def request_of(cloud: Cloud) -> RefundRequest:
    (found,) = cloud.everything(RefundRequest)
    return found


def test_the_whole_way_from_the_page_to_the_end_of_the_place(season: Cloud, stripe: Stripe) -> None:
    page = ask("GET")
    assert page["statusCode"] == 200
    assert "$59.40" in page["body"]
    assert "Sunday, July 27, 2025, 12:00 pm, New York time" in page["body"]

    confirm = ask("GET", query={"class": [THIRD.id]})
    assert "You get back $59.40" in Reader(confirm["body"]).text
    asked = ask("POST", body=hidden(confirm["body"]))
    assert asked["statusCode"] == 200
    assert "We have your request" in asked["body"]

    assert hand_over(season) == {"batchItemFailures": []}
    assert [one["metadata"]["request"] for one in stripe.refunds] == [REQUEST]
    assert request_of(season).state is RefundState.SENT

    place = season.records.get(Registration.key_of(THIRD.id, AMARA), Registration)
    assert place is not None
    assert place.status == "active"
    record(queue_event(refund_event(REQUEST, "re_1")), CONTEXT)
    place = season.records.get(Registration.key_of(THIRD.id, AMARA), Registration)
    assert place is not None
    assert place.status == "ended"
    assert request_of(season).state is RefundState.DONE


def test_two_deliveries_of_the_stream_move_the_money_once(season: Cloud, stripe: Stripe) -> None:
    ask("POST", body=hidden(ask("GET", query={"class": [THIRD.id]})["body"]))
    items = [item for item in season.items() if item["kind"]["S"] == "refund_request"]
    for _ in range(2):
        assert move(stream_event(*items), CONTEXT) == {"batchItemFailures": []}
    assert stripe.gone("pi_9") == 5940
    assert len([one for one in stripe.asked if one[0] == "POST"]) == 1


def test_an_answer_that_never_came_is_settled_by_the_sweep(season: Cloud, stripe: Stripe) -> None:
    ask("POST", body=hidden(ask("GET", query={"class": [THIRD.id]})["body"]))
    stripe.moods += ["lost", "lost"]
    hand_over(season)
    assert request_of(season).state is RefundState.MOVING
    season.now += timedelta(hours=1)
    sweep({}, CONTEXT)
    hand_over(season)
    assert request_of(season).state is RefundState.SENT
    assert stripe.gone("pi_9") == 5940


def test_without_a_key_staff_hear_and_nobody_is_asked(season: Cloud) -> None:
    season.set_secret("REFUND_KEYS_SECRET_ID", {})
    ask("POST", body=hidden(ask("GET", query={"class": [THIRD.id]})["body"]))
    hand_over(season)
    assert request_of(season).state is RefundState.STAFF
    assert len(season.letters(LetterKind.STAFF_REFUND_CASE)) == 1


def test_what_changed_since_it_was_seen_is_shown_again_and_nothing_is_asked(
    season: Cloud,
) -> None:
    seen = hidden(ask("GET", query={"class": [THIRD.id]})["body"])
    season.now = THIRD.starts_at - timedelta(days=2)
    again = ask("POST", body=seen)
    assert again["statusCode"] == 409
    assert "has changed since" in Reader(again["body"]).text
    assert season.everything(RefundRequest) == []
    late = ask("POST", body=hidden(again["body"]) | {"note": ["I am ill."]})
    assert "A person reads your request" in Reader(late["body"]).text
    assert request_of(season).note == "I am ill."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"class": ["no-such-class"], "quote": ["x"]}, 422),
        ({"class": [THIRD.id], "quote": ["made up"]}, 409),
        ({"class": [THIRD.id] * 50, "quote": [""]}, 409),
        ({"class": ["\u202e" * 300], "quote": ["\x00"]}, 422),
    ],
)
def test_what_the_page_did_not_offer_asks_for_nothing(
    season: Cloud, body: dict[str, list[str]], status: int
) -> None:
    answer = ask("POST", body=body)
    assert answer["statusCode"] == status
    assert season.everything(RefundRequest) == []


def test_somebody_else_and_a_made_up_link_see_nothing(season: Cloud) -> None:
    absent = ask("GET", order="stripe-pi_nobody")["body"]
    for method in ("GET", "POST"):
        for token in (link("me", BO), "made-up.token", link("certificate", AMARA)):
            answer = ask(method, token=token, body={} if method == "POST" else None)
            assert answer["statusCode"] == 404
            assert answer["body"] == absent


def test_the_page_runs_nothing_and_is_kept_nowhere(season: Cloud) -> None:
    answer = ask("GET")
    headers = {name: values[0] for name, values in answer["multiValueHeaders"].items()}
    assert headers["Content-Security-Policy"] == content_security_policy(answer["body"])
    assert headers["Cache-Control"] == "no-store"
    assert "<script" not in answer["body"]


def test_a_cancelled_class_is_seen_to_by_the_same_function(season: Cloud, stripe: Stripe) -> None:
    catalogue = cancelled(IDHA, THIRD.id)
    stripe.payments["pi_9"] = 29700
    publish_catalogue(
        Upload("catalogue/idha.yaml", season.now + timedelta(hours=1), b"x"),
        read=lambda _: catalogue,
        line_of=lambda _content, _path: 1,
        records=season.records,
        files=wiring.uploads(),
        schedules=wiring.close_schedules(),
        now=season.now,
    )
    assert hand_over(season) == {"batchItemFailures": []}
    (done,) = season.everything(Cancellation)
    assert (done.people, done.back) == (1, {"USD": 5940})
    assert request_of(season).cause == "cancelled"
    hand_over(season)
    assert stripe.gone("pi_9") == 5940
    assert len(season.letters(LetterKind.CLASS_CANCELLED)) == 1
    order = season.records.get(Order.key_of(BUNDLE), Order)
    assert order is not None
    assert REQUEST in order.asked_back


def test_the_keys_of_every_provider_are_read_from_one_secret(season: Cloud) -> None:
    season.set_secret("REFUND_KEYS_SECRET_ID", {"razorpay": {"key_id": "a", "key_secret": "b"}})
    assert set(wiring.refunds()) == {"stripe", "razorpay", "paypal"}
    razorpay = wiring.refunds()["razorpay"]
    assert isinstance(razorpay, RazorpayRefunds)
    assert razorpay._key() == RazorpayKey("a", "b")
    season.set_secret("REFUND_KEYS_SECRET_ID", {"razorpay": "nonsense"})
    assert razorpay._key() == RazorpayKey("", "")
