"""The institute cancels a class: everybody hears of it once and gets their share back, once."""

from datetime import datetime, timedelta

import pytest

from shared.domain.awards import FundEntry
from shared.domain.cancellations import Cancellation
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.registrations import Registration
from shared.domain.sessions import SessionPhase
from shared.usecases.cancel_class import cancel_page
from shared.usecases.move_money import Moved
from shared.usecases.rule_on_payment import CannotBeRuled
from tests.awards import full, played
from tests.catalogues import unit_catalogue
from tests.money import ANA, ORDER, bought, classes, dispute, held, order_of
from tests.refund_samples import cancelled
from tests.refunding import PAYMENT, Refunding
from tests.world import KEY, World, who

R1 = f"{ORDER}-r1"


@pytest.fixture
def world() -> Refunding:
    world = Refunding()
    world.ana_buys()
    return world


def report(world: Refunding) -> str:
    return world.uploads.objects[f"catalogue/{world.series}.yaml.report.txt"].decode()


def test_a_cancelled_class_goes_back_to_everybody_at_what_they_paid_for_it(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    world.pay(world.catalogue, f"{third}-general", "bo@people.example")
    world.pay(world.catalogue, f"{classes(world)[0]}-general", "cy@people.example")
    world.cancel(third)
    amounts = sorted(str(one.amount) for one in world.records.everything(type(world.requests()[0])))
    assert amounts == ["$59.40", "$60.00"]
    assert "2 people get back $119.40 in all" in report(world)
    assert len(world.letters(LetterKind.CLASS_CANCELLED)) == 2
    (letter,) = world.letters(LetterKind.STAFF_CLASS_CANCELLED)
    assert [fact.value for fact in letter.facts] == ["2", "$119.40", "0"]


def test_its_money_moves_once_and_the_place_ends_when_the_provider_says_so(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    world.cancel(third)
    world.see_to_cancelled()
    assert world.move() == [Moved.SENT]
    assert held(world) == ["active"] * 5
    world.stripe_says(R1)
    assert held(world) == ["active", "active", "ended", "active", "active"]
    assert world.stripe.gone(PAYMENT) == 5940


def test_people_get_one_letter_of_it_and_no_other_when_the_money_has_gone(
    world: Refunding,
) -> None:
    world.cancel(classes(world)[2])
    world.move()
    world.stripe_says(R1)
    world.post()
    sent = {
        (letter.letter, letter.status)
        for letter in world.records.everything(Letter)
        if letter.learner == who(ANA)
    }
    assert (LetterKind.CLASS_CANCELLED, LetterStatus.SENT) in sent
    assert (LetterKind.REFUNDED, LetterStatus.WITHDRAWN) in sent


def test_the_joining_link_is_gone_at_once(world: Refunding) -> None:
    third = classes(world)[2]
    world.cancel(third)
    registration = world.records.get(Registration.key_of(third, who(ANA)), Registration)
    right = entitlements(world.catalogue, third, registration, world.now).joining_link
    assert not right.granted
    assert "cancelled" in right.why


@pytest.mark.parametrize("page", [1, 2, 3, 50])
def test_however_small_the_pages_everybody_is_seen_to_once(world: Refunding, page: int) -> None:
    third = classes(world)[2]
    for number in range(6):
        world.pay(world.catalogue, f"{third}-general", f"p{number}@people.example")
    world.cancel(third, page=page)
    (done,) = world.records.everything(Cancellation)
    assert done.people == 7
    assert done.back == {"USD": 5940 + 6 * 6000}
    assert len(world.letters(LetterKind.CLASS_CANCELLED)) == 7


def test_a_page_that_is_done_twice_and_a_file_that_comes_twice_change_nothing(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    world.cancel(third)
    (done,) = world.records.everything(Cancellation)
    world.records._kept[done.key()] = done.model_copy(
        update={"done_at": None, "after": "", "waiting": "cancellation"}
    )
    world.see_to_cancelled()
    world.publish(world.catalogue, at=world.now + timedelta(hours=1))
    world.see_to_cancelled()
    assert world.states() == ["asked"]
    assert len(world.letters(LetterKind.CLASS_CANCELLED)) == 1


def test_a_cancellation_that_stopped_on_its_way_is_woken_by_the_sweep(world: Refunding) -> None:
    third = classes(world)[2]
    world.catalogue = cancelled(world.catalogue, third)
    world.now += timedelta(days=1)
    world.publish(world.catalogue)
    world.wait(minutes=20)
    assert world.sweep().cancellations == 1
    world.see_to_cancelled()
    assert world.sweep().cancellations == 0


def test_who_pays_after_the_class_was_cancelled_gets_its_share_back_too() -> None:
    world = Refunding()
    third = classes(world)[2]
    world.cancel(third)
    world.ana_buys()
    assert world.states() == ["asked"]
    assert len(world.letters(LetterKind.CLASS_CANCELLED)) == 1
    world.move()
    world.stripe_says(R1)
    assert held(world) == ["active", "active", "ended", "active", "active"]


def test_what_was_asked_back_in_time_is_not_paid_back_twice(world: Refunding) -> None:
    third = classes(world)[2]
    world.ask(third)
    world.cancel(third)
    world.move()
    world.stripe_says(R1)
    assert world.states() == ["done"]
    assert world.stripe.gone(PAYMENT) == 5940
    assert len(world.letters(LetterKind.CLASS_CANCELLED)) == 1


def test_a_late_request_for_a_class_that_is_then_cancelled_needs_no_staff_any_more(
    world: Refunding,
) -> None:
    second, third = classes(world)[1:3]
    world.now = world.catalogue.session(third).starts_at - timedelta(days=3)
    world.ask(second, third)
    world.cancel(third)
    assert world.states() == ["staff", "asked"]
    assert [one.sessions for one in world.requests()] == [(second,), (third,)]
    world.move()
    world.stripe_says(f"{ORDER}-r2")
    world.accept(R1)
    world.move()
    world.stripe_says(R1)
    assert world.stripe.gone(PAYMENT) == 2 * 5940
    assert world.states() == ["done", "done"]


def test_a_class_whose_payment_is_disputed_is_for_staff_and_cannot_be_declined(
    world: Refunding,
) -> None:
    world.deliver(dispute(world, "open"))
    world.cancel(classes(world)[2])
    assert world.states() == ["staff"]
    with pytest.raises(CannotBeRuled, match="cancelled"):
        world.decline(R1)
    (letter,) = world.letters(LetterKind.STAFF_CLASS_CANCELLED)
    assert letter.facts[-1].value == "1"


def test_a_place_from_an_award_ends_at_once_and_its_share_is_in_the_fund_again() -> None:
    found = played({"cleo": full(3)})
    world = Refunding(
        now=found.now, records=found.records, applications=found.applications,
        catalogue=found.catalogue, mailer=found.mailer, uploads=found.uploads,
    )  # fmt: skip
    world.act("cleo", "accept")
    before = world.fund()
    third = classes(world)[2]
    world.cancel(third)
    assert world.seats(third)[who("cleo@people.example")] == "ended"
    world.sweep_round()
    assert world.fund() == before + 4200
    returned = [e for e in world.records.everything(FundEntry) if e.about.startswith("returned")]
    assert [entry.by for entry in returned] == [4200]


def test_nothing_is_closed_or_told_by_the_clock_of_a_class_that_is_cancelled(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    assert third in world.schedules.alarms
    world.cancel(third)
    assert third not in world.schedules.alarms
    assert world.state(third).phase is SessionPhase.CANCELLED
    world.now = world.catalogue.session(third).ends_at + timedelta(hours=1)
    assert world.close(third) == "There is no such session."
    world.sweep()
    assert not any(name.startswith(f"close-{third}") for name in world.close_machine.started)


def test_a_cancelled_class_cannot_come_back_under_its_name_and_a_held_one_not_be_cancelled(
    world: Refunding,
) -> None:
    first, _, third = classes(world)[:3]
    before = world.catalogue
    world.cancel(third)
    world.wait(hours=1)
    refused = world.publish(before)
    assert refused.outcome == "refused"
    assert "was cancelled" in refused.questions[0].text
    session = world.catalogue.session(first)
    world.now = session.ends_at + timedelta(hours=1)
    world.report(first, [(ANA, session.starts_at, session.ends_at)])
    world.close(first)
    refused = world.publish(cancelled(world.catalogue, first))
    assert "has taken place" in refused.questions[0].text


def test_a_session_with_people_that_is_taken_out_is_asked_about(world: Refunding) -> None:
    sessions = world.catalogue.sessions[:-1]
    fifth = world.catalogue.sessions[-1].id
    prices = tuple(one for one in world.catalogue.prices if fifth not in one.sessions)
    scholarship = world.catalogue.policies.model_copy(update={"scholarship": None})
    smaller = world.catalogue.model_copy(
        update={"sessions": sessions, "prices": prices, "policies": scholarship}
    )
    world.wait(hours=1)
    refused = world.publish(smaller)
    assert any("with 'cancelled:' and the reason" in one.text for one in refused.questions)


def test_a_cancelled_part_does_not_stand_between_anybody_and_the_certificate_of_the_unit() -> None:
    unit = unit_catalogue()
    world = World(now=datetime.fromisoformat("2025-10-01T00:00:00+00:00"))
    world.publish(unit)
    world.pay(unit, "unit-standard", ANA)
    world.wait(hours=1)
    second = unit.sessions[1].id
    unit = cancelled(unit, second)
    world.publish(unit)
    cancel_page(second, records=world.records, identity_key=KEY, now=world.now)
    for session in unit.held_sessions:
        world.now = session.ends_at + timedelta(hours=1)
        world.report(session.id, [(ANA, session.starts_at, session.ends_at)])
        world.close(session.id)
    (certificate,) = world.certificates()
    assert certificate.scope == unit.series.id


def test_when_the_last_part_is_cancelled_the_unit_is_decided_for_everybody() -> None:
    unit = unit_catalogue()
    world = World(now=datetime.fromisoformat("2025-10-01T00:00:00+00:00"))
    world.publish(unit)
    world.pay(unit, "unit-standard", ANA)
    for session in unit.sessions[:-1]:
        world.now = session.ends_at + timedelta(hours=1)
        world.report(session.id, [(ANA, session.starts_at, session.ends_at)])
        world.close(session.id)
    assert world.certificates() == []
    last = unit.sessions[-1].id
    world.publish(cancelled(unit, last))
    cancel_page(last, records=world.records, identity_key=KEY, now=world.now)
    (wanted,) = world.records.everything(DecisionWanted)
    assert (wanted.session, wanted.learner) == (unit.sessions[-2].id, who(ANA))


def test_another_person_paying_twice_for_it_is_told_once_and_gets_both_shares(
    world: Refunding,
) -> None:
    third = classes(world)[2]
    again = bought(world, f"{third}-general")
    world.deliver(again.model_copy(update={"order": "stripe-pi_again", "event": "evt_again"}))
    world.cancel(third)
    assert world.states() == ["asked"]
    assert world.states("stripe-pi_again") == ["asked"]
    assert len(world.letters(LetterKind.CLASS_CANCELLED)) == 1
    assert order_of(world).asked_back.keys() == {R1}
