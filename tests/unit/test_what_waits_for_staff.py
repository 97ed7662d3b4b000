"""Staff see everything that waits for a person, oldest first, each with its reason and one act."""

from datetime import timedelta

import pytest

from shared.domain.entitlements import entitlements
from shared.domain.letters import FAILED, Letter, LetterKind, LetterStatus
from shared.domain.mailboxes import Mailbox
from shared.domain.money import Money
from shared.domain.registrations import Learner, Registration
from shared.domain.staff import Role, Staff
from shared.domain.unmatched import UnmatchedRows
from shared.domain.waiting_items import WaitingItem, WaitingKind
from shared.failures import NotSent
from shared.usecases.find_session import find_session
from shared.usecases.match_attendance import confirm_match
from shared.usecases.suggest_acts import suggest_acts
from shared.usecases.suggest_matches import find_unmatched
from shared.usecases.what_waits import WhatWaits, what_waits
from tests.catalogues import classes_catalogue
from tests.unit.test_recordings_are_released import with_rules
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
OFFER = f"{CLASS_1.id}-general"
ANA, BO = "ana@example.org", "bo@example.org"


def _waits(world: World) -> list[WaitingItem]:
    return list(what_waits(records=world.records, now=world.now).items)


def _kinds(world: World) -> list[WaitingKind]:
    return [item.kind for item in _waits(world)]


def _strange_payment(world: World, address: str = ANA) -> None:
    world.pay(CLASSES, OFFER, address, amount=Money(minor=1, currency="USD"))


@pytest.fixture
def open_world(world: World) -> World:
    world.publish(CLASSES)
    return world


def test_where_nothing_waits_the_list_is_empty(open_world: World) -> None:
    open_world.pay(CLASSES, OFFER, ANA)
    open_world.post()

    assert what_waits(records=open_world.records, now=open_world.now) == WhatWaits((), 0)


def test_a_payment_in_review_says_why_from_whom_and_what_would_settle_it(
    open_world: World,
) -> None:
    _strange_payment(open_world)

    (item,) = _waits(open_world)
    assert (item.kind, item.title) == (WaitingKind.PAYMENT, "A payment of $0.01")
    assert "price is" in item.reasons[0]
    assert any(ANA in fact.value for fact in item.evidence)
    assert item.act


def test_an_item_of_which_we_know_the_address_keeps_it_out_of_its_anchor(open_world: World) -> None:
    _strange_payment(open_world)

    (item,) = _waits(open_world)
    assert item.anchor.startswith("payment-")
    assert "pi_" not in item.anchor


def test_who_has_waited_longest_comes_first_whatever_it_is(open_world: World) -> None:
    world = open_world
    world.pay(CLASSES, OFFER, BO)
    world.mailer.answers.append(NotSent("Address refused.", later=False))
    world.post()
    world.wait(hours=2)
    _strange_payment(world)

    assert _kinds(world) == [WaitingKind.LETTER, WaitingKind.PAYMENT]


def test_a_failed_letter_waits_until_it_is_sent_again_or_seen_to(open_world: World) -> None:
    world = open_world
    world.pay(CLASSES, OFFER, BO)
    world.mailer.answers.append(NotSent("Address refused.", later=False))
    world.post()
    (item,) = _waits(world)
    assert item.reasons == ("Address refused.",)
    assert any(BO in fact.value for fact in item.evidence)

    failed = world.records.waiting(FAILED, world.now, Letter)[0]
    world.records.commit(failed.owed_again("Sent once more by staff."))
    world.post()
    sent = world.records.get(failed.key(), Letter)
    assert sent is not None
    assert sent.status is LetterStatus.SENT
    assert _waits(world) == []


def test_a_failed_letter_that_staff_have_seen_to_waits_no_longer(open_world: World) -> None:
    world = open_world
    world.pay(CLASSES, OFFER, BO)
    world.mailer.answers.append(NotSent("Address refused.", later=False))
    world.post()
    (failed,) = world.records.waiting(FAILED, world.now, Letter)

    world.records.commit(failed.seen_to())

    assert _waits(world) == []


def test_people_whom_nobody_knows_in_the_record_wait_until_staff_say_who_they_are(
    open_world: World,
) -> None:
    world = open_world
    world.pay(CLASSES, OFFER, BO)
    world.post()
    world.now = CLASS_1.ends_at
    world.report(CLASS_1.id, [("Robert", CLASS_1.starts_at, CLASS_1.ends_at)])
    assert _kinds(world) == []  # the class is not closed yet: the close asks first
    world.close(CLASS_1.id)

    (item,) = [item for item in _waits(world) if item.kind is WaitingKind.ATTENDANCE]
    assert item.title == f"1 person in the record of “{CLASS_1.title}”"
    assert item.since == world.now

    found = find_session(CLASS_1.id, world.records)
    assert found is not None
    (row,) = find_unmatched(found, world.records)
    confirm_match(
        CLASS_1.id,
        row.seen.sighting.participant,
        who(BO),
        by="noor",
        why="He wrote to us.",
        records=world.records,
        workflows=world.close_machine,
        now=world.now,
    )
    assert [item for item in _waits(world) if item.kind is WaitingKind.ATTENDANCE] == []
    kept = world.records.get(UnmatchedRows.key_of(CLASS_1.id), UnmatchedRows)
    assert kept is not None
    assert (kept.people, kept.waiting) == (0, None)


def test_an_address_that_takes_no_letters_waits_with_the_address_and_the_series(
    open_world: World,
) -> None:
    world = open_world
    world.pay(CLASSES, OFFER, ANA)
    world.post()
    box = Mailbox(learner=who(ANA), address_id=who(ANA)).bounced(world.now)
    world.records.commit(box)

    (item,) = _waits(world)
    assert item.kind is WaitingKind.ADDRESS
    assert item.series == CLASSES.series.id
    person = world.records.get(Learner.key_of(who(ANA)), Learner)
    assert person is not None
    assert [fact.value for fact in item.evidence] == [person.address]


def test_a_recording_without_captions_waits_with_what_is_missing(world: World) -> None:
    ruled = with_rules(captions_required=True)
    session = ruled.sessions[0]
    world.publish(ruled)
    world.now = session.ends_at + timedelta(minutes=20)
    world.upload_recording(session.id)
    world.wait(hours=2)

    (item,) = [item for item in _waits(world) if item.kind is WaitingKind.RECORDING]
    assert "Captions are missing" in item.reasons[0]
    assert item.name == session.id


def test_a_long_list_is_read_in_parts_that_leave_nothing_out(open_world: World) -> None:
    world = open_world
    for number in range(7):
        _strange_payment(world, f"person{number}@example.org")
        world.wait(minutes=1)
    whole = _waits(world)
    assert len(whole) == 7

    parts, after = [], ""
    while True:
        part = what_waits(records=world.records, now=world.now, most=3, after=after)
        assert part.in_all == 7
        parts.append(part.items)
        after = part.after
        if not after:
            break
    assert [len(part) for part in parts] == [3, 3, 1]
    assert [item for part in parts for item in part] == whole


def test_a_letter_to_staff_that_failed_is_listed_too(open_world: World) -> None:
    world = open_world
    _strange_payment(world)
    world.mailer.answers.append(NotSent("Mailbox full.", later=False))
    world.post()

    assert WaitingKind.LETTER in _kinds(world)
    (letter,) = world.letters(LetterKind.STAFF_REVIEW)
    assert letter.status is LetterStatus.FAILED


def test_a_session_a_week_away_without_a_joining_link_waits_and_one_with_a_link_does_not(
    world: World,
) -> None:
    held = CLASS_1.model_copy(update={"joining_link": None})
    world.publish(CLASSES.model_copy(update={"sessions": (held, *CLASSES.sessions[1:])}))
    world.now = CLASS_1.starts_at - timedelta(days=8)
    assert _kinds(world) == []

    world.now = CLASS_1.starts_at - timedelta(days=7)
    (item,) = _waits(world)
    assert (item.kind, item.name) == (WaitingKind.JOINING_LINK, CLASS_1.id)
    assert item.since == world.now

    world.publish(CLASSES)
    assert _kinds(world) == []


def test_a_close_that_waits_for_the_attendance_report_waits_for_staff_until_it_comes(
    open_world: World,
) -> None:
    open_world.pay(CLASSES, OFFER, ANA)
    open_world.post()
    open_world.now = CLASS_1.ends_at + timedelta(minutes=15)
    assert _kinds(open_world) == []

    open_world.close(CLASS_1.id)
    open_world.post()
    (item,) = _waits(open_world)
    assert (item.kind, item.session) == (WaitingKind.REPORT, CLASS_1.id)
    assert "is closed on" in item.reasons[1]
    robin = Staff(name="robin@idha.example", roles=frozenset({Role.COORDINATOR}))
    (offered,) = suggest_acts(item, robin, records=open_world.records, now=open_world.now)
    assert offered.link == f"staff/sessions/{CLASS_1.id}/upload/attendance"

    open_world.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    assert _kinds(open_world) == []


def test_whoever_has_a_seat_where_the_link_is_not_known_is_told_that_it_follows(
    world: World,
) -> None:
    held = CLASS_1.model_copy(update={"joining_link": None})
    catalogue = CLASSES.model_copy(update={"sessions": (held, *CLASSES.sessions[1:])})
    world.publish(catalogue)
    world.pay(CLASSES, OFFER, ANA)
    registration = world.records.get(Registration.key_of(CLASS_1.id, who(ANA)), Registration)

    right = entitlements(catalogue, CLASS_1.id, registration, world.now).joining_link

    assert not right.granted
    assert [reason.code for reason in right.reasons] == ["no_link_yet"]
