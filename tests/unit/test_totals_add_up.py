"""What a series took in and who holds seats, counted as it happens: the totals are the orders."""

from itertools import permutations

import pytest

from shared.domain.money import Money
from shared.domain.payments import Order, PaymentFact
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.takings import PARTS, Takings, counted_now, line_of, part_of, together
from tests.catalogues import classes_catalogue
from tests.world import World, paid

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
OFFER = f"{CLASS_1.id}-general"


def totals(world: World) -> dict[str, tuple[int, int, int]]:
    """(orders, paid, back) by provider, rate and currency, and the seats of each session."""
    parts = world.records.page(Takings.partition_of(CLASSES.series.id), Takings)
    lines, seats = together(parts)
    told = {"/".join(one.name): (one.orders, one.paid, one.back) for one in lines if one.orders}
    return told | {session: (held, 0, 0) for session, held in seats.items()}


def counted_anew(world: World) -> dict[str, tuple[int, int, int]]:
    """The same, added up from every order and every registration there is."""
    parts = [Takings(series=CLASSES.series.id, part=0)]
    for order in world.records.everything(Order):
        if order.series:
            parts.append(parts[-1].changed(None, line_of(order, counted_now(order)), {}))
    held = [
        one.session
        for one in world.records.everything(Registration)
        if one.status is not RegistrationStatus.ENDED
    ]
    seats = {session: held.count(session) for session in held}
    lines, _ = together(parts[-1:])
    told = {"/".join(one.name): (one.orders, one.paid, one.back) for one in lines if one.orders}
    return told | {session: (held, 0, 0) for session, held in seats.items()}


def facts_of(number: int, address: str) -> list[PaymentFact]:
    """A payment, a part of it back, a dispute that is lost."""
    fact = paid(CLASSES, OFFER, address, number)
    assert fact.amount is not None
    part = Money(minor=fact.amount.minor // 3, currency=fact.amount.currency)
    changes: list[dict[str, object]] = [
        {"says": "refund", "part": "re_1", "state": "succeeded", "amount": part},
        {"says": "dispute", "part": "dp_1", "state": "lost", "amount": fact.amount},
    ]
    return [
        fact,
        *(
            fact.model_copy(update={"event": f"evt_{number}_{at}", **change})
            for at, change in enumerate(changes)
        ),
    ]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_it_is_told_and_however_often_the_totals_are_the_same(
    order: tuple[int, ...],
) -> None:
    world = World()
    world.publish(CLASSES)
    facts = facts_of(1, "ana@example.org")
    for at in (*order, *order):
        world.deliver(facts[at])
        assert totals(world) == counted_anew(world)

    (line,) = totals(world).values()
    assert line == (1, facts[0].amount.minor, facts[0].amount.minor)  # type: ignore[union-attr]


def test_many_people_through_two_rates_add_up(world: World) -> None:
    world.publish(CLASSES)
    for number in range(40):
        offer = f"{CLASS_1.id}-{'general' if number % 2 else 'reduced'}"
        world.pay(CLASSES, offer, f"p{number}@example.org")
    back = paid(CLASSES, OFFER, "p99@example.org", 99)
    world.deliver(back)
    world.deliver(back.model_copy(update={"event": "evt_back", "says": "refunded"}))

    told = totals(world)

    assert told == counted_anew(world)
    assert told[CLASS_1.id] == (40, 0, 0)
    assert sum(line[0] for name, line in told.items() if "/" in name) == 41
    assert len(world.records.everything(Takings)) > PARTS // 2


def test_an_order_that_was_not_counted_is_noticed(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, OFFER, "ana@example.org")
    (kept,) = world.records.everything(Takings)

    world.records.commit(kept.model_copy(update={"lines": ()}))

    assert totals(world) != counted_anew(world)


def test_an_order_is_always_counted_in_the_same_part() -> None:
    assert [part_of(f"order-{n}") for n in range(5)] == [part_of(f"order-{n}") for n in range(5)]
    assert {part_of(f"order-{n}") for n in range(500)} == set(range(PARTS))
