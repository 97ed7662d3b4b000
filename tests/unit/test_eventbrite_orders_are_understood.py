"""Eventbrite's orders: what an answer says of each ticket, in our words."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.eventbrite_orders import read_eventbrite_order
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.money import Money
from shared.domain.payments import PaymentFact
from tests.eventbrite_api import INSIDE, ONE, ORDERS, PARTLY, REFUNDED, SEVERAL, THREE, model

SIXTY = Money(minor=6000, currency="USD")


def read(order: Any, *, live: bool = False) -> list[PaymentFact]:
    return read_eventbrite_order(json.dumps(order).encode(), live=live)


def changed(order: str, ticket: int = 0, **fields: Any) -> Any:
    """A model order with other fields in one of its tickets."""
    made = model(order)
    made["attendees"][ticket].update(fields)
    return made


def seats(order: Any) -> dict[str, tuple[str, str]]:
    """Who sits in each ticket, and whether that is clear."""
    return {fact.order[-1]: (fact.buyer_address, fact.unclear) for fact in read(order)}


def test_a_ticket_is_a_purchase_named_by_order_ticket_and_last_change() -> None:
    (fact,) = read(model(ONE))

    name, blur = fact.event.rsplit("-", 1)
    assert (name, len(blur)) == ("paid:14510000001:20250602T150412Z", 4)
    assert fact == PaymentFact(
        provider="eventbrite",
        event=fact.event,
        order="eventbrite-8100000001-14510000001",
        says="paid",
        at=datetime(2025, 6, 2, 15, 4, 11, tzinfo=UTC),
        live=False,
        amount=SIXTY,
        offer_ids=("2604100043",),
        buyer_name="Amara Okafor",
        buyer_address="amara@example.org",
        seated_at=datetime(2025, 6, 2, 15, 4, 12, tzinfo=UTC),
    )


def test_two_answers_of_one_second_are_two_events() -> None:
    renamed = changed(ONE, profile={"name": "Zoe", "email": "zoe@example.org"})

    assert read(renamed)[0].event != read(model(ONE))[0].event


def test_its_money_is_of_the_kind_that_the_stage_takes() -> None:
    assert [read(model(ONE), live=live)[0].live for live in (True, False)] == [True, False]


def test_fees_and_tax_that_the_buyer_bears_are_no_part_of_the_price() -> None:
    order = model(ONE)
    order["attendees"][0]["costs"]["tax"]["value"] = 500

    assert order["attendees"][0]["costs"]["gross"]["value"] > 6000
    assert read(order)[0].amount == SIXTY


def test_fees_that_are_inside_the_listed_price_belong_to_it() -> None:
    order = model(INSIDE)

    assert order["attendees"][0]["costs"]["base_price"]["value"] < 6000
    assert read(order)[0].amount == SIXTY


def test_without_the_listed_price_what_is_inside_is_not_guessed() -> None:
    order = model(INSIDE)
    del order["costs"]["display_price"]

    assert read(order)[0].amount == Money(minor=5429, currency="USD")


def test_who_sits_there_is_the_ticket_s_holder_and_not_the_buyer() -> None:
    assert seats(model(SEVERAL)) == {
        "2": ("noor@example.org", ""),
        "3": ("tomas@example.org", ""),
        "4": ("noor@example.org", "same_address"),
    }


@pytest.mark.parametrize("email", ["Info Requested", "", None, "not an address"])
def test_a_ticket_without_an_address_is_the_buyer_s(email: str | None) -> None:
    order = changed(ONE, profile={"name": "Info Requested", "email": email})

    (fact,) = read(order)

    assert (fact.buyer_name, fact.buyer_address) == ("Amara Okafor", "amara@example.org")
    assert fact.unclear == ""


def test_of_three_seats_for_one_address_one_is_theirs_and_the_others_are_asked_about() -> None:
    gita = "gita@example.org"

    found = {"9": (gita, ""), "0": (gita, "same_address"), "1": (gita, "same_address")}
    assert seats(model(THREE)) == found
    backwards = model(THREE)
    backwards["attendees"].reverse()
    assert seats(backwards) == found


def test_one_address_written_two_ways_is_one() -> None:
    order = model(THREE)
    order["attendees"][1]["profile"]["email"] = " GITA@Example.org "

    assert seats(order)["0"][1] == "same_address"


def test_a_seat_in_another_class_for_the_same_address_is_clear() -> None:
    order = changed(THREE, 1, ticket_class_id="2604100050")

    assert seats(order)["0"][1] == ""


def test_once_the_first_ticket_is_gone_the_next_is_theirs() -> None:
    order = changed(THREE, cancelled=True)

    assert [fact.says for fact in read(order)] == ["void", "paid", "paid"]
    assert [fact.unclear for fact in read(order)] == ["", "", "same_address"]


def test_a_refunded_order_takes_back_every_ticket() -> None:
    (fact,) = read(model(REFUNDED))

    assert (fact.says, fact.state, fact.amount) == ("void", "succeeded", None)
    assert fact.event == "void:14510000005:refunded"


def test_one_refunded_ticket_leaves_the_others() -> None:
    assert [(fact.order[-1], fact.says) for fact in read(model(PARTLY))] == [
        ("6", "paid"),
        ("7", "void"),
    ]


@pytest.mark.parametrize("status", ["deleted", "cancelled", "Cancelled"])
def test_a_cancelled_order_returned_no_money(status: str) -> None:
    (fact,) = read(model(ONE) | {"status": status})

    assert (fact.says, fact.state) == ("void", "")


@pytest.mark.parametrize("status", ["Not Attending", "Deleted", "Transferred"])
def test_a_ticket_that_lets_nobody_in_is_gone(status: str) -> None:
    assert read(changed(ONE, status=status))[0].says == "void"


def test_a_ticket_that_is_not_paid_yet_is_pending() -> None:
    assert read(changed(ONE, status="Unpaid"))[0].says == "pending"
    assert read(model(ONE) | {"status": "pending"})[0].says == "pending"


def test_an_order_that_is_not_finished_says_nothing() -> None:
    assert read(model(ONE) | {"status": "started"}) == []


def test_a_free_ticket_costs_nothing_and_is_a_ticket() -> None:
    order = model(ONE)
    for sum_of_money in order["attendees"][0]["costs"].values():
        sum_of_money["value"] = 0

    assert read(order)[0].amount == Money(minor=0, currency="USD")


def test_a_check_in_changes_nothing_but_when_it_was_said() -> None:
    order = changed(ONE, checked_in=True, changed="2025-06-08T16:01:00Z", status="Checked In")

    (before,), (after,) = read(model(ONE)), read(order)

    assert after.event != before.event
    assert after.model_copy(update={"event": "", "seated_at": None}) == before.model_copy(
        update={"event": "", "seated_at": None}
    )


@pytest.mark.parametrize("path", sorted(ORDERS.glob("*.json")), ids=lambda path: path.stem)
def test_fields_that_eventbrite_adds_one_day_are_no_trouble(path: Any) -> None:
    order = json.loads(path.read_bytes())
    newer = order | {"_type": "order", "new": {"deep": [None]}}
    newer["attendees"] = [one | {"new": {}, "survey_responses": []} for one in order["attendees"]]

    assert read(newer) == read(order)


@pytest.mark.parametrize("value", ["6000", 60.0, -1, None, True, 10**13])
def test_an_amount_that_is_not_whole_cents_is_not_guessed(value: object) -> None:
    order = model(ONE)
    order["attendees"][0]["costs"]["base_price"]["value"] = value

    with pytest.raises(UnreadableEvent) as unreadable:
        read(order)
    assert "Amara" not in str(unreadable.value)
    assert unreadable.value.__cause__ is None


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "exploded"},
        {"status": None},
        {"attendees": None},
        {"id": "8100000001/../1"},
        {"created": "2025-06-02T15:04:11"},
        {"changed": "yesterday"},
    ],
)
def test_an_order_that_is_not_understood_is_not_guessed(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        read(model(ONE) | changes)


def test_without_its_tickets_an_order_is_not_read() -> None:
    order = model(ONE)
    del order["attendees"]

    with pytest.raises(UnreadableEvent):
        read(order)
