"""Classes bought one by one that cost as much as all of them, and seats that are paid for twice."""

import pytest

from shared.domain.letters import LetterKind
from shared.usecases.gather_letter_facts import gather
from tests.awards import full, played
from tests.money import ANA, classes, dollars, held, said
from tests.scholarships import Scholarships
from tests.world import paid


def singles(world: Scholarships, how_many: int) -> None:
    for number, session in enumerate(classes(world)[:how_many]):
        fact = paid(world.catalogue, f"{session}-general", ANA, 100 + number)
        world.deliver(fact)


@pytest.mark.parametrize(("how_many", "offered"), [(1, None), (3, None), (4, 30), (5, None)])
def test_from_the_fourth_single_class_on_the_confirmation_offers_all_of_them(
    how_many: int, offered: int | None
) -> None:
    world = Scholarships()
    singles(world, how_many)
    last = max(world.letters(LetterKind.CONFIRMATION), key=lambda letter: letter.about)
    upgrade = gather(last, world.desk, world.now).upgrade
    assert (upgrade.back if upgrade else None) == (dollars(offered) if offered else None)


@pytest.mark.parametrize("bundle_first", [False, True])
def test_a_seat_that_is_paid_for_twice_is_flagged_once_with_what_to_give_back(
    bundle_first: bool,
) -> None:
    world = Scholarships()
    facts = [
        paid(world.catalogue, "all-five-general", ANA, 1),
        paid(world.catalogue, "tfc-1-wisdom-general", ANA, 2),
        paid(world.catalogue, "tfc-2-resistance-general", ANA, 3),
    ]
    for fact in facts if bundle_first else facts[::-1]:
        world.deliver(fact)
    letters = world.letters(LetterKind.STAFF_PAID_TWICE)
    assert [letter.facts[2].value for letter in letters] == [
        "Give back $60.00, from the dearer of the two."
    ] * 2
    assert held(world) == ["active"] * 5


def test_giving_the_single_class_back_leaves_the_seat_of_the_bundle() -> None:
    world = Scholarships()
    world.deliver(paid(world.catalogue, "all-five-general", ANA, 1))
    world.deliver(paid(world.catalogue, "tfc-1-wisdom-general", ANA, 2))
    back = said(world, "refunded", "evt_b", amount=dollars(60), order="stripe-pi_2")
    world.deliver(back)
    assert held(world) == ["active"] * 5


def test_somebody_else_in_the_same_class_has_not_paid_twice() -> None:
    world = Scholarships()
    world.deliver(paid(world.catalogue, "tfc-1-wisdom-general", ANA, 2))
    world.deliver(paid(world.catalogue, "tfc-1-wisdom-general", "ben@people.example", 3))
    assert world.letters(LetterKind.STAFF_PAID_TWICE) == []


def test_all_classes_paid_for_twice_are_one_letter() -> None:
    world = Scholarships()
    world.deliver(paid(world.catalogue, "all-five-general", ANA, 1))
    world.deliver(paid(world.catalogue, "all-five-supporter", ANA, 2))
    (letter,) = world.letters(LetterKind.STAFF_PAID_TWICE)
    assert letter.facts[2].value == "Give back $297.00, from the dearer of the two."


def test_an_award_beside_a_payment_is_not_paid_twice() -> None:
    world = played({"ana": full(2)})
    world.deliver(paid(world.catalogue, "all-five-reduced", ANA, 1))
    world.act("ana", "accept")
    assert world.letters(LetterKind.STAFF_PAID_TWICE) == []
    assert len(world.letters(LetterKind.STAFF_SCHOLARSHIP_REFUND)) == 1
