"""A payment becomes seats and a letter, once, whatever order and number its events come in."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order, PaymentFact
from shared.domain.registrations import Learner, SeatCount
from shared.usecases.record_payment import Outcome
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0].id


def test_a_single_class_gives_one_seat_and_one_confirmation(world: World) -> None:
    world.publish(CLASSES)

    assert world.pay(CLASSES, f"{CLASS_1}-general", "ana@example.org") is Outcome.RECORDED

    assert world.seats(CLASS_1) == {who("ana@example.org"): "active"}
    assert [letter.learner for letter in world.letters(LetterKind.CONFIRMATION)] == [
        who("ana@example.org")
    ]


def test_a_bundle_gives_a_seat_in_every_class(world: World) -> None:
    world.publish(CLASSES)

    world.pay(CLASSES, "all-five-supporter", "ana@example.org")

    assert [world.seats(session.id) for session in CLASSES.sessions] == [
        {who("ana@example.org"): "active"}
    ] * 5
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1


def test_the_same_event_five_times_counts_once(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org")

    outcomes = [world.deliver(fact) for _ in range(5)]

    assert outcomes == [Outcome.RECORDED, *[Outcome.DUPLICATE] * 4]
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1


def test_a_known_event_with_another_body_is_noticed_and_changes_nothing(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org")
    world.deliver(fact, "as it was")

    assert world.deliver(fact, "as somebody made it") is Outcome.ALTERED


def test_thirty_dollars_through_the_general_link_wait_for_staff_with_a_suggestion(
    world: World,
) -> None:
    world.publish(CLASSES)

    outcome = world.pay(
        CLASSES, f"{CLASS_1}-general", "bo@example.org", amount=Money(minor=3000, currency="USD")
    )

    assert outcome is Outcome.IN_REVIEW
    assert world.seats(CLASS_1) == {}
    (letter,) = world.letters(LetterKind.STAFF_REVIEW)
    assert letter.lines == (
        "$30.00 was paid for One class, general, and its price is $60.00.",
        "$30.00 is the price of One class, reduced.",
    )
    (order,) = world.records.everything(Order)
    assert order.waiting == "review"


@pytest.mark.parametrize(
    ("what", "changes", "code"),
    [
        ("another currency", {"amount": Money(minor=6000, currency="EUR")}, "amount_differs"),
        ("nothing at all", {"amount": Money(minor=0, currency="USD")}, "amount_differs"),
        ("an unknown link", {"offer_ids": ("plink_elsewhere",)}, "unknown_offer"),
        ("no link", {"offer_ids": ()}, "unknown_offer"),
        ("real money into a test system", {"live": True}, "other_mode"),
        ("no address", {"buyer_address": ""}, "no_address"),
        ("half an address", {"buyer_address": "bo@"}, "no_address"),
    ],
)
def test_what_fits_no_offer_grants_nothing(
    world: World, what: str, changes: dict[str, object], code: str
) -> None:
    world.publish(CLASSES)

    outcome = world.pay(CLASSES, f"{CLASS_1}-general", "bo@example.org", **changes)

    assert outcome is Outcome.IN_REVIEW, what
    assert world.seats(CLASS_1) == {}
    (order,) = world.records.everything(Order)
    assert order.review is not None
    assert order.review.reasons[0].code == code


def test_a_free_place_is_granted_only_where_the_price_book_lists_it(world: World) -> None:
    free = CLASSES.prices[0].model_copy(
        update={"id": "scholarship-class-1", "amount": 0, "provider_ids": {}}
    )
    world.publish(CLASSES.model_copy(update={"prices": (*CLASSES.prices, free)}))
    fact = paid(
        CLASSES,
        f"{CLASS_1}-general",
        "ana@example.org",
        amount=Money(minor=0, currency="USD"),
        offer_ids=("scholarship-class-1",),
    )

    assert world.deliver(fact) is Outcome.RECORDED


def test_an_unpaid_order_waits_without_access_and_a_later_payment_opens_it(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", says="pending")
    world.deliver(fact)
    assert world.seats(CLASS_1) == {who("ana@example.org"): "pending"}
    assert world.letters(LetterKind.CONFIRMATION) == []

    world.deliver(fact.model_copy(update={"event": "evt_later", "says": "paid"}))

    assert world.seats(CLASS_1) == {who("ana@example.org"): "active"}
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1


def test_a_refund_of_one_order_leaves_what_another_order_gave(world: World) -> None:
    world.publish(CLASSES)
    single = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", 1)
    world.deliver(single)
    world.deliver(paid(CLASSES, "all-five-general", "ana@example.org", 2))

    world.deliver(_refund_of(single))

    assert world.seats(CLASS_1) == {who("ana@example.org"): "active"}


def test_a_partial_refund_is_kept_and_takes_nothing_away(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org")
    world.deliver(fact)

    world.deliver(_refund_of(fact, minor=1000))

    assert world.seats(CLASS_1) == {who("ana@example.org"): "active"}
    (order,) = world.records.everything(Order)
    assert order.refunded == Money(minor=1000, currency="USD")


def _refund_of(fact: PaymentFact, minor: int = 6000, event: str = "evt_refund") -> PaymentFact:
    return PaymentFact(
        provider="stripe",
        event=event,
        order=fact.order,
        says="refunded",
        at=fact.at + timedelta(days=1),
        live=False,
        amount=Money(minor=minor, currency="USD"),
    )


STORY = (
    paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", says="pending", event="evt_a"),
    paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", says="paid", event="evt_b"),
    paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", says="failed", event="evt_c"),
)


@pytest.mark.parametrize("order", list(permutations([*STORY, _refund_of(STORY[1])])))
def test_any_order_of_pending_paid_failed_and_refunded_ends_the_same(
    world: World, order: tuple[PaymentFact, ...]
) -> None:
    world.publish(CLASSES)

    for fact in order:
        world.deliver(fact)

    assert world.seats(CLASS_1) == {who("ana@example.org"): "ended"}
    (kept,) = world.records.everything(Order)
    assert str(kept.status) == "refunded"
    assert world.letters(LetterKind.STAFF_REVIEW) == []


def test_a_refund_that_comes_before_its_payment_never_opens_a_seat(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org")
    world.deliver(_refund_of(fact))

    world.deliver(fact)

    assert world.seats(CLASS_1) == {who("ana@example.org"): "ended"}
    assert world.letters(LetterKind.CONFIRMATION) == []


ONE_SEAT = CLASSES.model_copy(
    update={
        "sessions": (
            CLASSES.sessions[0].model_copy(update={"capacity": 1}),
            *CLASSES.sessions[1:],
        )
    }
)


def test_who_pays_for_a_full_class_is_never_forgotten_and_never_oversold(world: World) -> None:
    world.publish(ONE_SEAT)
    world.pay(ONE_SEAT, f"{CLASS_1}-general", "ana@example.org")

    outcome = world.pay(ONE_SEAT, f"{CLASS_1}-general", "bo@example.org")

    assert outcome is Outcome.IN_REVIEW
    assert world.seats(CLASS_1) == {who("ana@example.org"): "active"}
    assert [count.taken for count in world.records.everything(SeatCount)] == [1]


def test_a_refund_gives_the_seat_back(world: World) -> None:
    world.publish(ONE_SEAT)
    first = paid(ONE_SEAT, f"{CLASS_1}-general", "ana@example.org", 1)
    world.deliver(first)
    world.deliver(_refund_of(first))

    assert world.pay(ONE_SEAT, f"{CLASS_1}-general", "bo@example.org") is Outcome.RECORDED


def test_two_spellings_of_one_address_are_one_person_and_a_plus_tag_is_another(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1}-general", "Ana@Example.org")
    world.pay(CLASSES, f"{CLASS_1}-general", "ana@example.org")
    world.pay(CLASSES, f"{CLASS_1}-general", "ana+ce@example.org")

    assert len(world.seats(CLASS_1)) == 2


def test_the_name_that_was_typed_last_greets_the_person_in_any_order(world: World) -> None:
    unit = unit_catalogue()
    world.publish(unit)
    early = paid(unit, "unit-standard", "asha@example.org", 1, buyer_name="asha r")
    late = paid(unit, "unit-standard", "asha@example.org", 2, buyer_name="Asha Rao")

    for fact in (late, early):
        world.deliver(fact)

    (person,) = world.records.everything(Learner)
    assert person.name == "Asha Rao"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_shuffled_and_repeated_deliveries_reach_the_same_state(data: st.DataObject) -> None:
    people = [f"person{n}@example.org" for n in range(4)]
    offers = [f"{CLASS_1}-general", f"{CLASS_1}-reduced", "all-five-general"]
    story: list[PaymentFact] = []
    for number, person in enumerate(people * 2, start=1):
        fact = paid(CLASSES, data.draw(st.sampled_from(offers)), person, number)
        story.append(fact)
        if data.draw(st.booleans()):
            assert fact.amount is not None
            story.append(_refund_of(fact, fact.amount.minor, event=f"evt_refund_{number}"))

    straight, shuffled = World(), World()
    for world, deliveries in (
        (straight, story),
        (shuffled, data.draw(st.permutations([*story, *story[: len(story) // 3]]))),
    ):
        world.publish(CLASSES)
        for fact in deliveries:
            world.deliver(fact)

    for session in CLASSES.sessions:
        assert straight.seats(session.id) == shuffled.seats(session.id)
    states = [
        {o.order: o.status for o in w.records.everything(Order)} for w in (straight, shuffled)
    ]
    assert states[0] == states[1]


def test_a_payment_in_review_is_granted_when_the_price_book_is_corrected(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(
        CLASSES,
        f"{CLASS_1}-general",
        "bo@example.org",
        amount=Money(minor=5500, currency="USD"),
    )
    world.deliver(fact)
    assert world.sweep().payments == 0
    early_bird = CLASSES.offer(f"{CLASS_1}-general").model_copy(update={"amount": 5500})
    prices = tuple(early_bird if o.id == early_bird.id else o for o in CLASSES.prices)
    world.wait(hours=1)
    world.publish(CLASSES.model_copy(update={"prices": prices}))

    assert world.sweep().payments == 1

    assert world.seats(CLASS_1) == {who("bo@example.org"): "active"}
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1
    assert world.sweep().payments == 0


def test_a_payment_in_review_that_staff_give_back_waits_no_more(world: World) -> None:
    world.publish(CLASSES)
    fact = paid(
        CLASSES, f"{CLASS_1}-general", "bo@example.org", amount=Money(minor=3000, currency="USD")
    )
    world.deliver(fact)

    world.deliver(_refund_of(fact, minor=3000))

    (order,) = world.records.everything(Order)
    assert order.waiting is None
    assert world.seats(CLASS_1) == {}
    assert world.sweep().payments == 0


def test_a_limit_set_after_people_paid_counts_them(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1}-general", "ana@example.org")
    world.wait(hours=1)
    world.publish(ONE_SEAT)

    assert world.pay(ONE_SEAT, f"{CLASS_1}-general", "bo@example.org") is Outcome.IN_REVIEW
    assert world.seats(CLASS_1) == {who("ana@example.org"): "active"}


def test_who_gives_a_class_back_and_buys_it_again_gets_its_recording(world: World) -> None:
    world.publish(CLASSES)
    first = paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", 1)
    world.deliver(first)
    world.now = CLASSES.sessions[0].ends_at
    world.upload_recording(CLASS_1)
    world.deliver(_refund_of(first))
    world.post()
    assert [str(letter.status) for letter in world.letters(LetterKind.RECORDING)] == ["WITHDRAWN"]

    world.deliver(paid(CLASSES, f"{CLASS_1}-general", "ana@example.org", 2))
    world.post()

    assert [str(letter.status) for letter in world.letters(LetterKind.RECORDING)] == ["SENT"]
