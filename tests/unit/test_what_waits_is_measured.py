"""Whoever keeps watch is told how long the oldest letter, and the oldest question, has waited."""

from datetime import timedelta

from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.failures import Unanswered
from shared.usecases.measure_waiting import Waiting, measure_waiting
from tests.catalogues import classes_catalogue
from tests.world import World

CLASSES = classes_catalogue()
OFFER = f"{CLASSES.sessions[0].id}-general"


def test_where_nothing_waits_nothing_is_old(world: World) -> None:
    world.publish(CLASSES)

    assert measure_waiting(world.records, world.now) == Waiting(0, 0, 0)


def test_a_letter_that_was_never_sent_grows_old_and_one_that_was_sent_does_not(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, OFFER, "ana@example.org")
    world.wait(minutes=90)
    assert measure_waiting(world.records, world.now).oldest_owed_letter == 90

    world.post()
    assert measure_waiting(world.records, world.now) == Waiting(0, 0, 0)


def test_a_send_without_an_answer_is_counted_until_it_is_settled(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, OFFER, "ana@example.org")
    world.mailer.answers.append(Unanswered("lost"))
    world.post()

    measured = measure_waiting(world.records, world.now)
    assert (measured.unsettled_sends, measured.oldest_owed_letter) == (1, 0)


def test_a_payment_in_review_grows_old_from_the_hour_it_came(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, OFFER, "ana@example.org", amount=Money(minor=1, currency="USD"))
    world.now += timedelta(days=2)

    assert measure_waiting(world.records, world.now).oldest_for_staff == 2 * 24 * 60
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 1
