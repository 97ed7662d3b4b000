"""An award is accepted, turned down or lapses; its seats come once, paid for exactly."""

import pytest

from shared.domain.awards import AwardStatus
from shared.domain.entitlements import entitlements
from shared.domain.letters import LetterKind
from shared.domain.payments import Order
from shared.domain.registrations import Learner, Registration
from shared.usecases.record_payment import Outcome
from tests.awards import dollars, full, partial, played, settle
from tests.scholarships import PRICE, Scholarships, round_catalogue, who_is
from tests.world import paid


def test_a_full_award_that_is_accepted_brings_every_seat_without_a_payment() -> None:
    world = played({"ana": full(2)})
    assert world.page("ana").state == "offered"
    assert world.act("ana", "accept").state == "taken"
    assert world.seats_of("ana") == 5
    assert world.fund() == 8 * PRICE
    assert [letter.order for letter in world.letters(LetterKind.CONFIRMATION)] == [
        world.award("ana").offer_id  # type: ignore[union-attr]
    ]


def test_accepting_twice_is_accepting_once() -> None:
    world = played({"ana": full(2)})
    world.act("ana", "accept")
    before = world.records.everything(Registration), world.fund()
    assert world.act("ana", "accept").problem
    assert (world.records.everything(Registration), world.fund()) == before


@pytest.mark.parametrize("credit", [False, True])
def test_whether_credit_comes_with_an_award_is_the_policy_of_when_it_was_offered(
    credit: bool,
) -> None:
    world = played({"ana": full(2)}, credit=credit)
    world.change(credit=not credit)
    world.act("ana", "accept")
    session = world.catalogue.sessions[0].id
    kept = world.records.get(Registration.key_of(session, who_is("ana")), Registration)
    right = entitlements(world.catalogue, session, kept, world.now).credit
    assert right.granted is credit
    assert "scholarship" in right.why


def test_a_partial_award_brings_its_seats_with_the_payment_of_the_rest() -> None:
    world = played({"ana": partial(110)})
    assert world.act("ana", "accept").state == "to_pay"
    assert world.award("ana").promotion_code  # type: ignore[union-attr]
    assert world.told("ana")[-1] == "scholarship_pay"
    assert world.seats_of("ana") == 0
    assert settle(world, "ana", 100) is Outcome.RECORDED
    assert world.seats_of("ana") == 5
    assert world.page("ana").state == "taken"
    session = world.catalogue.sessions[0].id
    kept = world.records.get(Registration.key_of(session, who_is("ana")), Registration)
    assert not entitlements(world.catalogue, session, kept, world.now).credit.granted


def test_without_a_key_staff_make_the_link_and_whoever_pays_the_seats_are_the_awardees() -> None:
    world = played({"ana": partial(110)})
    world.codes.has_key = False
    world.act("ana", "accept")
    (letter,) = world.letters(LetterKind.STAFF_SCHOLARSHIP_PAYMENT)
    values = [fact.value for fact in letter.facts]
    award = world.award("ana")
    assert award is not None
    assert values == [award.reference, "$100.00", award.offer_id]
    outcome = settle(
        world, "employer", 100, offer_ids=("plink_of_staff", award.offer_id), buyer_name="Boss"
    )
    assert outcome is Outcome.RECORDED
    assert (world.seats_of("ana"), world.seats_of("employer")) == (5, 0)
    learner = world.records.get(Learner.key_of(who_is("ana")), Learner)
    assert learner is not None
    assert (learner.name, learner.address) == ("Ana", "ana@people.example")


@pytest.mark.parametrize("amount", [99, 101])
def test_another_amount_than_is_left_to_pay_is_for_staff(amount: int) -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    award = world.award("ana")
    assert award is not None
    assert settle(world, "ana", amount, offer_ids=(award.offer_id,)) is Outcome.IN_REVIEW
    assert world.seats_of("ana") == 0


def test_a_stranger_cannot_buy_at_the_price_of_somebody_elses_award() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    assert settle(world, "mallory", 100) is Outcome.IN_REVIEW
    assert world.seats_of("mallory") == 0


def test_who_had_paid_is_offered_back_what_the_award_covers() -> None:
    world = Scholarships()
    world.apply("ana")
    world.pay(world.catalogue, "all-five-reduced", "ana@people.example")
    world.begin_review()
    world.both_vote("ana", "full")
    world.close_round()
    assert world.page("ana").back == dollars(105)
    assert world.act("ana", "accept").state == "taken"
    (letter,) = world.letters(LetterKind.STAFF_SCHOLARSHIP_REFUND)
    assert [fact.value for fact in letter.facts][1] == "$105.00"
    assert not any("people.example" in fact.value for fact in letter.facts)
    # Staff give it back at the provider; the seats stay, because the award gives them too.
    order = next(o for o in world.records.everything(Order) if o.provider == "stripe")
    back = paid(world.catalogue, "all-five-reduced", "ana@people.example", 7777)
    world.deliver(
        back.model_copy(update={"says": "refunded", "order": order.order, "amount": dollars(105)})
    )
    assert world.seats_of("ana") == 5


@pytest.mark.parametrize(
    ("offer", "due", "back", "state"),
    [
        ("all-five-general", 0, 110, "taken"),
        ("all-five-reduced", 0, 5, "taken"),
        ("tfc-1-wisdom-general", 40, 0, "to_pay"),
    ],
)
def test_what_was_paid_before_counts_towards_the_rest_of_a_partial_award(
    offer: str, due: int, back: int, state: str
) -> None:
    world = Scholarships()
    world.apply("ana")
    world.pay(world.catalogue, offer, "ana@people.example")
    world.begin_review()
    world.both_vote("ana", "partial", award="110")
    world.close_round()
    page = world.page("ana")
    assert (page.due, page.back) == (dollars(due), dollars(back))
    assert world.act("ana", "accept").state == state
    if due:
        assert settle(world, "ana", due) is Outcome.RECORDED
    assert world.seats_of("ana") == 5


def test_a_payment_after_the_money_went_to_somebody_else_waits_for_staff() -> None:
    world = played({"ana": partial(110, 3), "ben": full(1)}, fund=PRICE)
    world.act("ana", "accept")
    world.wait(days=4)
    world.sweep_round()
    assert world.page("ben").state == "offered"
    assert settle(world, "ana", 100) is Outcome.IN_REVIEW
    assert world.seats_of("ana") == 0
    world.change(fund=2 * PRICE)
    world.sweep()
    assert world.seats_of("ana") == 5


def test_somebody_who_accepts_and_never_pays_is_not_kept_as_a_participant() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    world.wait(days=4)
    world.sweep_round()
    learner = world.records.get(Learner.key_of(who_is("ana")), Learner)
    assert learner is not None
    assert (learner.name, learner.address) == ("", "")


def test_an_award_does_not_lapse_while_its_payment_is_on_the_way() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    settle(world, "ana", 100, says="pending", order="stripe-pi_slow", event="evt_slow_1")
    world.wait(days=4)
    world.sweep_round()
    assert world.award("ana").status is AwardStatus.ACCEPTED  # type: ignore[union-attr]
    settle(world, "ana", 100, order="stripe-pi_slow", event="evt_slow_2")
    assert world.seats_of("ana") == 5


def test_a_class_without_a_seat_keeps_the_award_and_tells_staff() -> None:
    catalogue = round_catalogue()
    small = tuple(
        s.model_copy(update={"capacity": 1}) if s.id == "tfc-3-biomedical" else s
        for s in catalogue.sessions
    )
    world = Scholarships(catalogue=catalogue.model_copy(update={"sessions": small}))
    world.apply("ana")
    world.pay(world.catalogue, "tfc-3-biomedical-general", "ben@people.example")
    world.begin_review()
    world.both_vote("ana", "full")
    world.close_round()
    page = world.act("ana", "accept")
    assert page.state == "offered"
    assert "no seat left" in page.problem
    assert (world.seats_of("ana"), world.fund()) == (0, 8 * PRICE)
    assert len(world.letters(LetterKind.STAFF_SCHOLARSHIP_FULL)) == 1
