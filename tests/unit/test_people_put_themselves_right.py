"""On their own page people put their name and their address right, and stay who they are."""

from datetime import timedelta

import pytest

from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.mailboxes import LINK_LASTS, AddressChange, Mailbox
from shared.domain.my_page import AddressView, NameView
from shared.domain.people import NAME_LIMIT
from shared.domain.registrations import Learner, Registration
from shared.usecases.change_mine import ask_another_address, open_name, put_name_right
from shared.usecases.correct_address import confirm_change
from shared.usecases.count_sent import TooMany
from shared.usecases.send_my_page_link import send_my_page_link
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
ANA, NEW = "ana@example.org", "ana.new@example.com"
OFFER = f"{CLASS_1.id}-general"


@pytest.fixture
def registered(world: World) -> World:
    """Ana paid the general rate of class 1."""
    world.publish(CLASSES)
    world.pay(CLASSES, OFFER, ANA)
    world.post()
    return world


def _token(world: World) -> str:
    return sign("me", who(ANA), KEY, world.now + timedelta(days=1))


def _person(world: World) -> Learner:
    person = world.records.get(Learner.key_of(who(ANA)), Learner)
    assert person is not None
    return person


def _call(world: World, name: str) -> NameView:
    shown = put_name_right(_token(world), name, keys=[KEY], records=world.records, now=world.now)
    assert isinstance(shown, NameView)
    return shown


def _ask(world: World, address: str = NEW) -> AddressView:
    shown = ask_another_address(
        _token(world), address, "192.0.2.1", keys=[KEY], records=world.records,
        change_id=lambda: f"c{len(world.records.everything(AddressChange))}", now=world.now,
    )  # fmt: skip
    assert isinstance(shown, AddressView)
    return shown


def _follow(world: World, *, old: bool) -> bool:
    """The link of the one letter, or of the other, is followed; whether the new address counts."""
    change = world.records.everything(AddressChange)[-1]
    subject = f"{who(ANA)}/{change.change}" + ("/old" if old else "")
    token = sign("address", subject, KEY, change.asked_at + LINK_LASTS)
    opened = confirm_change(token, keys=[KEY], records=world.records, now=world.now)
    return opened is not None and opened.change.confirmed_at is not None


def test_a_name_counts_at_once_and_no_later_payment_takes_it_back(registered: World) -> None:
    shown = _call(registered, "  Ana   Lucía \u202eOrtíz ")

    assert (shown.saved, shown.name) == (True, "Ana Lucía Ortíz")
    registered.wait(hours=1)
    registered.deliver(paid(CLASSES, f"{CLASSES.sessions[1].id}-general", ANA, 77))
    assert _person(registered).name == "Ana Lucía Ortíz"


@pytest.mark.parametrize("typed", ["", "   ", "\u202e", "x" * (NAME_LIMIT + 1)])
def test_what_is_no_name_is_asked_about_and_changes_nothing(registered: World, typed: str) -> None:
    before = _person(registered)

    shown = _call(registered, typed)

    assert shown.problem and (shown.typed, shown.saved) == (typed, False)
    assert _person(registered) == before


def test_a_certificate_that_was_printed_keeps_its_name_and_the_page_leads_on(
    registered: World,
) -> None:
    registered.now = CLASS_1.ends_at + timedelta(minutes=15)
    registered.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    registered.finish_close(CLASS_1.id)
    before = registered.certificates()

    shown = _call(registered, "Ana Ortíz")

    assert registered.certificates() == before
    assert shown.misnamed and shown.printed == "Ana Ortíz"


def test_an_address_counts_when_both_ends_have_answered_in_either_order(
    registered: World,
) -> None:
    for first in (True, False):
        world = registered
        _ask(world, NEW if first else ANA)
        assert not _follow(world, old=first)
        assert _person(world).address == (ANA if first else NEW)
        assert _follow(world, old=not first) and _follow(world, old=first)
        assert _person(world).address == (NEW if first else ANA)
        world.wait(hours=1)


def test_both_ends_are_written_to_and_the_earlier_one_reads_the_new_one_masked(
    registered: World,
) -> None:
    _ask(registered)
    registered.post()

    sent = {envelope.to: letter.text for envelope, letter in registered.mailer.sent[1:]}
    assert set(sent) == {(NEW,), (ANA,)}
    assert sent[ANA,].startswith("address_agree#") and NEW not in sent[ANA,]
    assert "/me/" not in sent[NEW,]  # nobody's page goes to an address that may not be theirs


def test_an_earlier_address_that_is_dead_is_not_asked(registered: World) -> None:
    mailbox = Mailbox(learner=who(ANA), address_id=who(ANA)).bounced(registered.now)
    registered.records.commit(mailbox)

    assert _ask(registered).bounces

    assert registered.letters(LetterKind.ADDRESS_AGREE) == []
    assert _follow(registered, old=False)
    assert _person(registered).address == NEW


def test_the_earlier_address_alone_moves_nothing_and_a_link_ends_after_three_days(
    registered: World,
) -> None:
    _ask(registered)
    assert not _follow(registered, old=True)
    registered.now += LINK_LASTS

    assert not _follow(registered, old=False)
    assert _person(registered).address == ANA


def test_who_they_are_stays_and_the_new_address_is_theirs_from_then_on(registered: World) -> None:
    _ask(registered)
    _follow(registered, old=True)
    _follow(registered, old=False)

    registered.pay(CLASSES, f"{CLASSES.sessions[1].id}-general", NEW)
    send_my_page_link(NEW, "203.0.113.7", records=registered.records, key=KEY, now=registered.now)

    seats = registered.records.of_learner(who(ANA), Registration)
    assert sorted(one.session for one in seats) == [one.id for one in CLASSES.sessions[:2]]
    assert registered.records.get(Learner.key_of(who(NEW)), Learner) is None
    (link,) = registered.letters(LetterKind.MY_PAGE_LINK)
    assert link.learner == who(ANA)


def test_an_address_that_somebody_else_is_known_by_does_not_join_the_two(
    registered: World,
) -> None:
    registered.pay(CLASSES, OFFER, NEW)
    _ask(registered)
    _follow(registered, old=True)
    _follow(registered, old=False)

    assert _person(registered).address == NEW
    send_my_page_link(NEW, "203.0.113.7", records=registered.records, key=KEY, now=registered.now)
    (link,) = registered.letters(LetterKind.MY_PAGE_LINK)
    assert link.learner == who(NEW)


@pytest.mark.parametrize("typed", ["", "nobody", ANA, ANA.upper()])
def test_what_is_no_other_address_is_said_so_and_nobody_is_written_to(
    registered: World, typed: str
) -> None:
    shown = _ask(registered, typed)

    assert shown.problem and not shown.asked
    assert registered.records.everything(AddressChange) == []


def test_nobody_is_asked_without_end(registered: World) -> None:
    for number in range(3):
        _ask(registered, f"ana-{number}@example.com")

    with pytest.raises(TooMany):
        _ask(registered)


def test_opening_a_form_changes_nothing(registered: World) -> None:
    before = registered.records.everything(Learner)
    open_name(_token(registered), keys=[KEY], records=registered.records, now=registered.now)

    assert registered.records.everything(Learner) == before
