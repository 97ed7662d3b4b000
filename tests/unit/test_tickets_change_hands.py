"""Eventbrite's tickets, from answer to seat: each its own, whoever sits there, in any order."""

import json
from itertools import permutations
from typing import Any

import pytest

from shared.adapters.eventbrite_orders import read_eventbrite_order
from shared.adapters.memory_providers import MemoryProviderOrders
from shared.domain.entitlements import entitlements
from shared.domain.letters import LetterKind
from shared.domain.payments import Order
from shared.domain.registrations import Registration, SeatCount
from shared.failures import Unavailable
from shared.messages import OrderNotice
from shared.usecases.gather_letter_facts import gather
from shared.usecases.reconcile_payments import reconcile
from shared.usecases.record_payment import Outcome
from shared.usecases.rule_on_payment import CannotBeRuled, accept_payment, payments_in_review
from shared.usecases.take_order import take_order
from tests.catalogues import classes_catalogue
from tests.eventbrite_api import ONE, SEVERAL, THREE, model
from tests.world import KEY, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0].id
TICKET_CLASS = "2604100043"


def on_sale(world: World, *, amount: int = 6000, capacity: int | None = None) -> None:
    """One class whose general price is sold on Eventbrite, too."""
    prices = tuple(
        offer.model_copy(update={"provider_ids": {"eventbrite": TICKET_CLASS}, "amount": amount})
        if offer.id == f"{CLASS_1}-general"
        else offer
        for offer in CLASSES.prices
    )
    sessions = tuple(
        one.model_copy(update={"capacity": capacity}) if one.id == CLASS_1 else one
        for one in CLASSES.sessions
    )
    world.publish(CLASSES.model_copy(update={"prices": prices, "sessions": sessions}))


@pytest.fixture(autouse=True)
def _published(world: World) -> None:
    on_sale(world)


def answered(world: World, *orders: Any) -> list[Outcome]:
    """Eventbrite was asked about orders, and this is what it answered; what became of it."""
    outcomes = []
    for order in orders:
        held = MemoryProviderOrders({order["id"]: json.dumps(order).encode()})
        taken = take_order(
            OrderNotice(action="order.updated", order=order["id"]),
            orders=held,
            read=lambda body: read_eventbrite_order(body, live=False),
            keep=lambda body, facts: None,
            records=world.records,
            identity_key=KEY,
            live=False,
            now=world.now,
        )
        outcomes += [outcome for _, outcome in taken]
    return outcomes


def later(order: Any, at: str, ticket: int = 0, **fields: Any) -> Any:
    """The same order after its ticket was changed at that minute."""
    made = json.loads(json.dumps(order))
    changed = f"2025-06-07T{at}:00Z"
    made["changed"] = made["attendees"][ticket]["changed"] = changed
    made["attendees"][ticket].update(fields)
    return made


def named(name: str) -> dict[str, Any]:
    return {"profile": {"name": name, "email": f"{name.lower()}@example.org"}}


def seats(world: World) -> dict[str, str]:
    """Who has a seat, by the beginning of their address."""
    people = ("amara", "noor", "tomas", "gita", "zoe", "yan", "kim")
    ids = {who(f"{one}@example.org"): one for one in people}
    return {ids.get(learner, learner): status for learner, status in world.seats(CLASS_1).items()}


def confirmed(world: World) -> list[str]:
    return [letter.learner or "" for letter in world.letters(LetterKind.CONFIRMATION)]


def test_each_ticket_is_a_seat_for_whoever_sits_there(world: World) -> None:
    assert answered(world, model(SEVERAL)) == [
        Outcome.RECORDED, Outcome.RECORDED, Outcome.IN_REVIEW,
    ]  # fmt: skip

    assert seats(world) == {"noor": "active", "tomas": "active"}
    assert sorted(confirmed(world)) == sorted([who("noor@example.org"), who("tomas@example.org")])


def test_asked_again_nothing_happens_twice(world: World) -> None:
    answered(world, model(SEVERAL))
    before = world.records.everything(Order)

    assert set(answered(world, model(SEVERAL), model(SEVERAL))) == {Outcome.DUPLICATE}

    assert world.records.everything(Order) == before
    assert len(confirmed(world)) == 2


def test_a_check_in_is_no_news(world: World) -> None:
    answered(world, model(ONE))

    (outcome,) = answered(world, later(model(ONE), "16:00", checked_in=True, status="Checked In"))

    assert outcome is Outcome.DUPLICATE
    assert len(confirmed(world)) == 1


def test_three_seats_for_one_address_are_one_seat_and_two_questions(world: World) -> None:
    answered(world, model(THREE))

    assert seats(world) == {"gita": "active"}
    waiting = payments_in_review(records=world.records, now=world.now)
    assert [one["order"] for one in waiting] == [
        "eventbrite-8100000006-14510000010",
        "eventbrite-8100000006-14510000011",
    ]
    assert "one address for all of them" in waiting[0]["reasons"][0]
    assert "Ask the buyer" in waiting[0]["suggestion"]
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 2


def test_staff_say_who_sits_in_the_second_seat(world: World) -> None:
    answered(world, model(THREE))
    second = "eventbrite-8100000006-14510000010"
    how: dict[str, Any] = {
        "by": "noor", "why": "Gita wrote.", "records": world.records, "identity_key": KEY,
        "now": world.now,
    }  # fmt: skip
    offer = f"{CLASS_1}-general"

    with pytest.raises(CannotBeRuled, match="Who sits in this one"):
        accept_payment(second, offer, **how)
    accept_payment(second, offer, address="zoe@example.org", **how)

    assert seats(world) == {"gita": "active", "zoe": "active"}
    answered(world, later(model(THREE), "10:00", 2))
    assert seats(world) == {"gita": "active", "zoe": "active"}, "and what staff said stands"


def test_the_buyer_says_who_sits_there_and_the_seat_is_granted_by_itself(world: World) -> None:
    answered(world, model(THREE), later(model(THREE), "10:00", 1, **named("Zoe")))

    assert seats(world) == {"gita": "active", "zoe": "active"}
    assert len(payments_in_review(records=world.records, now=world.now)) == 1


def test_a_ticket_in_another_name_takes_its_seat_along(world: World) -> None:
    on_sale(world, capacity=1)
    answered(world, model(ONE), later(model(ONE), "10:00", **named("Zoe")))

    assert seats(world) == {"amara": "ended", "zoe": "active"}
    count = world.records.get(SeatCount.key_of(CLASS_1), SeatCount)
    assert count is not None
    assert count.taken == 1
    assert confirmed(world) == [who("amara@example.org"), who("zoe@example.org")]
    gone = world.records.get(Registration.key_of(CLASS_1, who("amara@example.org")), Registration)
    right = entitlements(CLASSES, CLASS_1, gone, world.now).seat
    assert right.why == "The seat in this class is under another name or address now."


def test_back_in_the_first_name_the_seat_is_theirs_again(world: World) -> None:
    answered(
        world,
        model(ONE),
        later(model(ONE), "10:00", **named("Zoe")),
        later(model(ONE), "11:00"),
    )

    assert seats(world) == {"amara": "active", "zoe": "ended"}


_ANSWERS = [
    model(ONE),
    later(model(ONE), "10:00", **named("Zoe")),
    later(model(ONE), "11:00", **named("Yan")),
    later(model(ONE), "12:00", cancelled=True, refunded=True, **named("Yan")),
]


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_in_whatever_order_answers_arrive_the_end_is_the_same(
    world: World, order: tuple[int, ...]
) -> None:
    answered(world, *(_ANSWERS[at] for at in order), *_ANSWERS)

    (kept,) = world.records.everything(Order)
    assert (kept.learner, kept.status) == (who("yan@example.org"), "refunded")
    assert set(seats(world).values()) == {"ended"}


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_last_name_sits_there_whatever_came_first(world: World, order: tuple[int, ...]) -> None:
    answered(world, *(_ANSWERS[at] for at in order))

    assert [one for one, status in seats(world).items() if status == "active"] == ["yan"]


def test_money_that_went_back_ends_the_seat_and_names_no_sum(world: World) -> None:
    answered(world, model(ONE), later(model(ONE), "12:00", cancelled=True, refunded=True))

    assert seats(world) == {"amara": "ended"}
    (letter,) = world.letters(LetterKind.REFUNDED)
    facts = gather(letter, world.desk, world.now)
    assert [session.id for session in facts.sessions] == [CLASS_1]
    assert facts.order is not None
    assert facts.order.refunded is None, "Eventbrite may keep its fees; we do not know"


def test_a_cancelled_free_ticket_ends_the_seat_and_no_money_is_spoken_of(world: World) -> None:
    on_sale(world, amount=0)
    free = model(ONE)
    for cost in free["attendees"][0]["costs"].values():
        cost["value"] = 0
    answered(world, free)
    assert seats(world) == {"amara": "active"}

    answered(world, later(free, "12:00", cancelled=True))

    assert seats(world) == {"amara": "ended"}
    (order,) = world.records.everything(Order)
    assert order.status == "cancelled"
    assert len(world.letters(LetterKind.REFUNDED)) == 1
    kept = world.records.get(Registration.key_of(CLASS_1, who("amara@example.org")), Registration)
    assert "was cancelled" in entitlements(CLASSES, CLASS_1, kept, world.now).seat.why


def test_a_refund_that_is_heard_of_first_is_kept(world: World) -> None:
    gone = later(model(ONE), "12:00", cancelled=True, refunded=True)

    assert answered(world, gone) == [Outcome.RECORDED]
    answered(world, model(ONE))

    assert seats(world) == {"amara": "ended"}
    assert confirmed(world) == []


def test_a_discount_that_no_line_of_the_price_book_has_is_asked_about(world: World) -> None:
    cheaper = model(ONE)
    cheaper["attendees"][0]["costs"]["base_price"]["value"] = 3000

    assert answered(world, cheaper) == [Outcome.IN_REVIEW]
    (one,) = payments_in_review(records=world.records, now=world.now)
    assert "$30.00 was paid for" in one["reasons"][0]
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 1


def test_a_ticket_without_any_address_waits_for_staff(world: World) -> None:
    nobody = model(ONE) | {"email": None}
    nobody["attendees"][0]["profile"] = None

    assert answered(world, nobody) == [Outcome.IN_REVIEW]
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 1


def test_a_provider_that_does_not_answer_is_asked_again(world: World) -> None:
    silent = MemoryProviderOrders(failing=Unavailable("Nobody is there."))

    with pytest.raises(Unavailable):
        take_order(
            OrderNotice(action="attendee.updated", event="1", attendee="2"), orders=silent,
            read=lambda body: [], keep=lambda body, facts: None, records=world.records,
            identity_key=KEY, live=False, now=world.now,
        )  # fmt: skip
    assert world.records.everything(Order) == []


class _Listing(MemoryProviderOrders):
    def since(self, at: object) -> Any:
        return iter(self.orders.values())


def test_of_what_is_listed_only_what_is_ours_is_taken_in(world: World) -> None:
    concert = model(ONE) | {"id": "99"}
    concert["attendees"][0]["ticket_class_id"] = "1"
    mine = model(ONE)
    bodies = {order["id"]: json.dumps(order).encode() for order in (concert, mine)}
    found = reconcile(
        _Listing(bodies), read=lambda body: read_eventbrite_order(body, live=False),
        keep=lambda body, facts: None, records=world.records, identity_key=KEY, live=False,
        now=world.now.replace(day=4), sells_other_things=True,
    )  # fmt: skip

    assert (found.looked_at, found.fed) == (1, 1)
    assert [order.order for order in world.records.everything(Order)] == [
        "eventbrite-8100000001-14510000001"
    ]
