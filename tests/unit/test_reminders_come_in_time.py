"""Who holds a seat is reminded in time, and hears of a new time and of a recording's last days."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from shared.domain.catalogue import Catalogue, Session
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.notices import Notice
from shared.domain.sessions import SessionPhase
from shared.failures import NotEveryoneTold
from shared.usecases.tell_of_notice import owe_notice_letter, remember_told
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()
ANA, BO = "ana@example.org", "bo@example.org"
BEFORE = {hours: CLASS_1.starts_at - timedelta(hours=hours) for hours in (168, 24, 1)}


def _with_first(catalogue: Catalogue, **changes: object) -> Catalogue:
    first = Session.model_validate({**catalogue.sessions[0].model_dump(), **changes})
    return catalogue.model_copy(update={"sessions": (first, *catalogue.sessions[1:])})


def _later(catalogue: Catalogue, **by: float) -> Catalogue:
    first = catalogue.sessions[0]
    move = timedelta(**by)
    return _with_first(catalogue, starts=first.starts + move, ends=first.ends + move)


def _ring(world: World, at: datetime) -> None:
    world.now = at
    world.tell()
    world.post()


def _got(world: World, kind: LetterKind, address: str) -> list[Letter]:
    return [
        letter
        for letter in world.letters(kind)
        if letter.learner == who(address) and letter.status is LetterStatus.SENT
    ]


def _buy(world: World, address: str, *, at: datetime | None = None) -> None:
    world.now = at or world.now
    world.pay(CLASSES, f"{CLASS_1.id}-general", address)


def test_every_session_has_an_alarm_a_week_a_day_and_an_hour_before_it(world: World) -> None:
    world.publish(CLASSES)

    due = {
        (notice.hours, notice.due_at)
        for notice in world.schedules.notices.values()
        if notice.session == CLASS_1.id and notice.what == "reminder"
    }
    assert due == {(hours, at) for hours, at in BEFORE.items() if at > world.now}


def test_a_person_with_a_seat_is_reminded_three_times_and_each_time_once(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)

    for at in sorted(BEFORE.values()):
        _ring(world, at)
        _ring(world, at + timedelta(minutes=5))

    assert len(_got(world, LetterKind.REMINDER, ANA)) == 3


@pytest.mark.parametrize(
    ("hours", "reminders"),
    [(200, 3), (169, 2), (100, 2), (25, 1), (3, 1), (1.5, 0), (1, 0), (0.5, 0)],
)
def test_whoever_registers_late_gets_one_letter_and_not_four(
    world: World, hours: float, reminders: int
) -> None:
    world.now = CLASS_1.starts_at - timedelta(hours=300)
    world.publish(CLASSES)
    _buy(world, ANA, at=CLASS_1.starts_at - timedelta(hours=hours))
    world.post()

    registered = world.now
    for at in sorted(BEFORE.values()):
        _ring(world, max(at, registered))

    assert len(_got(world, LetterKind.CONFIRMATION, ANA)) == 1
    assert len(_got(world, LetterKind.REMINDER, ANA)) == reminders


def test_who_gave_the_seat_back_is_not_reminded(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.pay(CLASSES, f"{CLASS_1.id}-general", BO, event="evt_b", order="stripe-pi_b")
    refund = {"event": "evt_r", "order": "stripe-pi_b", "says": "refunded"}
    world.pay(CLASSES, f"{CLASS_1.id}-general", BO, **refund)

    _ring(world, BEFORE[24])

    assert len(_got(world, LetterKind.REMINDER, ANA)) == 1
    assert _got(world, LetterKind.REMINDER, BO) == []


def test_who_gives_the_seat_back_while_letters_are_owed_is_not_reminded(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.now = BEFORE[24]
    world.tell()
    (order,) = {letter.order for letter in world.letters(LetterKind.CONFIRMATION)}
    world.pay(CLASSES, f"{CLASS_1.id}-general", ANA, event="evt_r", order=order, says="refunded")
    world.post()

    assert [letter.status for letter in world.letters(LetterKind.REMINDER)] == ["WITHDRAWN"]


def test_a_reminder_that_would_come_too_late_is_not_sent(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)

    _ring(world, CLASS_1.starts_at + timedelta(minutes=1))

    assert world.letters(LetterKind.REMINDER) == []
    assert all(notice.told_at for notice in _notices(world) if notice.what == "reminder")


def _notices(world: World) -> list[Notice]:
    return [one for one in world.records.everything(Notice) if one.session == CLASS_1.id]


def test_a_class_that_moves_tells_everybody_once_and_is_reminded_of_by_its_new_time(
    world: World,
) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.wait(hours=1)
    world.publish(_later(CLASSES, days=1))
    _ring(world, world.now + timedelta(minutes=10))
    _ring(world, world.now + timedelta(minutes=10))

    (moved,) = _got(world, LetterKind.MOVED, ANA)
    assert moved.session == CLASS_1.id

    for at in sorted({*BEFORE.values(), *(at + timedelta(days=1) for at in BEFORE.values())}):
        _ring(world, at)
        assert not _got(world, LetterKind.REMINDER, ANA) or at != min(BEFORE.values())

    assert len(_got(world, LetterKind.REMINDER, ANA)) == 3


def test_a_slip_of_the_pen_put_right_within_minutes_is_told_to_nobody(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.wait(hours=1)
    world.publish(_later(CLASSES, days=1))
    world.wait(minutes=5)
    world.publish(CLASSES)

    for minutes in (10, 30):
        _ring(world, world.now + timedelta(minutes=minutes))

    assert _got(world, LetterKind.MOVED, ANA) == []


def test_a_class_moved_there_and_back_and_there_again_is_told_each_time(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    for moved in (_later(CLASSES, days=1), CLASSES, _later(CLASSES, days=1)):
        world.wait(hours=1)
        world.publish(moved)
        _ring(world, world.now + timedelta(minutes=11))

    assert len(_got(world, LetterKind.MOVED, ANA)) == 3


def test_who_registers_after_the_move_reads_the_new_time_in_the_confirmation(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.wait(hours=1)
    world.publish(_later(CLASSES, hours=2))
    _buy(world, BO, at=world.now + timedelta(minutes=5))
    _ring(world, world.now + timedelta(minutes=10))

    assert len(_got(world, LetterKind.MOVED, ANA)) == 1
    assert _got(world, LetterKind.MOVED, BO) == []


def test_a_class_that_only_ends_later_is_told_as_moved(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.wait(hours=1)
    world.publish(_with_first(CLASSES, ends=CLASS_1.ends + timedelta(minutes=30)))
    _ring(world, world.now + timedelta(minutes=10))

    assert len(_got(world, LetterKind.MOVED, ANA)) == 1


def test_publishing_again_plans_what_a_cut_off_publication_left_out(world: World) -> None:
    world.publish(CLASSES)
    planned = {key: one.due_at for key, one in world.schedules.notices.items()}
    world.schedules.notices.clear()

    world.publish(CLASSES)

    assert {key: one.due_at for key, one in world.schedules.notices.items()} == planned


def test_an_alarm_that_never_rang_is_found_by_the_sweep(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.now = BEFORE[24] + timedelta(minutes=30)

    assert world.sweep().notices == 2  # the one a week before was missed as well
    assert {one["session"] for one in world.notice_machine.started.values()} == {CLASS_1.id}


def test_telling_that_was_cut_off_is_finished_and_nobody_is_told_twice(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.pay(CLASSES, f"{CLASS_1.id}-general", BO)
    world.now = BEFORE[24]
    name = next(one.name for one in _notices(world) if one.hours == 24)
    owe = partial(owe_notice_letter, records=world.records, now=world.now)
    assert owe(CLASS_1.id, name, who(ANA))

    with pytest.raises(NotEveryoneTold):
        remember_told(CLASS_1.id, name, records=world.records, now=world.now)

    _ring(world, world.now)
    assert len(_got(world, LetterKind.REMINDER, ANA)) == 1
    assert len(_got(world, LetterKind.REMINDER, BO)) == 1


def test_three_days_and_one_day_before_a_recording_goes_its_watchers_hear_of_it(
    world: World,
) -> None:
    first = UNIT.sessions[0]
    world.now = first.starts_at - timedelta(days=20)
    world.publish(UNIT)
    world.pay(UNIT, UNIT.prices[0].id, ANA)
    world.now = first.ends_at
    world.upload_recording(first.id)
    closes_at = UNIT.recording_closes_at(first.id)
    assert closes_at is not None

    for days in (3, 1):
        _ring(world, closes_at - timedelta(days=days, hours=-1))

    letters = [
        letter
        for letter in _got(world, LetterKind.RECORDING_ENDS, ANA)
        if letter.session == first.id
    ]
    assert len(letters) == 2


def test_nobody_hears_of_the_last_days_of_a_recording_that_never_came(world: World) -> None:
    first = UNIT.sessions[0]
    world.now = first.starts_at - timedelta(days=20)
    world.publish(UNIT)
    world.pay(UNIT, UNIT.prices[0].id, ANA)
    closes_at = UNIT.recording_closes_at(first.id)
    assert closes_at is not None

    _ring(world, closes_at - timedelta(hours=12))

    assert world.letters(LetterKind.RECORDING_ENDS) == []


def test_a_closed_class_is_not_reminded_of(world: World) -> None:
    world.publish(CLASSES)
    _buy(world, ANA)
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    world.report(CLASS_1.id, [(ANA, CLASS_1.starts_at, CLASS_1.ends_at)])
    world.close(CLASS_1.id)
    assert world.state(CLASS_1.id).phase is SessionPhase.CLOSED

    _ring(world, world.now)

    assert world.letters(LetterKind.REMINDER) == []
