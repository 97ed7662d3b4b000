"""Somebody gives a class back from their page: they see it first, and the money goes once."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.awards import Award, AwardStatus
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.links import sign
from shared.domain.money import Money
from shared.domain.registrations import Registration
from shared.usecases.ask_refund import CHANGED, NOTHING_CHOSEN, ask_refund, open_refund
from shared.usecases.move_money import Moved
from shared.usecases.open_pages import NotFound
from shared.usecases.rule_on_payment import CannotBeRuled
from shared.usecases.rule_on_refund import refunds_for_staff
from tests.awards import full, played
from tests.money import ANA, ORDER, classes, dispute, dollars, held, refund, said
from tests.refunding import PAYMENT, Refunding
from tests.world import KEY, who

R1, R2 = f"{ORDER}-r1", f"{ORDER}-r2"
LATE = datetime(2025, 7, 30, tzinfo=UTC)  # within seven days of the third class


@pytest.fixture
def world() -> Refunding:
    world = Refunding()
    world.ana_buys()
    return world


def kinds(world: Refunding) -> list[str]:
    """Every letter to Ana that is owed, but for her confirmation."""
    found = [
        letter.letter.value
        for kind in LetterKind
        for letter in world.letters(kind)
        if letter.learner == who(ANA) and not kind.to_staff and kind is not LetterKind.CONFIRMATION
    ]
    return sorted(found)


# --- the plain way ---------------------------------------------------------------------------


def test_a_class_in_time_goes_back_by_itself_and_its_place_ends_when_the_provider_says_so(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    view = world.ask(third)

    assert view.step == "asked"
    assert held(world) == ["active"] * 5
    assert world.move() == [Moved.SENT]
    assert held(world) == ["active"] * 5
    assert world.states() == ["sent"]

    world.stripe_says(R1)
    assert held(world) == ["active", "active", "ended", "active", "active"]
    assert world.states() == ["done"]
    assert world.stripe.gone(PAYMENT) == 5940
    assert kinds(world) == ["refund_requested", "refunded"]


def test_a_class_that_went_back_has_no_link_no_recording_and_no_certificate_to_come(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    world.ask(third)
    world.move()
    world.stripe_says(R1)
    registration = world.records.get(Registration.key_of(third, who(ANA)), Registration)
    rights = entitlements(world.catalogue, third, registration, world.now)
    for right in (rights.seat, rights.joining_link, rights.recording, rights.credit):
        assert not right.granted


def test_what_is_asked_for_together_moves_as_one(world: Refunding) -> None:
    second, third = classes(world)[1:3]
    world.ask(third, second)
    world.move()
    world.stripe_says(R1)
    assert held(world) == ["active", "ended", "ended", "active", "active"]
    assert world.stripe.gone(PAYMENT) == 2 * 5940


def test_a_class_is_given_back_and_later_another(world: Refunding) -> None:
    second, third = classes(world)[1:3]
    for number, session in enumerate((second, third), 1):
        world.ask(session)
        world.move()
        world.stripe_says(f"{ORDER}-r{number}")
    assert held(world) == ["active", "ended", "ended", "active", "active"]
    assert world.states() == ["done", "done"]


def test_all_classes_given_back_one_by_one_bring_back_exactly_what_was_paid() -> None:
    world = Refunding()
    fact = world.catalogue.offer("all-five-general")
    odd = Money(minor=fact.amount + 3, currency="USD")
    prices = tuple(
        one.model_copy(update={"amount": odd.minor}) if one.id == fact.id else one
        for one in world.catalogue.prices
    )
    world.catalogue = world.catalogue.model_copy(update={"prices": prices})
    world.publish(world.catalogue)
    world.ana_buys("all-five-general")
    for number, session in enumerate(reversed(classes(world)), 1):
        world.ask(session)
        world.move()
        world.stripe_says(f"{ORDER}-r{number}")
    assert held(world) == ["ended"] * 5
    assert world.stripe.gone(PAYMENT) == odd.minor
    assert world.order().status == "refunded"


# --- nobody gets other than they saw ---------------------------------------------------------


def test_who_saw_another_amount_is_shown_the_new_one_and_nothing_is_asked(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    seen = world.quote(third).seal
    world.now = LATE
    view = world.ask(third, seal=seen)
    assert view.problem == CHANGED
    assert view.step == "confirm"
    assert world.requests() == []


def test_a_second_click_and_a_second_tab_ask_for_nothing_more(world: Refunding) -> None:
    third = classes(world)[2]
    seen = world.quote(third).seal
    for _ in range(3):
        assert world.ask(third, seal=seen).step == "asked"
    assert world.states() == ["asked"]
    world.move()
    world.ask(third, seal=seen)
    world.stripe_says(R1)
    assert world.ask(third, seal=seen).step == "asked"
    world.move()
    assert world.stripe.gone(PAYMENT) == 5940
    assert len(world.letters(LetterKind.REFUND_REQUESTED)) == 1


def test_a_class_that_is_asked_for_cannot_be_asked_for_together_with_others(
    world: Refunding,
) -> None:
    second, third = classes(world)[1:3]
    world.ask(third)
    assert world.ask(second, third).problem == CHANGED
    assert world.states() == ["asked"]


def test_nothing_chosen_is_asked_about_kindly(world: Refunding) -> None:
    assert world.ask(seal="-").problem == NOTHING_CHOSEN
    assert world.ask("no-such-class", seal="-").problem == NOTHING_CHOSEN
    assert world.requests() == []


def test_only_its_holder_sees_an_order(world: Refunding) -> None:
    world.pay(world.catalogue, "all-five-general", "bo@people.example")
    how = {"keys": [KEY], "records": world.records, "now": world.now}
    for token, order in (
        (sign("me", who("bo@people.example"), KEY), ORDER),
        (sign("certificate", who(ANA), KEY), ORDER),
        (sign("me", who(ANA), KEY), "stripe-pi_none"),
        ("made-up.token", ORDER),
    ):
        assert isinstance(open_refund(token, order, **how), NotFound)  # type: ignore[arg-type]
        asked = ask_refund(token, order, [classes(world)[2]], "-", **how)  # type: ignore[arg-type]
        assert isinstance(asked, NotFound)
    assert world.requests() == []


# --- the provider does not do as asked -------------------------------------------------------


def test_a_provider_that_is_silent_is_asked_again_by_the_sweep(world: Refunding) -> None:
    world.stripe.answers.append("silent")
    world.ask(classes(world)[2])
    assert world.move() == [Moved.LATER]
    assert world.move() == []
    assert world.sweep().refunds == 0
    world.wait(minutes=20)
    assert world.sweep().refunds == 1
    assert world.move() == [Moved.SENT]
    assert world.stripe.gone(PAYMENT) == 5940


def test_a_lost_answer_moves_the_money_once(world: Refunding) -> None:
    world.stripe.answers.append("lost")
    world.ask(classes(world)[2])
    assert world.move() == [Moved.LATER]
    world.wait(minutes=20)
    world.sweep()
    assert world.move() == [Moved.SENT]
    assert world.stripe.gone(PAYMENT) == 5940
    world.stripe_says(R1)
    assert world.states() == ["done"]


def test_what_the_provider_says_before_it_answers_counts(world: Refunding) -> None:
    world.stripe.answers.append("lost")
    world.ask(classes(world)[2])
    world.move()
    world.stripe_says(R1)
    assert world.states() == ["done"]
    world.wait(hours=1)
    world.sweep()
    assert world.move() == []
    assert world.stripe.gone(PAYMENT) == 5940


def test_a_request_that_nobody_took_up_is_put_back_in_line(world: Refunding) -> None:
    world.ask(classes(world)[2])
    world.wait(minutes=5)
    assert world.sweep().refunds == 0
    world.wait(minutes=10)
    assert world.sweep().refunds == 1


def test_staff_hear_of_money_that_does_not_get_on_its_way(world: Refunding) -> None:
    world.stripe.answers += ["silent"] * 3
    world.ask(classes(world)[2])
    for _ in range(3):
        world.move()
        world.wait(days=1, minutes=20)
        world.sweep()
    (letter,) = world.letters(LetterKind.STAFF_REFUND_CASE)
    assert "could not be asked" in letter.lines[0]
    assert world.move() == [Moved.SENT]


def test_without_a_key_staff_get_the_exact_amount_and_their_refund_settles_it(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    world.stripe.has_key = False
    world.ask(third)
    assert world.move() == [Moved.FOR_STAFF]
    (letter,) = world.letters(LetterKind.STAFF_REFUND_CASE)
    assert "$59.40" in [fact.value for fact in letter.facts]
    assert "no key" in letter.lines[0]
    world.deliver(refund(world, 59.40))  # by hand, without a word
    assert held(world) == ["active", "active", "ended", "active", "active"]
    assert world.states() == ["done"]
    assert refunds_for_staff(records=world.records, now=world.now) == []


def test_another_provider_than_those_that_can_be_asked_is_for_staff() -> None:
    world = Refunding()
    world.pay(
        world.catalogue, "all-five-general", ANA, provider="paypal", order="paypal-1", live=False
    )
    world.ask(classes(world)[2], order="paypal-1")
    assert world.move() == [Moved.FOR_STAFF]
    assert "Paypal" in world.letters(LetterKind.STAFF_REFUND_CASE)[0].lines[0]


def test_a_refund_that_fails_afterwards_restores_the_place_and_the_person_is_told(
    world: Refunding,
) -> None:
    world.ask(classes(world)[2])
    world.move()
    world.stripe_says(R1)
    world.stripe_says(R1, "failed")
    assert held(world) == ["active"] * 5
    assert world.states() == ["failed"]
    assert "refund_failed" in kinds(world)
    assert len(world.letters(LetterKind.STAFF_REFUND_CASE)) == 1
    assert world.quote().quote.lines[2].way == "staff"
    world.post()
    letters = {letter.letter: letter.status for letter in world.records.everything(Letter)}
    assert letters[LetterKind.REFUND_FAILED] is LetterStatus.SENT


def test_a_refund_that_failed_is_made_again_under_another_name_when_staff_say_so(
    world: Refunding,
) -> None:
    world.ask(classes(world)[2])
    world.move()
    world.stripe_says(R1)
    world.stripe_says(R1, "failed")
    assert world.accept(R1).request == R2
    assert world.move() == [Moved.SENT]
    world.stripe_says(R2)
    assert world.states() == ["withdrawn", "done"]
    assert held(world) == ["active", "active", "ended", "active", "active"]
    assert world.stripe.gone(PAYMENT) == 5940


# --- together with what else happens ---------------------------------------------------------


def test_a_dispute_that_opens_first_leaves_the_money_to_the_bank(world: Refunding) -> None:
    world.ask(classes(world)[2])
    world.deliver(dispute(world, "open"))
    assert world.move() == [Moved.FOR_STAFF]
    assert world.stripe.gone(PAYMENT) == 0
    assert world.quote().quote.lines[3].reason.code == "disputed"
    with pytest.raises(CannotBeRuled, match="held"):
        world.accept(R1)
    world.deliver(dispute(world, "lost"))
    assert world.states() == ["withdrawn"]
    assert refunds_for_staff(records=world.records, now=world.now) == []


def test_a_dispute_that_is_won_lets_staff_go_on(world: Refunding) -> None:
    world.ask(classes(world)[2])
    world.deliver(dispute(world, "open"))
    world.move()
    world.deliver(dispute(world, "won"))
    world.accept(R1)
    assert world.move() == [Moved.SENT]
    assert world.stripe.gone(PAYMENT) == 5940


def test_a_refund_by_hand_that_we_have_not_heard_of_is_not_made_a_second_time(
    world: Refunding,
) -> None:
    world.stripe.by_hand[PAYMENT] = 29700
    world.ask(classes(world)[2])
    assert world.move() == [Moved.LATER]
    world.deliver(said(world, "refunded", "evt_all", amount=dollars(297)))
    world.wait(hours=1)
    world.sweep()
    world.move()
    assert world.stripe.gone(PAYMENT) == 29700
    assert world.states() == ["done"]


def test_the_sum_alone_ends_the_class_that_was_asked_for(world: Refunding) -> None:
    third = classes(world)[2]
    world.ask(third)
    world.move()
    world.deliver(said(world, "refunded", "evt_sum", amount=dollars(59.40)))
    assert held(world) == ["active", "active", "ended", "active", "active"]
    assert world.letters(LetterKind.STAFF_REFUND_UNCLEAR) == []
    world.stripe_says(R1)
    assert held(world) == ["active", "active", "ended", "active", "active"]


def test_what_a_supporter_gave_to_the_fund_leaves_it_with_the_class(world: Refunding) -> None:
    world.sweep_round()
    before = world.fund()
    world.ask(classes(world)[2])
    world.move()
    world.stripe_says(R1)
    world.sweep_round()
    assert world.fund() == before - 1740


# --- late ------------------------------------------------------------------------------------


def test_a_late_request_is_a_case_for_staff_with_what_the_person_says(world: Refunding) -> None:
    world.now = LATE
    third = classes(world)[2]
    world.ask(third, note="I am ill.\u202e\r\nI am sorry.")
    assert world.move() == []
    (item,) = refunds_for_staff(records=world.records, now=world.now)
    assert item["request"] == R1
    assert item["amount"] == "$59.40"
    assert item["note"] == "I am ill.\nI am sorry."
    assert "could be given back until Sunday, July 27" in item["reasons"][0]
    assert "Accept it" in item["suggestion"]
    assert len(world.letters(LetterKind.STAFF_REFUND_CASE)) == 1
    assert "refund_requested" in kinds(world)


def test_one_request_of_classes_in_time_and_late_goes_both_ways(world: Refunding) -> None:
    world.now = LATE
    third, fourth = classes(world)[2:4]
    world.ask(third, fourth)
    assert sorted(world.states()) == ["asked", "staff"]
    assert len(world.letters(LetterKind.REFUND_REQUESTED)) == 1


def test_staff_accept_and_the_money_goes_the_same_way(world: Refunding) -> None:
    world.now = LATE
    world.ask(classes(world)[2])
    request = world.accept(R1)
    assert request.ruling is not None
    assert (request.ruling.by, request.ruling.why) == ("Noor", "They were ill.")
    assert world.move() == [Moved.SENT]
    world.stripe_says(R1)
    assert held(world) == ["active", "active", "ended", "active", "active"]


def test_staff_give_back_less_and_the_place_ends_all_the_same(world: Refunding) -> None:
    world.now = LATE
    world.ask(classes(world)[2])
    with pytest.raises(CannotBeRuled, match=r"\$59.40"):
        world.accept(R1, minor=5941)
    world.accept(R1, minor=3000)
    world.move()
    world.stripe_says(R1)
    assert held(world) == ["active", "active", "ended", "active", "active"]
    assert world.stripe.gone(PAYMENT) == 3000
    assert world.order().waiting is None


def test_staff_give_back_some_of_the_classes_and_the_rest_hears_why_not(world: Refunding) -> None:
    world.now = datetime(2025, 9, 20, tzinfo=UTC)
    third, fourth = classes(world)[2:4]
    world.ask(third, fourth)
    with pytest.raises(CannotBeRuled, match="no class of this request"):
        world.accept(R1, "misa-1")
    world.accept(R1, fourth)
    assert world.states() == ["asked", "declined"]
    world.move()
    world.stripe_says(R1)
    assert held(world) == ["active", "active", "active", "ended", "active"]
    assert "refund_declined" in kinds(world)


def test_staff_decline_with_a_reason_that_the_person_reads(world: Refunding) -> None:
    world.now = LATE
    world.ask(classes(world)[2])
    world.decline(R1)
    assert world.states() == ["declined"]
    assert held(world) == ["active"] * 5
    assert "refund_declined" in kinds(world)
    assert world.move() == []
    with pytest.raises(CannotBeRuled):
        world.accept(R1)
    world.ask(classes(world)[2])  # they may ask again, and say more
    assert world.states() == ["declined", "staff"]


def test_what_waits_for_no_decision_cannot_be_ruled_on(world: Refunding) -> None:
    world.ask(classes(world)[2])
    for request in (R1, R2, "nonsense"):
        with pytest.raises(CannotBeRuled):
            world.decline(request)


# --- places that cost nothing ----------------------------------------------------------------


def awarded() -> Refunding:
    """Cleo has taken a full award."""
    found = played({"cleo": full(3)})
    world = Refunding(
        now=found.now, records=found.records, applications=found.applications,
        catalogue=found.catalogue, mailer=found.mailer,
    )  # fmt: skip
    world.act("cleo", "accept")
    return world


def award_of(world: Refunding) -> Award:
    (award,) = world.records.everything(Award)
    return award


def test_a_seat_of_a_full_award_is_given_up_and_its_share_is_in_the_fund_again() -> None:
    world = awarded()
    award, before = award_of(world), world.fund()
    second = classes(world)[1]
    address = "cleo@people.example"
    view = world.quote(second, order=award.order or "", address=address)
    assert {line.way for line in view.lines} == {"give_up"}
    world.ask(second, order=award.order or "", address=address)
    assert world.states(award.order or "") == ["done"]
    assert world.seats(second)[who(address)] == "ended"
    assert world.move() == []
    world.sweep_round()
    assert world.fund() == before + 4200


def test_all_seats_of_a_full_award_given_up_return_all_of_its_money() -> None:
    world = awarded()
    award, before = award_of(world), world.fund()
    address = "cleo@people.example"
    world.ask(classes(world)[1], order=award.order or "", address=address)
    rest = [session for session in classes(world) if session != classes(world)[1]]
    world.ask(*rest, order=award.order or "", address=address)
    assert award_of(world).status is AwardStatus.DECLINED
    world.sweep_round()
    assert world.fund() == before + 21000
    world.wait(hours=1)
    world.sweep_round()
    assert world.fund() == before + 21000


def test_whoever_saved_an_old_page_can_ask_at_the_very_last_moment(world: Refunding) -> None:
    third = classes(world)[2]
    seen = world.quote(third).seal
    world.now = datetime(2025, 7, 27, 16, tzinfo=UTC)
    assert world.ask(third, seal=seen).step == "asked"
    world.now += timedelta(seconds=1)
    assert world.quote().quote.lines[2].reason.code == "under_way"
