"""A letter that comes back is kept, and sent again when the address is right."""

import itertools
import random

import pytest

from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.links import sign
from shared.domain.mailboxes import AddressChange, Feedback, Mailbox, Said
from shared.domain.registrations import Learner
from shared.failures import Unanswered
from shared.usecases.correct_address import (
    NoAddress,
    NoSuchPerson,
    ask_for_change,
    confirm_change,
    correct_address,
    stop_announcements,
)
from shared.usecases.take_feedback import Taken, take_feedback
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
ANA, NEW = "ana@example.org", "ana@elsewhere.example"


@pytest.fixture
def bought(world: World) -> World:
    """Ana has bought the first class, and her confirmation was sent."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.post()
    return world


def _confirmation(world: World) -> Letter:
    (letter,) = world.letters(LetterKind.CONFIRMATION)
    return letter


def _said(world: World, said: Said, letter: Letter | None = None, **more: object) -> Feedback:
    of = letter or _confirmation(world)
    told = {
        "said": said,
        "letter_id": f"{of.letter}#{of.about}",
        "message_id": of.message_id or "unknown-id",
        "at": world.now,
        "addresses": (ANA,),
    }
    return Feedback.model_validate(told | more)


def _take(world: World, feedback: Feedback) -> Taken:
    return take_feedback(feedback, records=world.records, key=KEY, now=world.now)


def _bounce(world: World) -> None:
    assert _take(world, _said(world, Said.BOUNCED, for_good=True)) is Taken.TAKEN


def _correct(world: World, address: str = NEW) -> int:
    return correct_address(
        who(ANA), address, by="Lea", records=world.records, key=KEY, now=world.now
    )


def _mailbox(world: World) -> Mailbox | None:
    return world.records.get(Mailbox.key_of(who(ANA)), Mailbox)


def _sent_to(world: World, address: str) -> list[str]:
    return [envelope.letter_id for envelope, _ in world.mailer.sent if address in envelope.to]


def test_an_address_that_does_not_exist_is_marked_and_staff_hear_of_it_once(bought: World) -> None:
    _bounce(bought)

    assert _confirmation(bought).status is LetterStatus.RETURNED
    mailbox = _mailbox(bought)
    assert mailbox is not None and mailbox.waiting == "mailbox"
    assert _take(bought, _said(bought, Said.BOUNCED, for_good=True)) is Taken.NOTHING_NEW
    assert len(bought.letters(LetterKind.STAFF_ADDRESS)) == 1
    assert bought.letters(LetterKind.STAFF_LETTER) == []


def test_nothing_more_is_sent_to_an_address_that_bounces(bought: World) -> None:
    _bounce(bought)
    before = _sent_to(bought, ANA)
    bought.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA)
    bought.post()

    assert _sent_to(bought, ANA) == before
    assert {one.status for one in bought.letters(LetterKind.CONFIRMATION)} == {
        LetterStatus.RETURNED
    }


def test_a_corrected_address_gets_exactly_what_was_missed(bought: World) -> None:
    _bounce(bought)
    bought.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA)
    bought.post()

    assert _correct(bought) == 2
    bought.post()

    assert sorted(_sent_to(bought, NEW)) == sorted(
        f"confirmation#{one.about}" for one in bought.letters(LetterKind.CONFIRMATION)
    )
    assert _correct(bought) == 0


def test_a_letter_that_is_no_longer_true_is_not_sent_after_the_correction(bought: World) -> None:
    _bounce(bought)
    order = _confirmation(bought).order
    bought.pay(CLASSES, f"{CLASS_1.id}-general", ANA, event="evt_r", order=order, says="refunded")
    bought.post()
    _correct(bought)
    bought.post()

    kinds = {letter_id.partition("#")[0] for letter_id in _sent_to(bought, NEW)}
    assert kinds == {"refunded"}


def test_a_late_word_about_the_old_address_does_not_touch_the_new_one(bought: World) -> None:
    late = _said(bought, Said.BOUNCED, for_good=True)
    _correct(bought)

    _take(bought, late)

    mailbox = _mailbox(bought)
    assert mailbox is not None and mailbox.bounced_at is None


def test_a_bounce_of_the_first_sending_does_not_undo_the_second(bought: World) -> None:
    first = _said(bought, Said.BOUNCED, for_good=True)
    _take(bought, first)
    _correct(bought)
    bought.post()

    assert _take(bought, first) is Taken.NOTHING_NEW
    assert _confirmation(bought).status is LetterStatus.SENT


def test_a_later_payment_from_the_old_address_keeps_the_corrected_one(bought: World) -> None:
    _correct(bought)
    bought.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA)

    person = bought.records.get(Learner.key_of(who(ANA)), Learner)
    assert person is not None and person.address == NEW


def test_a_full_mailbox_is_told_to_staff_and_closes_nothing(bought: World) -> None:
    _take(bought, _said(bought, Said.BOUNCED, for_good=False))

    assert _confirmation(bought).status is LetterStatus.RETURNED
    assert _mailbox(bought) is None
    assert len(bought.letters(LetterKind.STAFF_LETTER)) == 1


def test_an_unanswered_letter_is_settled_by_the_word_that_it_was_sent(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.mailer.answers.append(Unanswered("The answer was lost."))
    world.post()
    assert _confirmation(world).status is LetterStatus.UNKNOWN

    _take(world, _said(world, Said.SENT, message_id="m-1"))

    assert _confirmation(world).status is LetterStatus.SENT
    world.wait(hours=1)
    world.sweep()
    world.post()
    assert len(_sent_to(world, ANA)) <= 1


def test_when_it_arrived_is_remembered(bought: World) -> None:
    _take(bought, _said(bought, Said.DELIVERED))

    assert _confirmation(bought).delivered_at == bought.now


def test_a_complaint_stops_reminders_and_nothing_else(bought: World) -> None:
    _take(bought, _said(bought, Said.COMPLAINED))
    bought.now = CLASS_1.starts_at.replace(day=CLASS_1.starts_at.day - 1)
    bought.tell()
    bought.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA)
    bought.post()

    assert {one.status for one in bought.letters(LetterKind.REMINDER)} == {LetterStatus.WITHDRAWN}
    assert {one.status for one in bought.letters(LetterKind.CONFIRMATION)} == {LetterStatus.SENT}


def test_whoever_stops_reminders_gets_none_and_everything_else(bought: World) -> None:
    token = sign("unsubscribe", who(ANA), KEY)
    for _ in range(2):
        assert stop_announcements(
            token, keys=[KEY], records=bought.records, key=KEY, now=bought.now
        )
    bought.now = CLASS_1.starts_at.replace(day=CLASS_1.starts_at.day - 1)
    bought.tell()
    bought.post()

    assert {one.status for one in bought.letters(LetterKind.REMINDER)} == {LetterStatus.WITHDRAWN}


@pytest.mark.parametrize("token", ["", "made-up.token", sign("me", who(ANA), KEY)])
def test_no_other_token_stops_anything(bought: World, token: str) -> None:
    assert not stop_announcements(
        token, keys=[KEY], records=bought.records, key=KEY, now=bought.now
    )


def test_what_is_said_in_any_order_and_twice_ends_the_same(bought: World) -> None:
    letter = _confirmation(bought)
    said = [
        _said(bought, Said.SENT, letter),
        _said(bought, Said.DELIVERED, letter),
        _said(bought, Said.BOUNCED, letter, for_good=True),
        _said(bought, Said.COMPLAINED, letter),
    ]
    before = dict(bought.records._kept)
    ends = set()
    for order in itertools.permutations(said):
        bought.records._kept = dict(before)
        twice = [*order, *random.Random(7).sample(said, 4)]
        for feedback in twice:
            _take(bought, feedback)
        mailbox = _mailbox(bought)
        now = _confirmation(bought)
        ends.add((now.status, now.delivered_at, mailbox and mailbox.bounced_at))
    assert len(ends) == 1


def test_a_word_about_a_letter_of_nobody_changes_nothing(bought: World) -> None:
    for letter_id in ("", "no-such-kind#x", "confirmation#nothing"):
        assert _take(bought, _said(bought, Said.SENT, letter_id=letter_id)) is Taken.NOT_OURS


def _ask(world: World, reference: str, address: str = NEW) -> bool:
    return ask_for_change(
        reference,
        address,
        "192.0.2.1",
        records=world.records,
        key=KEY,
        change_id=lambda: f"c{len(world.records.everything(AddressChange))}",
        now=world.now,
    )


def test_with_the_reference_of_the_payment_a_person_corrects_the_address_themselves(
    bought: World,
) -> None:
    _bounce(bought)
    reference = (_confirmation(bought).order or "").removeprefix("stripe-")

    assert _ask(bought, f" {reference} ")
    bought.post()
    (asked,) = [letter for envelope, letter in bought.mailer.sent if envelope.to == (NEW,)]
    assert "/address/" in asked.text
    assert "/me/" not in asked.text  # nobody's page goes to an address that may not be theirs

    (change,) = bought.records.everything(AddressChange)
    token = sign("address", f"{who(ANA)}/{change.change}", KEY)
    for _ in range(2):
        assert confirm_change(token, keys=[KEY], records=bought.records, now=bought.now)
    bought.post()

    assert [one for one in _sent_to(bought, NEW) if one.startswith("confirmation#")] == [
        f"confirmation#{_confirmation(bought).about}"
    ]


def test_while_letters_arrive_a_reference_leads_them_nowhere_else(bought: World) -> None:
    assert _ask(bought, _confirmation(bought).order or "")

    assert bought.records.everything(AddressChange) == []


def test_a_reference_that_nobody_has_gets_the_same_answer(bought: World) -> None:
    _bounce(bought)

    assert _ask(bought, "pi_unknown")
    assert bought.records.everything(AddressChange) == []


def test_what_is_no_address_is_not_taken(bought: World) -> None:
    assert not _ask(bought, "pi_1", "no address")
    with pytest.raises(NoAddress):
        _correct(bought, "no address")
    with pytest.raises(NoSuchPerson):
        correct_address("Lnobody", NEW, by="Lea", records=bought.records, key=KEY, now=bought.now)
