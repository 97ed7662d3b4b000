"""Payments in review: staff see why they wait, and say what is to become of them."""

from typing import Any

import pytest

from shared.domain.letters import LetterKind
from shared.domain.payments import Order, PaymentFact
from shared.usecases.record_payment import Outcome
from shared.usecases.rule_on_payment import (
    CannotBeRuled,
    accept_payment,
    name_refunded_classes,
    payments_in_review,
    refuse_payment,
)
from tests.money import ORDER, bought, classes, dollars, held, order_of, refund, said
from tests.scholarships import Scholarships
from tests.world import KEY, paid


@pytest.fixture
def world() -> Scholarships:
    world = Scholarships()
    world.deliver(bought(world))
    return world


def waiting(world: Scholarships, **changes: object) -> str:
    """A payment that the price book does not explain."""
    fact = paid(world.catalogue, "all-five-general", "ben@people.example", 2)
    world.deliver(fact.model_copy(update={"amount": dollars(200), **changes}))
    (one,) = payments_in_review(records=world.records, now=world.now)
    return str(one["order"])


def rule(world: Scholarships) -> dict[str, Any]:
    return {"by": "noor", "why": "A colleague agreed.", "records": world.records, "now": world.now}


def test_staff_see_the_reason_the_evidence_and_a_suggestion() -> None:
    world = Scholarships()
    waiting(world, amount=dollars(210), offer_ids=("plink_unknown", "all-five-reduced"))
    (one,) = payments_in_review(records=world.records, now=world.now)
    assert one["reasons"] == [
        "$210.00 was paid for All five classes, reduced, and its price is $105.00."
    ]
    assert one["suggestion"] == "$210.00 is the price of All five classes, general."
    assert one["buyer"] == "Ben <ben@people.example>"


def test_an_accepted_payment_brings_its_seats_and_says_who_why_and_when() -> None:
    world = Scholarships()
    order = waiting(world)
    accept_payment(order, "all-five-general", identity_key=KEY, **rule(world))
    assert world.seats_of("ben") == 5
    kept = world.records.get(Order.key_of(order), Order)
    assert kept is not None
    assert kept.ruling is not None
    assert (kept.ruling.by, kept.ruling.why, kept.ruling.at) == (
        "noor", "A colleague agreed.", world.now,
    )  # fmt: skip
    assert kept.waiting is None


def test_a_refused_payment_brings_nothing_and_waits_no_longer() -> None:
    world = Scholarships()
    order = waiting(world)
    refuse_payment(order, **rule(world))
    assert payments_in_review(records=world.records, now=world.now) == []
    world.sweep()
    assert world.seats_of("ben") == 0
    back = said(world, "refunded", "evt_back", amount=dollars(200), order=order)
    assert world.deliver(back) is Outcome.RECORDED
    assert payments_in_review(records=world.records, now=world.now) == []


def test_a_payment_without_an_address_is_accepted_with_one() -> None:
    world = Scholarships()
    order = waiting(world, amount=dollars(210), buyer_address="")
    with pytest.raises(CannotBeRuled, match="address"):
        accept_payment(order, "all-five-general", identity_key=KEY, **rule(world))
    accept_payment(
        order, "all-five-general", address="ben@people.example", identity_key=KEY, **rule(world)
    )
    assert world.seats_of("ben") == 5


@pytest.mark.parametrize("offer", ["nothing", "award-s-none"])
def test_a_payment_cannot_count_as_something_nobody_sells(offer: str) -> None:
    world = Scholarships()
    with pytest.raises(CannotBeRuled, match="No published series"):
        accept_payment(waiting(world), offer, identity_key=KEY, **rule(world))
    with pytest.raises(CannotBeRuled, match="No payment"):
        refuse_payment("stripe-pi_none", **rule(world))


def test_staff_say_which_classes_a_refund_was_for(world: Scholarships) -> None:
    world.deliver(refund(world, 59.40))
    second = classes(world)[1]
    how: dict[str, Any] = {"records": world.records, "identity_key": KEY, "now": world.now}
    with pytest.raises(CannotBeRuled, match="no class of this payment"):
        name_refunded_classes(ORDER, ("misa-1",), **how)
    name_refunded_classes(ORDER, (second,), **how)
    assert held(world) == ["active", "ended", "active", "active", "active"]
    assert order_of(world).waiting is None


def told_in_two(world: Scholarships) -> list[PaymentFact]:
    """One payment as Razorpay tells of it: that money came, and then through which link."""
    whole = paid(world.catalogue, "all-five-general", "ben@people.example", 2, provider="razorpay")
    bare = whole.model_copy(update={"offer_ids": (), "buyer_address": "", "event": "captured:2"})
    return [bare, whole]


@pytest.mark.parametrize("backwards", [False, True])
def test_staff_are_not_asked_while_the_rest_of_a_payment_is_on_its_way(backwards: bool) -> None:
    world = Scholarships()
    facts = told_in_two(world)
    for fact in facts[::-1] if backwards else facts:
        world.deliver(fact)
    assert world.seats_of("ben") == 5
    assert world.letters(LetterKind.STAFF_REVIEW) == []
    assert payments_in_review(records=world.records, now=world.now) == []


def test_staff_are_asked_if_the_rest_never_comes() -> None:
    world = Scholarships()
    world.deliver(told_in_two(world)[0])
    world.sweep()
    assert world.letters(LetterKind.STAFF_REVIEW) == []
    world.wait(minutes=20)
    world.sweep()
    world.sweep()
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 1
