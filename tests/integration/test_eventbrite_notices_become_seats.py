"""From Eventbrite's notice to a seat: a secret address, a queue, an order asked for; the sweep."""

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from devstack.eventbrite import orders_in
from functions.payment_webhook import receive, receive_eventbrite
from functions.payment_webhook.fetch import handler as fetch
from functions.sweep.handler import sweep
from shared import provider_wiring, wiring
from shared.adapters.eventbrite_api import EventbriteOrders
from shared.domain.letters import LetterKind
from shared.domain.payments import EventMarker, Order
from shared.domain.registrations import Registration
from tests.cloud import CONTEXT, ENVIRON, EVENTBRITE_SEGMENT, Cloud, who
from tests.eventbrite_api import EVENTS, ONE, ORDERS, SEVERAL, TOKEN, Eventbrite, model, serving
from tests.gateway import proxy_event, queue_event
from tests.season import IDHA, on_sale

FIRST = IDHA.sessions[0].id


@pytest.fixture
def eventbrite(monkeypatch: pytest.MonkeyPatch) -> Iterator[Eventbrite]:
    """A stand-in that holds the model orders, where the functions look for Eventbrite."""
    with serving(orders_in([ORDERS])) as stands_in:
        client = EventbriteOrders(lambda: TOKEN, stands_in.address)
        monkeypatch.setattr(provider_wiring, "eventbrite_orders", lambda: client)
        yield stands_in


@pytest.fixture
def sold(cloud: Cloud, eventbrite: Eventbrite) -> Cloud:
    """IDHA's series is on sale."""
    return on_sale(cloud)


def notice(name: str = "order.placed") -> str:
    return (EVENTS / f"{name}.json").read_text(encoding="utf-8")


def posted(body: str, segment: str = EVENTBRITE_SEGMENT) -> dict[str, Any]:
    """What the door answers to that body at that address."""
    path, headers = "/webhooks/eventbrite/{token}", {"Content-Type": "application/json"}
    request = proxy_event("POST", path, {"token": segment}, headers=headers, body=body)
    answer: dict[str, Any] = receive_eventbrite.handler(request, CONTEXT)
    return answer


def waiting(cloud: Cloud) -> list[str]:
    received = cloud.sqs.receive_message(QueueUrl=cloud.notices, MaxNumberOfMessages=10)
    return [message["Body"] for message in received.get("Messages", [])]


def fetched(*bodies: str) -> list[str]:
    """Hand these to the function that asks; what is to come again."""
    failed = fetch(queue_event(*bodies, provider="eventbrite"), CONTEXT)["batchItemFailures"]
    return [one["itemIdentifier"] for one in failed]


def seats(cloud: Cloud) -> dict[str, str]:
    found = cloud.records.find(f"SESSION#{FIRST}", Registration, "REG#")
    return {registration.learner: registration.status.value for registration in found}


# --- the door ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["order.placed", "order.updated", "order.refunded"])
def test_of_a_notice_the_ids_are_queued_and_nothing_else(cloud: Cloud, name: str) -> None:
    assert posted(notice(name))["statusCode"] == 200

    (body,) = waiting(cloud)
    assert json.loads(body) == {
        "action": name,
        "order": json.loads(notice(name))["api_url"].rstrip("/").rsplit("/", 1)[1],
    }
    assert cloud.queued() == [], "and nobody else's queue holds it"


@pytest.mark.parametrize("name", ["attendee.checked_in", "test"])
def test_what_needs_nothing_is_answered_and_not_queued(cloud: Cloud, name: str) -> None:
    assert posted(notice(name))["statusCode"] == 200
    assert waiting(cloud) == []


def test_whatever_is_no_webhook_is_answered_alike(cloud: Cloud) -> None:
    request = proxy_event(
        "POST", "/webhooks/{provider}", {"provider": "nobody"},
        headers={"Content-Type": "application/json"}, body="{}",
    )  # fmt: skip
    nowhere = receive.handler(request, CONTEXT)
    assert nowhere["statusCode"] == 404
    eventbrite = request | {"pathParameters": {"provider": "eventbrite"}}
    assert receive.handler(eventbrite, CONTEXT) == nowhere, "it has no address without a secret"
    for segment in ("wrong", EVENTBRITE_SEGMENT[:-1], EVENTBRITE_SEGMENT + "x", "", "é" * 64):
        assert posted(notice(), segment) == nowhere, segment
    assert posted("no json", "wrong") == nowhere
    assert waiting(cloud) == []
    assert posted(notice())["statusCode"] == 200, "and the right one is taken"


def test_while_no_address_is_set_the_door_is_closed(cloud: Cloud) -> None:
    for tokens in ([], [""]):
        cloud.set_secret("EVENTBRITE_WEBHOOK_SECRET_ID", {"path_tokens": tokens})
        assert posted(notice())["statusCode"] == 503
        assert posted(notice(), "")["statusCode"] == 503

    cloud.set_secret("EVENTBRITE_WEBHOOK_SECRET_ID", {"path_tokens": ["new", EVENTBRITE_SEGMENT]})
    assert [posted(notice(), one)["statusCode"] for one in ("new", EVENTBRITE_SEGMENT)] == [200] * 2


def test_an_address_that_is_not_eventbrite_s_is_refused_and_never_fetched(
    cloud: Cloud, eventbrite: Eventbrite
) -> None:
    for address in (f"{eventbrite.address}/v3/orders/{ONE}/", "http://169.254.169.254/latest/"):
        body = json.dumps({"config": {"action": "order.placed"}, "api_url": address})
        assert posted(body)["statusCode"] == 400

    assert waiting(cloud) == []
    assert eventbrite.asked == []


def test_the_secret_part_of_the_address_is_in_no_log(cloud: Cloud, logged: StringIO) -> None:
    posted(notice())
    posted(notice(), "almost-" + EVENTBRITE_SEGMENT)
    posted("[]")

    assert "There is no such webhook." in logged.getvalue()
    assert EVENTBRITE_SEGMENT not in logged.getvalue()


# --- the order ---------------------------------------------------------------------------------


def test_a_notice_becomes_a_seat_a_letter_and_the_answer_is_kept(
    sold: Cloud, eventbrite: Eventbrite
) -> None:
    posted(notice())
    bodies = waiting(sold)

    assert fetched(*bodies) == []
    assert fetched(*bodies) == [], "and once more it is a duplicate"

    assert seats(sold) == {who("amara@example.org"): "active"}
    assert len(sold.letters(LetterKind.CONFIRMATION)) == 1
    assert len(sold.everything(EventMarker)) == 1
    kept = [key for key, *_ in wiring.raw_events().under("payment-events/eventbrite/")]
    assert len(kept) == 1
    assert json.loads(wiring.raw_events().read(kept[0])) == model(ONE)


def test_a_notice_of_a_ticket_asks_for_its_order(sold: Cloud, eventbrite: Eventbrite) -> None:
    posted(notice("attendee.updated"))

    assert fetched(*waiting(sold)) == []

    assert len(eventbrite.asked) == 2
    assert eventbrite.asked[1] == f"/v3/orders/{SEVERAL}/?expand=attendees"
    assert set(seats(sold)) == {who("noor@example.org"), who("tomas@example.org")}
    assert len(sold.letters(LetterKind.STAFF_REVIEW)) == 1


@pytest.mark.parametrize("fault", [401, 404, 429, 500, b"<html>"])
def test_when_eventbrite_does_not_answer_the_notice_comes_again(
    sold: Cloud, eventbrite: Eventbrite, fault: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    posted(notice())
    bodies = waiting(sold)
    eventbrite.faults = [fault]

    assert fetched(*bodies) == ["message-0"]

    assert sold.everything(Order) == []
    assert '"PaymentNotRecorded":[1.0]' in capsys.readouterr().out


def test_it_comes_again_for_longer_than_eventbrite_s_hour() -> None:
    from tests.from_template import properties

    queue = properties("EventbriteNotices")
    tries, pause = queue["RedrivePolicy"]["maxReceiveCount"], queue["VisibilityTimeout"]

    assert tries * pause > 3600


def test_a_message_that_is_no_notice_fails_alone(sold: Cloud, eventbrite: Eventbrite) -> None:
    posted(notice())
    good = waiting(sold)
    bad = ["{}", "no json", '{"action": "x", "order": "1/../2"}', '{"action": "x", "event": "1"}']

    assert fetched(*bad, *good) == [f"message-{n}" for n in range(len(bad))]
    assert len(sold.everything(Order)) == 1


def test_what_is_logged_and_counted_names_nobody(
    sold: Cloud, eventbrite: Eventbrite, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    posted(notice("attendee.updated"))
    fetched(*waiting(sold), "no json")

    told = logged.getvalue() + capsys.readouterr().out
    assert "PaymentRecorded" in told
    for name in ("noor", "Tomás", "tomas@example.org", TOKEN):
        assert name not in told


# --- the sweep ---------------------------------------------------------------------------------


def test_an_order_whose_notice_never_came_is_a_seat_within_the_hour(
    sold: Cloud, eventbrite: Eventbrite, capsys: pytest.CaptureFixture[str]
) -> None:
    sold.now = sold.now.replace(day=6, hour=11)

    # One was refunded before we ever heard of it, so there is nothing to take back.
    assert sweep({}, CONTEXT)["missed_payments"] == len(eventbrite.orders) - 1

    assert seats(sold)[who("amara@example.org")] == "active"
    printed = capsys.readouterr().out
    assert "amara@example.org" not in printed
    assert sweep({}, CONTEXT)["missed_payments"] == 0, "and then nothing is missing any more"


def test_noticed_and_then_listed_it_is_taken_in_once(sold: Cloud, eventbrite: Eventbrite) -> None:
    eventbrite.orders = [model(ONE)]
    posted(notice())
    fetched(*waiting(sold))
    sold.now = sold.now.replace(day=3)

    assert sweep({}, CONTEXT)["missed_payments"] == 0
    assert len(sold.letters(LetterKind.CONFIRMATION)) == 1


def test_what_was_checked_in_meanwhile_is_nothing_that_was_missed(
    sold: Cloud, eventbrite: Eventbrite
) -> None:
    eventbrite.orders = [model(ONE)]
    posted(notice())
    fetched(*waiting(sold))
    (ticket,) = eventbrite.orders[0]["attendees"]
    ticket |= {"checked_in": True, "status": "Checked In", "changed": "2025-06-03T00:00:00Z"}
    eventbrite.orders[0]["changed"] = "2025-06-03T00:00:00Z"
    sold.now = sold.now.replace(day=4)

    assert sweep({}, CONTEXT)["missed_payments"] == 0


def test_events_that_are_no_series_of_ours_are_left_alone(
    sold: Cloud, eventbrite: Eventbrite
) -> None:
    concert = model(ONE)
    concert["attendees"][0]["ticket_class_id"] = "1"
    eventbrite.orders = [concert]
    sold.now = sold.now.replace(day=3)

    assert sweep({}, CONTEXT)["missed_payments"] == 0
    assert sold.everything(Order) == []


@pytest.mark.parametrize("fault", [401, 429, 500])
def test_eventbrite_in_trouble_does_not_stop_the_rest_of_the_sweep(
    sold: Cloud, eventbrite: Eventbrite, fault: int, capsys: pytest.CaptureFixture[str]
) -> None:
    eventbrite.faults = [fault]
    sold.now = sold.now.replace(day=3)

    assert sweep({}, CONTEXT)["missed_payments"] == 0

    assert '"PaymentEventsNotListed":[1.0]' in capsys.readouterr().out


def test_without_a_token_nobody_is_asked(cloud: Cloud) -> None:
    assert ENVIRON["EVENTBRITE_API_SECRET_ID"]
    assert sweep({}, CONTEXT)["missed_payments"] == 0
