"""Staff get one letter a morning, by their own clocks, and only if something waits."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.appeals import Appeal
from shared.domain.applications import Application
from shared.domain.digests import MOST_LISTED, listed, say_wait
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.likeness import Likeness
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import Mailbox
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.recording_release import Release
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Learner
from shared.domain.sessions import open_session
from shared.domain.unmatched import UnmatchedRows
from shared.domain.waiting_items import WaitingItem, WaitingKind
from shared.domain.waiting_money import of_payment, of_refund
from shared.domain.waiting_people import (
    of_address,
    of_appeal,
    of_attendance,
    of_certificate,
    of_likeness,
    of_reflection,
)
from shared.domain.waiting_rounds import of_application, of_round_letter
from shared.domain.waiting_things import of_joining_link, of_letter, of_recording, of_report
from shared.usecases.owe_digests import owe_digests
from shared.usecases.rule_on_payment import refuse_payment
from shared.usecases.what_waits import what_waits
from tests.catalogues import a_certificate, classes_catalogue, unit_catalogue
from tests.record_samples import SAMPLES
from tests.world import World

CLASSES, UNIT = classes_catalogue(), unit_catalogue()
NEW_YORK = ZoneInfo(CLASSES.institute.zone)


def _at(hour: int, minute: int = 5, day: int = 3) -> datetime:
    return datetime(2025, 6, day, hour, minute, tzinfo=NEW_YORK)


def _strange_payment(world: World, address: str = "ana@example.org") -> None:
    offer = f"{CLASSES.sessions[0].id}-general"
    world.pay(CLASSES, offer, address, amount=Money(minor=1, currency="USD"))


def _look(world: World, at: datetime) -> list[Letter]:
    world.now = at
    owe_digests(records=world.records, applications=MemoryRecords(), now=world.now)
    return world.letters(LetterKind.STAFF_DIGEST)


@pytest.fixture
def waits(world: World) -> World:
    """A payment has waited since Monday noon."""
    world.publish(CLASSES)
    world.now = _at(12, day=2)
    _strange_payment(world)
    return world


def test_where_nothing_waits_nobody_is_written_to(world: World) -> None:
    world.publish(CLASSES)

    assert _look(world, _at(7)) == []


def test_the_letter_comes_at_seven_by_the_institutes_own_clocks(waits: World) -> None:
    assert _look(waits, _at(6, 55)) == []
    (letter,) = _look(waits, _at(7, 5))

    assert letter.about == f"{CLASSES.institute.id}/2025-06-03"
    assert letter.staff == CLASSES.institute.staff
    (one,) = letter.listed
    assert one.title == "A payment of $0.01"
    assert one.why.endswith("It has waited for 19 hours.")


def test_it_is_one_letter_a_day_however_often_somebody_looks(waits: World) -> None:
    for hour in (7, 7, 8, 15, 23):
        assert len(_look(waits, _at(hour))) == 1
    assert len(_look(waits, _at(6, day=4))) == 1
    assert len(_look(waits, _at(7, day=4))) == 2


def test_a_look_that_was_missed_at_seven_is_made_good_later_that_day(waits: World) -> None:
    assert len(_look(waits, _at(11))) == 1


def test_what_comes_after_seven_is_told_the_next_morning(world: World) -> None:
    world.publish(CLASSES)
    world.now = _at(7, 30)
    _strange_payment(world)

    assert _look(world, _at(8)) == []
    assert _look(world, _at(20)) == []
    assert len(_look(world, _at(7, day=4))) == 1


def test_what_was_settled_before_seven_is_not_told(waits: World) -> None:
    (item,) = what_waits(records=waits.records, now=waits.now).items
    refuse_payment(item.name, by="noor", why="A slip.", records=waits.records, now=waits.now)

    assert _look(waits, _at(7)) == []


def test_two_institutes_get_a_letter_each_by_their_own_clocks(waits: World) -> None:
    waits.publish(UNIT)
    first = UNIT.sessions[0]
    near = UNIT.model_copy(
        update={
            "sessions": (
                first.model_copy(update={"joining_link": None}),
                *UNIT.sessions[1:],
            )
        }
    )
    waits.now += timedelta(minutes=1)
    waits.publish(near)
    waits.now = first.starts_at - timedelta(days=6)

    zone = ZoneInfo(UNIT.institute.zone)
    morning = waits.now.astimezone(zone).replace(hour=7, minute=5)
    letters = {letter.about.split("/")[0]: letter for letter in _look(waits, morning)}
    assert letters[UNIT.institute.id].listed[0].anchor.startswith(WaitingKind.JOINING_LINK)
    assert CLASSES.institute.id not in letters or letters[CLASSES.institute.id].listed[
        0
    ].anchor.startswith(WaitingKind.PAYMENT)


def test_what_belongs_to_no_series_goes_to_whoever_runs_the_system(world: World) -> None:
    world.publish(CLASSES)
    world.now = _at(12, day=2)
    offer = f"{CLASSES.sessions[0].id}-general"
    world.pay(CLASSES, offer, "ana@example.org", offer_ids=("plink_nobody_knows",))

    (letter,) = _look(world, _at(8))
    assert letter.about.startswith("operator/")
    assert (letter.series, letter.staff) == (None, ())


def test_a_long_list_is_cut_and_says_how_many_more_there_are(world: World) -> None:
    world.publish(CLASSES)
    world.now = _at(12, day=2)
    for number in range(MOST_LISTED + 3):
        _strange_payment(world, f"person{number}@example.org")

    (letter,) = _look(world, _at(7))
    assert len(letter.listed) == MOST_LISTED
    assert letter.lines == ("And 3 more.",)


def test_the_letter_goes_to_the_staff_of_the_institute(waits: World) -> None:
    _look(waits, _at(7))
    waits.post()

    sent = [e for e, _ in waits.mailer.sent if e.letter_id.startswith("staff_digest")]
    assert [envelope.to for envelope in sent] == [CLASSES.institute.staff]


@pytest.mark.parametrize("kind", WaitingKind)
def test_the_letter_names_nobody_whatever_waits(kind: WaitingKind) -> None:
    """What lies in mailboxes cannot be taken away when somebody asks for that."""
    person = Learner(
        learner="L1", name="Mira Sand", address="mira@example.org", named_by=(_at(7), "x")
    )
    (line,) = listed([_waiting(kind, person)], _at(8))

    for said in (line.title, line.why, line.act, line.anchor):
        assert "Mira" not in said and "mira" not in said
    assert line.title and line.act


def test_a_title_that_names_somebody_would_be_noticed() -> None:
    person = Learner(
        learner="L1", name="Mira Sand", address="mira@example.org", named_by=(_at(7), "x")
    )

    assert "Mira" in _waiting(WaitingKind.ADDRESS, person).title


def _waiting(kind: WaitingKind, person: Learner) -> WaitingItem:
    """One of that kind, about that person, with their words wherever they may stand."""
    since, mine = _at(7).isoformat(), person.learner
    waits = {"waiting": "x", "waiting_since": since}
    match kind:
        case WaitingKind.ADDRESS:
            return of_address(Mailbox(learner=mine, address_id="A").bounced(_at(7)), person, None)
        case WaitingKind.LETTER:
            letter = owe(LetterKind.CONFIRMATION, "o-1", _at(7), learner=mine)
            return of_letter(letter.failed("Refused: mira@example.org"), person)
        case WaitingKind.CERTIFICATE:
            told = a_certificate(CLASSES, parked_because="No typeface holds: Mira Sand.", **waits)
            text = told.text.model_copy(update={"name": person.name})
            return of_certificate(told.model_copy(update={"text": text}))
        case WaitingKind.APPEAL:
            asked = SAMPLES[Appeal]().model_copy(update={"reason": "I am Mira Sand", **waits})
            assert isinstance(asked, Appeal)
            return of_appeal(asked, person, None, None, _at(7))
        case WaitingKind.PAYMENT:
            order = SAMPLES[Order]().model_copy(
                update={"buyer_name": person.name, "buyer_address": person.address, **waits}
            )
            assert isinstance(order, Order)
            return of_payment(order, None)
        case WaitingKind.REFUND:
            request = SAMPLES[RefundRequest]().model_copy(
                update={"note": "I am Mira Sand.", **waits}
            )
            assert isinstance(request, RefundRequest)
            return of_refund(request, person, request.sessions)
        case WaitingKind.LIKENESS:
            pair = SAMPLES[Likeness]().model_copy(update=waits)
            assert isinstance(pair, Likeness)
            return of_likeness(pair, [person, person])
        case WaitingKind.ATTENDANCE:
            rows = SAMPLES[UnmatchedRows]()
            assert isinstance(rows, UnmatchedRows)
            return of_attendance(rows, CLASSES.sessions[0])
        case WaitingKind.RECORDING:
            release = SAMPLES[Release]().model_copy(update=waits)
            assert isinstance(release, Release)
            return of_recording(release, CLASSES.sessions[0])
        case WaitingKind.REFLECTION:
            made_up = SAMPLES[MadeUp]().model_copy(update=waits)
            assert isinstance(made_up, MadeUp)
            return of_reflection(made_up, person, CLASSES.sessions[0])
        case WaitingKind.JOINING_LINK:
            return of_joining_link(CLASSES.sessions[0], CLASSES.series.id)
        case WaitingKind.REPORT:
            first = CLASSES.sessions[0]
            return of_report(open_session(first.id, CLASSES.series.id, first.ends_at), CLASSES)
        case WaitingKind.APPLICATION:
            sent = SAMPLES[Application]().model_copy(update={"learner": mine, **waits})
            assert isinstance(sent, Application)
            return of_application(sent, CLASSES)
        case WaitingKind.ROUND_LETTER:
            about = {"learner": mine, "reference": "S-1", "reviewer": person.address}
            wanted = owe(LetterKind.REVIEW_WANTED, "s/R1", _at(7), **about)
            return of_round_letter(wanted.failed("Refused: mira@example.org"))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (20, "less than an hour"), (60, "an hour"), (300, "5 hours"), (1440, "a day"),
        (2880, "2 days"), (20000, "13 days"),
    ],
)  # fmt: skip
def test_how_long_it_has_waited_is_said_as_people_say_it(minutes: int, said: str) -> None:
    now = _at(7)
    assert say_wait(now - timedelta(minutes=minutes), now) == said
