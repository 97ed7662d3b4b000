"""Alarms that are missing, late or of an earlier plan are found, and set as they are wanted."""

from datetime import timedelta

import pytest

from shared.domain.alarms import Drift, of_close, of_notice
from shared.domain.notices import Notice, NoticeKind
from shared.usecases.set_alarms import find_drift, repair_alarms
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World

CLASSES, UNIT = classes_catalogue(), unit_catalogue()
CLASS_1 = CLASSES.sessions[0]
NOTHING = Drift((), (), ())


def _drift(world: World) -> Drift:
    return find_drift(world.records, world.schedules, world.now)


@pytest.fixture
def planned(world: World) -> World:
    """Two series are published, with all of their alarms."""
    world.publish(CLASSES)
    world.publish(UNIT)
    return world


def test_after_a_publication_every_alarm_stands(planned: World) -> None:
    assert len(planned.schedules.standing()) > len(CLASSES.sessions) + len(UNIT.sessions)
    assert _drift(planned) == NOTHING
    assert not _drift(planned).matters


def test_an_alarm_that_somebody_deleted_is_missed_and_set_again(planned: World) -> None:
    before = planned.schedules.standing()
    planned.schedules.cancel(CLASS_1.id)
    (reminder, *_) = [
        one for one in planned.schedules.notices.values() if one.what is NoticeKind.REMINDER
    ]
    planned.schedules.take_back(of_notice(reminder))

    found = {alarm.name: alarm for alarm in _drift(planned).missing}
    assert set(found) == {of_close(CLASS_1.id), of_notice(reminder)}
    assert found[of_close(CLASS_1.id)].what == f"the close of “{CLASS_1.title}”"
    assert _drift(planned).matters

    repair_alarms(planned.records, planned.schedules, planned.now)
    assert planned.schedules.standing() == before
    assert _drift(planned) == NOTHING


def test_an_alarm_at_another_time_is_set_right(planned: World) -> None:
    before = planned.schedules.standing()
    ends = CLASS_1.ends_at
    planned.schedules.close_at(CLASS_1.id, ends, ends + timedelta(hours=9))

    (late,) = _drift(planned).late
    assert (late.name, late.at) == (of_close(CLASS_1.id), ends + timedelta(minutes=15))

    repair_alarms(planned.records, planned.schedules, planned.now)
    assert planned.schedules.standing() == before


def test_an_alarm_of_nothing_is_idle_and_taken_back_and_matters_to_nobody(planned: World) -> None:
    before = planned.schedules.standing()
    planned.schedules.close_at("nowhere-1", CLASS_1.ends_at, CLASS_1.ends_at)

    drift = _drift(planned)
    assert (drift.idle, drift.matters) == (("close-nowhere-1",), False)

    repair_alarms(planned.records, planned.schedules, planned.now)
    assert planned.schedules.standing() == before


def test_a_publication_that_was_cut_off_before_its_alarms_is_found(planned: World) -> None:
    planned.schedules.alarms.clear()
    planned.schedules.notices.clear()

    assert len(_drift(planned).missing) > len(CLASSES.sessions)
    repair_alarms(planned.records, planned.schedules, planned.now)
    assert _drift(planned) == NOTHING


def test_a_notice_that_was_never_written_down_is_found_by_the_catalogue(planned: World) -> None:
    """A publication that died between two notices left neither record nor alarm."""
    notice = next(iter(planned.schedules.notices.values()))
    del planned.records._kept[notice.key()]
    planned.schedules.take_back(of_notice(notice))

    assert [alarm.name for alarm in _drift(planned).missing] == [of_notice(notice)]
    repair_alarms(planned.records, planned.schedules, planned.now)
    assert planned.records.get(notice.key(), Notice) is not None


def test_what_has_rung_is_neither_missing_nor_idle(planned: World) -> None:
    planned.now = CLASS_1.ends_at + timedelta(minutes=20)
    for name, at in planned.schedules.standing().items():
        if at <= planned.now:
            planned.schedules.take_back(name)

    assert _drift(planned) == NOTHING


def test_repairing_twice_is_repairing_once(planned: World) -> None:
    planned.schedules.alarms.clear()
    repair_alarms(planned.records, planned.schedules, planned.now)
    kept, standing = dict(planned.records._kept), planned.schedules.standing()

    assert repair_alarms(planned.records, planned.schedules, planned.now) == NOTHING
    assert (planned.records._kept, planned.schedules.standing()) == (kept, standing)
