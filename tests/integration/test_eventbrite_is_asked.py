"""Eventbrite, asked at a stand-in that speaks its API; the twin in memory promises the same."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from devstack.eventbrite import Json, orders_in
from shared import wiring
from shared.adapters.eventbrite_api import API, EventbriteOrders
from shared.adapters.memory_providers import MemoryProviderOrders
from shared.failures import Unavailable
from shared.ports import ProviderOrders
from tests.cloud import Cloud
from tests.eventbrite_api import ONE, ORDERS, SEVERAL, TOKEN, Eventbrite, model, serving

EVENT, TICKET = "1041530218797", "14510000003"
JUNE = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def eventbrite() -> Iterator[Eventbrite]:
    """A stand-in that holds the model orders."""
    with serving(orders_in([ORDERS])) as stands_in:
        yield stands_in


def asking(eventbrite: Eventbrite, token: str = TOKEN, **told: float) -> EventbriteOrders:
    return EventbriteOrders(lambda: token, eventbrite.address, **told)


# --- one order: both twins ---------------------------------------------------------------------


@pytest.fixture(params=["in memory", "at Eventbrite"])
def orders(request: pytest.FixtureRequest, eventbrite: Eventbrite) -> ProviderOrders:
    """Orders in both twins."""
    if request.param == "in memory":
        held = {one["id"]: json.dumps(one).encode() for one in eventbrite.orders}
        return MemoryProviderOrders(held, {(EVENT, TICKET): SEVERAL})
    return asking(eventbrite)


def test_an_order_comes_with_its_tickets(orders: ProviderOrders) -> None:
    assert json.loads(orders.order(ONE)) == model(ONE)


def test_a_ticket_belongs_to_an_order(orders: ProviderOrders) -> None:
    assert orders.order_of(EVENT, TICKET) == SEVERAL


def test_an_order_that_is_not_there_may_come_later(orders: ProviderOrders) -> None:
    with pytest.raises(Unavailable):
        orders.order("99")
    with pytest.raises(Unavailable):
        orders.order_of(EVENT, "99")


# --- what goes wrong ---------------------------------------------------------------------------


def test_the_token_is_sent_to_eventbrite_alone_and_never_where_an_answer_points(
    eventbrite: Eventbrite,
) -> None:
    with serving() as elsewhere:
        eventbrite.faults = [(301, {"location": f"{elsewhere.address}/v3/orders/1/"})]

        with pytest.raises(Unavailable):
            asking(eventbrite).order(ONE)

        assert elsewhere.asked == []
    assert eventbrite.asked == [f"/v3/orders/{ONE}/?expand=attendees"]
    assert eventbrite.tokens == [f"Bearer {TOKEN}"]


@pytest.mark.parametrize("order", ["1/../../users/me", "1?token=x", "-1x", ""])
def test_an_address_is_made_of_numbers_alone(eventbrite: Eventbrite, order: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        asking(eventbrite).order(order)
    assert eventbrite.asked == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 502, 503])
def test_whatever_is_no_order_is_asked_for_again(eventbrite: Eventbrite, status: int) -> None:
    eventbrite.faults = [status]
    client = asking(eventbrite)

    with pytest.raises(Unavailable) as refused:
        client.order(ONE)

    assert "Quillon" not in str(refused.value)
    assert json.loads(client.order(ONE))["id"] == ONE


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"<html>", b'{"a":' * 50_000, b"\xff"])
def test_an_answer_that_is_no_object_is_none(eventbrite: Eventbrite, body: bytes) -> None:
    eventbrite.faults = [body]

    with pytest.raises(Unavailable):
        asking(eventbrite).order(ONE)


def test_an_answer_without_end_is_given_up(eventbrite: Eventbrite) -> None:
    eventbrite.faults = [b'"' + b"x" * (9 * 1024 * 1024)]

    with pytest.raises(Unavailable):
        asking(eventbrite).order(ONE)


def test_who_is_slow_is_not_waited_for(eventbrite: Eventbrite) -> None:
    eventbrite.faults = [0.5]

    with pytest.raises(Unavailable):
        asking(eventbrite, patience=0.1).order(ONE)


def test_when_nobody_is_there_the_order_is_asked_for_again() -> None:
    with pytest.raises(Unavailable):
        EventbriteOrders(lambda: TOKEN, "http://127.0.0.1:9").order(ONE)


def test_without_a_token_nobody_is_asked(eventbrite: Eventbrite) -> None:
    client = asking(eventbrite, "")

    with pytest.raises(Unavailable):
        client.order(ONE)
    assert list(client.since(JUNE)) == []
    assert eventbrite.asked == []


def test_a_wrong_token_is_refused_until_it_is_the_right_one(eventbrite: Eventbrite) -> None:
    tokens = ["wrong", TOKEN]
    client = EventbriteOrders(lambda: tokens.pop(0), eventbrite.address)

    with pytest.raises(Unavailable):
        client.order(ONE)
    assert json.loads(client.order(ONE))["id"] == ONE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({}, 300), ({"retry-after": "7"}, 7), ({"retry-after": "999999"}, 300),
     ({"retry-after": "99999"}, 3600), ({"retry-after": "soon"}, 300)],
)  # fmt: skip
def test_when_eventbrite_wants_patience_it_is_left_alone(
    eventbrite: Eventbrite,
    headers: dict[str, str],
    seconds: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr("shared.adapters.eventbrite_api.time.monotonic", lambda: now[0])
    eventbrite.faults = [(429, headers)]
    client = asking(eventbrite)
    with pytest.raises(Unavailable):
        client.order(ONE)

    now[0] += seconds - 1
    with pytest.raises(Unavailable):
        client.order(ONE)
    assert len(eventbrite.asked) == 1, "nobody was asked meanwhile"

    now[0] += 2
    assert json.loads(client.order(ONE))["id"] == ONE


# --- the list ----------------------------------------------------------------------------------


def numbered(number: int) -> list[Json]:
    return [
        model(ONE) | {"id": str(n + 1), "changed": f"2025-06-02T00:{n // 60:02}:{n % 60:02}Z"}
        for n in range(number)
    ]


@pytest.mark.parametrize("number", [0, 1, 49, 50, 51, 120])
def test_a_list_of_many_pages_is_read_to_its_end_oldest_first(
    eventbrite: Eventbrite, number: int
) -> None:
    eventbrite.orders = numbered(number)[::-1]

    listed = [json.loads(body) for body in asking(eventbrite).since(JUNE)]

    assert [one["id"] for one in listed] == [str(n + 1) for n in range(number)]
    assert len(eventbrite.asked) == 1 + max(1, -(-number // 50))


def test_what_was_refunded_or_cancelled_is_listed_too(eventbrite: Eventbrite) -> None:
    listed = [json.loads(body) for body in asking(eventbrite).since(JUNE)]

    assert [one["id"] for one in listed] == [
        one["id"] for one in sorted(eventbrite.orders, key=lambda one: one["changed"])
    ]
    assert "refunded" in {one["status"] for one in listed}
    assert all("attendees" in one for one in listed)


def test_only_what_changed_since_then_is_asked_for(eventbrite: Eventbrite) -> None:
    at = datetime(2025, 6, 5, 12, 0, 4, tzinfo=UTC)

    ids = {json.loads(body)["id"] for body in asking(eventbrite).since(at)}

    assert ids == {"8100000004", "8100000006"}


@pytest.mark.parametrize("status", [400, 401, 403])
def test_when_eventbrite_refuses_there_is_nothing_and_the_log_says_no_more_than_that(
    eventbrite: Eventbrite, status: int, logged: StringIO
) -> None:
    eventbrite.faults = [0, status]

    assert list(asking(eventbrite).since(JUNE)) == []

    assert "Eventbrite refused to list its orders" in logged.getvalue()
    assert "Quillon" not in logged.getvalue()
    assert TOKEN not in logged.getvalue()


@pytest.mark.parametrize("fault", [429, 500, b"{}", b'{"organizations": {}, "pagination": {}}'])
@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_list_that_breaks_off_is_no_list(eventbrite: Eventbrite, fault: Any, page: int) -> None:
    eventbrite.orders = numbered(51)
    eventbrite.faults = [0] * page + [fault]

    with pytest.raises(Unavailable):
        list(asking(eventbrite).since(JUNE))


def test_a_list_that_takes_too_long_is_given_up_for_this_hour(eventbrite: Eventbrite) -> None:
    eventbrite.orders = numbered(120)

    with pytest.raises(Unavailable):
        list(asking(eventbrite, at_most=0).since(JUNE))


# --- as it is wired ----------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["staging", "prod", "local"])
def test_where_the_api_is_can_be_told_on_the_local_stage_alone(
    cloud: Cloud, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STAGE", stage)
    monkeypatch.setenv("LOCAL_EVENTBRITE_API", "http://127.0.0.1:9")

    assert (wiring.eventbrite_orders()._address == API) is (stage != "local")


def test_a_token_that_an_operator_puts_in_counts_at_once(cloud: Cloud) -> None:
    orders = wiring.eventbrite_orders()
    assert orders._token() == ""

    cloud.set_secret("EVENTBRITE_API_SECRET_ID", {"private_token": "put by hand"})

    assert orders._token() == "put by hand"
