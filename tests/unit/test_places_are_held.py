"""A hold: what somebody has stays, nothing new is given; what was missed follows when lifted."""

from datetime import timedelta

import pytest

from shared.domain.entitlements import Entitlements, entitlements
from shared.domain.holds import Hold
from shared.domain.letters import LetterKind, LetterStatus
from shared.domain.registrations import Registration, RegistrationStatus
from shared.usecases.hold_person import NothingToHold, hold_person
from shared.usecases.open_pages import NoAccess
from tests.catalogues import classes_catalogue
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1, CLASS_2 = CLASSES.sessions[:2]
ANA = "ana@example.org"


def hold(world: World, *, holds: bool = True, address: str = ANA) -> None:
    hold_person(who(address), holds=holds, by="noor", why="?", records=world.records, now=world.now)


def place(world: World, session: str = CLASS_1.id) -> Registration:
    kept = world.records.get(Registration.key_of(session, who(ANA)), Registration)
    assert kept is not None
    return kept


def rights(world: World, session: str = CLASS_1.id) -> Entitlements:
    return entitlements(CLASSES, session, place(world, session), world.now)


@pytest.fixture
def seated(world: World) -> World:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA)
    world.post()
    return world


def test_a_held_place_is_kept_and_gives_nothing(seated: World) -> None:
    seats = seated.records.get(place(seated).key(), Registration)
    hold(seated)

    assert place(seated).status is RegistrationStatus.HELD
    assert {one.reasons[0].code for one in (rights(seated).seat, rights(seated).joining_link)} == {
        "on_hold"
    }
    assert place(seated).grants == (seats.grants if seats else None)


def test_a_certificate_is_not_given_while_held_and_follows_when_lifted(seated: World) -> None:
    hold(seated)
    seated.now = CLASS_1.ends_at + timedelta(minutes=15)
    seated.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    seated.close(CLASS_1.id)
    assert seated.certificates() == []

    hold(seated, holds=False)
    seated.decide_wanted()

    assert len(seated.certificates()) == 1
    assert rights(seated).seat.granted


def test_a_recording_that_was_missed_is_written_of_when_lifted(seated: World) -> None:
    hold(seated)
    seated.now = CLASS_1.ends_at + timedelta(hours=1)
    seated.upload_recording(CLASS_1.id)
    assert seated.letters(LetterKind.RECORDING) == []
    assert isinstance(seated.may_watch(CLASS_1.id, ANA), NoAccess)

    hold(seated, holds=False)

    assert len(seated.letters(LetterKind.RECORDING)) == 1


def test_what_is_bought_meanwhile_is_held_too_and_confirmed_when_lifted(seated: World) -> None:
    hold(seated)
    seated.pay(CLASSES, f"{CLASS_2.id}-general", ANA)
    seated.post()

    assert place(seated, CLASS_2.id).on_hold
    new = [one for one in seated.letters(LetterKind.CONFIRMATION) if one.sent_at is None]
    assert [one.status for one in new] == [LetterStatus.WITHDRAWN]

    hold(seated, holds=False)
    seated.post()

    assert {one.status for one in seated.letters(LetterKind.CONFIRMATION)} == {LetterStatus.SENT}


def test_a_confirmation_that_was_sent_before_is_not_sent_again_when_lifted(seated: World) -> None:
    sent = len(seated.mailer.sent)
    hold(seated)
    hold(seated, holds=False)
    seated.post()

    assert len(seated.mailer.sent) == sent


def test_it_is_said_once_and_every_word_stays(seated: World) -> None:
    hold(seated)
    with pytest.raises(NothingToHold, match="already"):
        hold(seated)
    hold(seated, holds=False)
    with pytest.raises(NothingToHold, match="already"):
        hold(seated, holds=False)
    with pytest.raises(NothingToHold, match="Nobody"):
        hold(seated, address="nobody@example.org")

    (kept,) = seated.records.everything(Hold)
    assert [(word.holds, word.by) for word in kept.said] == [(True, "noor"), (False, "noor")]


def test_a_hold_that_was_cut_off_is_finished_by_saying_it_again(seated: World) -> None:
    hold(seated)
    half_done = place(seated).model_copy(update={"on_hold": False})
    seated.records.commit(half_done)

    hold(seated)

    assert place(seated).on_hold
    assert len(seated.records.everything(Hold)[0].said) == 1


def test_nobody_else_is_held(seated: World) -> None:
    seated.pay(CLASSES, f"{CLASS_1.id}-general", "bo@example.org")
    hold(seated)

    kept = seated.records.get(Registration.key_of(CLASS_1.id, who("bo@example.org")), Registration)
    assert kept is not None and kept.status is RegistrationStatus.ACTIVE
