"""A round is played: awards go down the list as far as the money reaches, and back when let go."""

import threading
from itertools import permutations
from typing import Any

import pytest

from shared.domain.awards import Award, AwardStatus, Fund
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter, LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.registrations import Learner, Registration
from shared.domain.rounds import RoundPhase
from shared.failures import Conflict
from shared.usecases.offer_awards import offer_down_the_list
from shared.usecases.record_payment import Outcome
from shared.usecases.run_round import check_round, close_now, start_round
from tests.scholarships import PRICE, Scholarships, round_catalogue, who_is
from tests.world import paid


def dollars(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")


def played(people: dict[str, tuple[str, dict[str, str]]], **policy: object) -> Scholarships:
    """A round to its close: people by name, with what two reviewers said of them."""
    world = Scholarships(catalogue=round_catalogue(**policy))
    for person in people:
        world.apply(person)
    world.begin_review()
    for person, (outcome, fields) in people.items():
        world.both_vote(person, outcome, **fields)
    world.close_round()
    return world


def full(strength: int) -> tuple[str, dict[str, str]]:
    return "full", {"strength": str(strength)}


def partial(award: int, strength: int = 2) -> tuple[str, dict[str, str]]:
    return "partial", {"award": str(award), "strength": str(strength)}


def settle(world: Scholarships, fact_of: str, amount: int, **changes: object) -> Outcome:
    """Somebody pays so much through the link of the bundle."""
    return world.pay(
        world.catalogue, "all-five-general", f"{fact_of}@people.example",
        amount=dollars(amount), **changes,
    )  # fmt: skip


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


def test_money_goes_down_one_list_and_nobody_is_passed_over() -> None:
    world = played({"ana": full(3), "ben": full(2), "cy": partial(50, 1)}, fund=PRICE + 10000)
    states = [world.page(person).state for person in ("ana", "ben", "cy")]
    assert states == ["offered", "waiting", "waiting"]
    assert world.fund() == 10000
    world.wait(minutes=1)
    world.change(fund=2 * PRICE + 10000)
    assert world.sweep_round().offered == 2
    assert [world.page(person).state for person in ("ben", "cy")] == ["offered", "offered"]
    assert world.fund() == 5000
    assert world.told("ben") == [
        "scholarship_received", "scholarship_waiting", "scholarship_offered",
    ]  # fmt: skip


def test_what_is_declined_or_lapses_is_offered_to_the_next() -> None:
    people = {"ana": full(3), "ben": full(2), "cy": full(1), "dee": ("waitlist", {})}
    world = played(people, fund=2 * PRICE)
    assert world.page("cy").state == "waiting"
    world.act("ana", "decline")
    assert world.page("ana").state == "turned_down"
    assert world.page("cy").state == "offered"
    world.wait(days=3)
    assert world.page("ben").state == "lapsed"
    world.sweep_round()
    assert world.award("ben").status is AwardStatus.LAPSED  # type: ignore[union-attr]
    assert world.told("ben")[-1] == "scholarship_lapsed"
    assert world.page("dee").state == "offered"
    world.sweep_round()
    assert world.fund() == PRICE


def test_who_gets_what_does_not_depend_on_the_order_of_events() -> None:
    """Three acts in every order; the money that comes back finds the same people."""
    people = {
        "ana": full(3), "ben": partial(60, 3), "cy": full(2), "dee": partial(100, 1),
        "eva": ("waitlist", {}),
    }  # fmt: skip
    outcomes = set()
    for order in permutations(("ana declines", "ben declines", "more money")):
        world = played(people, fund=PRICE + 6000)
        for act in order:
            match act:
                case "more money":
                    world.change(fund=PRICE + 6000 + 5000)
                    world.sweep_round()
                case _:
                    world.act(act.split()[0], "decline")
        world.sweep_round()
        states = tuple(world.page(person).state for person in people)
        outcomes.add((states, world.fund()))
    assert len(outcomes) == 1, outcomes


def test_two_awards_that_race_never_spend_the_same_money() -> None:
    world = played({"ana": full(3), "ben": full(3)}, fund=0)
    world.change(fund=PRICE)
    barrier = threading.Barrier(2)

    def race() -> None:
        barrier.wait()
        offer_down_the_list(world.series, **world.both, now=world.now)

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.records.everything(Award)) == 1
    assert world.fund() == 0


def test_the_fund_cannot_be_spent_twice_at_the_version_it_was_read() -> None:
    """The negative control of the race: what would happen without the condition."""
    world = played({"ana": full(3)}, fund=2 * PRICE)
    fund = world.records.get(Fund.key_of(world.series), Fund)
    assert fund is not None
    world.records.commit(fund.moved(-100, world.now))
    with pytest.raises(Conflict):
        world.records.commit(fund.moved(-100, world.now))
    with pytest.raises(ValueError, match="reach"):
        fund.moved(-fund.balance - 1, world.now)


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


def test_a_payment_after_the_award_lapsed_is_honoured_while_the_fund_reaches() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    world.wait(days=4)
    world.sweep_round()
    assert world.page("ana").state == "lapsed"
    assert settle(world, "ana", 100) is Outcome.RECORDED
    assert world.seats_of("ana") == 5
    assert world.fund() == 9 * PRICE - 11000


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


def test_a_refund_of_the_rest_ends_the_seats_and_returns_the_award() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    settle(world, "ana", 100, order="stripe-pi_back", event="evt_1")
    settle(world, "ana", 100, order="stripe-pi_back", event="evt_2", says="refunded")
    assert world.seats_of("ana") == 0
    assert world.page("ana").state == "turned_down"
    assert world.fund() == 9 * PRICE


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


def test_no_award_is_offered_once_the_series_has_begun() -> None:
    world = played({"ana": full(2)}, fund=0)
    world.wait(days=30)
    world.change(fund=PRICE)
    assert world.sweep_round().offered == 0
    assert world.fund() == PRICE


def test_the_fund_is_what_the_file_says_in_all_however_often_it_is_published() -> None:
    world = played({"ana": full(2)}, fund=PRICE)
    for fund in (PRICE, 3 * PRICE, 3 * PRICE, 2 * PRICE):
        world.change(fund=fund)
    assert world.fund() == PRICE
    before = world.fund()
    world.change(fund=100)  # less than has been awarded: asked about, and nothing is changed
    assert world.fund() == before


def test_an_application_without_its_votes_waits_and_is_not_declined() -> None:
    world = Scholarships()
    for person in ("ana", "ben", "cy"):
        world.apply(person)
    world.begin_review()
    world.both_vote("ana", "full")
    world.vote("one@idha.example", "ben", "decline")
    world.wait(days=5)
    world.close_round()
    assert world.application("ben").outcome == "waitlist"
    (letter,) = world.letters(LetterKind.STAFF_SCHOLARSHIP_ROUND)
    assert world.reference("ben") in letter.lines[0]
    assert world.reference("cy") in letter.lines[0]


def test_staff_may_close_after_the_deadline_and_not_before() -> None:
    world = Scholarships()
    world.apply("ana")
    how: dict[str, Any] = {"records": world.records, "resume": world.round_machine.resume,
           "workflows": world.round_machine}  # fmt: skip
    assert not close_now(world.series, **how, now=world.now)
    token = world.begin_review()
    assert close_now(world.series, **how, now=world.now)
    assert world.round_machine.resumed == [(token, {"series": world.series})]


def test_a_moved_deadline_starts_the_review_then_and_not_before() -> None:
    world = Scholarships()
    first = world.round().closes_at
    world.change(deadline="2025-06-15 23:59")
    second = world.round().closes_at
    assert world.schedules.rounds == {world.series: second}
    assert not start_round(world.series, second, workflows=world.round_machine, now=first)
    assert not check_round(world.series, first, records=world.records, now=second)["due"]
    assert check_round(world.series, second, records=world.records, now=second)["due"]


def test_a_clock_that_never_rang_is_made_good_by_the_sweep() -> None:
    world = Scholarships()
    world.apply("ana")
    world.to_the_deadline()
    world.wait(hours=1)
    assert world.sweep_round().rounds == 1
    assert list(world.round_machine.started) == ["round-tending-2025-20250614T0400Z"]


def test_the_letters_of_a_round_go_to_whom_they_are_for_and_say_nothing_of_others() -> None:
    world = played({"ana": full(3), "ben": ("decline", {})})
    world.post()
    world.post_round()
    for envelope, letter in world.mailer.sent:
        for person in ("ana", "ben"):
            if envelope.to != (f"{person}@people.example",):
                assert person not in letter.text.lower()
    assert world.told("ben")[-1] == "scholarship_not_awarded"


def test_a_decision_whose_letter_went_unanswered_is_not_sent_again_by_itself() -> None:
    world = played({"ana": full(3)})
    offered = next(
        one for one in world.applications.everything(Letter) if one.letter == "scholarship_offered"
    )
    assert not offered.may_be_sent_again


def test_an_award_that_was_cut_off_before_its_letter_is_told_by_the_sweep() -> None:
    world = played({"ana": full(3)}, fund=0)
    world.change(fund=PRICE)
    # Cut off between the two tables: the award stands, its letter is not owed.
    whole = world.applications.commit
    world.applications.commit = lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        offer_down_the_list(world.series, **world.both, now=world.now)
    world.applications.commit = whole  # type: ignore[method-assign]
    assert world.told("ana")[-1] == "scholarship_waiting"
    world.wait(hours=1)
    world.sweep_round()
    assert world.told("ana")[-1] == "scholarship_offered"


def test_who_sent_while_voting_was_being_closed_hears_by_the_sweep() -> None:
    world = played({"ana": full(3)})
    world.records.commit(world.round().model_copy(update={"phase": RoundPhase.VOTING}))
    world.apply("ben")
    world.records.commit(world.round().model_copy(update={"phase": RoundPhase.CLOSED}))
    world.wait(days=5)
    world.sweep_round()
    assert world.page("ben").state == "offered"
