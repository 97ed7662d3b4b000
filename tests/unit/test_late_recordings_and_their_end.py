"""Recordings that came late, and what becomes of the files when their time is over."""

from datetime import datetime, timedelta

import pytest

from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.notices import Notice, NoticeKind
from shared.domain.recording_windows import Late
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.sessions import Series
from shared.usecases.open_pages import NoAccess
from shared.usecases.open_recording import Media
from shared.usecases.plan_notices import set_alarm
from shared.usecases.rule_on_recording import NothingToRule, choose_window
from tests.unit.test_recordings_are_released import (
    PART_1,
    UNIT,
    over,
    run_started,
    said,
    told,
    with_rules,
)
from tests.world import World

PLANNED = UNIT.recording_closes_at(PART_1.id) or PART_1.ends_at
ASHA = "asha@example.org"
RULED = with_rules(minimum_days=7)
KEY = f"recordings/{PART_1.id}/main.mp4"


def _late(world: World) -> World:
    """The recording came when only four days were left, and fewer than seven are staff's."""
    over(world, RULED)
    world.now = PLANNED - timedelta(days=4)
    assert world.upload_recording(PART_1.id) == "wait"
    return world


def _choose(world: World, late: Late, days: int | None = None) -> None:
    choose_window(PART_1.id, late, days=days, **said(world))
    run_started(world)


def _catalogue(world: World) -> Catalogue:
    series = world.records.get(Series.key_of(UNIT.series.id), Series)
    assert series is not None
    return series.catalogue


def test_a_late_recording_goes_to_staff_with_three_choices(world: World) -> None:
    _late(world)
    world.wait(hours=2)
    world.sweep()

    (letter,) = world.letters(LetterKind.STAFF_RECORDING_WAITS)
    for choice in ("less than 7 days", "extend-all", "from-release", "do-not-share"):
        assert choice in letter.lines[0]
    assert told(world) == []


def test_one_that_came_in_time_is_shared_by_itself(world: World) -> None:
    over(world, RULED)

    assert world.upload_recording(PART_1.id) == "announce"


@pytest.mark.parametrize(
    ("late", "days", "ends"),
    [(Late.EXTEND_ALL, 5, PLANNED + timedelta(days=5)),
     (Late.FROM_RELEASE, 14, PLANNED + timedelta(days=10)),
     # No choice takes away what was promised.
     (Late.FROM_RELEASE, 1, PLANNED)],
)  # fmt: skip
def test_everybody_may_watch_until_the_end_that_staff_chose(
    world: World, late: Late, days: int, ends: object
) -> None:
    _late(world)
    _choose(world, late, days)

    assert len(told(world)) == 1
    closes_at = _catalogue(world).recording_closes_at(PART_1.id)
    assert closes_at == ends
    assert closes_at is not None
    world.now = closes_at - timedelta(seconds=1)
    assert isinstance(world.open_recording(PART_1.id, ASHA), Media)
    world.now = closes_at
    assert isinstance(world.open_recording(PART_1.id, ASHA), NoAccess)


def test_a_late_recording_that_staff_do_not_share_is_shown_to_nobody(world: World) -> None:
    _late(world)
    _choose(world, Late.DO_NOT_SHARE)
    world.wait(hours=5)
    world.sweep()

    opened = world.open_recording(PART_1.id, ASHA)
    assert isinstance(opened, NoAccess)
    assert opened.decision.reasons[0].code == "withheld"
    assert told(world) == world.letters(LetterKind.STAFF_RECORDING_WAITS) == []


def test_a_later_choice_replaces_an_earlier_one_and_both_are_kept(world: World) -> None:
    _late(world)
    _choose(world, Late.DO_NOT_SHARE)
    world.wait(hours=1)
    _choose(world, Late.EXTEND_ALL, 2)

    assert len(told(world)) == 1
    assert _catalogue(world).recording_closes_at(PART_1.id) == PLANNED + timedelta(days=2)


def test_a_catalogue_that_is_published_again_leaves_staffs_choice_as_it_is(world: World) -> None:
    _late(world)
    _choose(world, Late.EXTEND_ALL, 5)

    world.publish(with_rules(minimum_days=6))

    assert _catalogue(world).recording_closes_at(PART_1.id) == PLANNED + timedelta(days=5)
    assert isinstance(world.open_recording(PART_1.id, ASHA), Media)


def test_the_last_days_are_told_of_the_new_end_and_not_of_the_old_one(world: World) -> None:
    _late(world)
    _choose(world, Late.EXTEND_ALL, 10)

    world.now = PLANNED - timedelta(hours=20)
    world.tell()
    assert world.letters(LetterKind.RECORDING_ENDS) == []
    world.now = PLANNED + timedelta(days=7, hours=1)
    world.tell()

    assert len(world.letters(LetterKind.RECORDING_ENDS)) == 1


@pytest.mark.parametrize(
    ("late", "days", "says"),
    [(Late.EXTEND_ALL, None, "How many days"), (Late.FROM_RELEASE, 0, "How many")],
)
def test_a_choice_without_days_is_asked_for_them(
    world: World, late: Late, days: int | None, says: str
) -> None:
    _late(world)

    with pytest.raises(NothingToRule, match=says):
        _choose(world, late, days)


def test_one_session_may_have_days_of_its_own() -> None:
    sessions = tuple(
        one.model_copy(update={"recording_days": 3}) if one.id == PART_1.id else one
        for one in UNIT.sessions
    )
    unit = UNIT.model_copy(update={"sessions": sessions})

    assert unit.recording_closes_at(PART_1.id) == PLANNED - timedelta(days=11)
    assert unit.recording_closes_at(UNIT.sessions[1].id) == UNIT.recording_closes_at(
        UNIT.sessions[1].id
    )


# --- what is over is deleted ----------------------------------------------------------------


def _kept(world: World) -> Recording:
    kept = world.records.get(Recording.key_of(PART_1.id, "main.mp4"), Recording)
    assert kept is not None
    return kept


def _over_for(world: World, days: int) -> None:
    over(world, UNIT)
    world.upload_recording(PART_1.id)
    world.now = PLANNED + timedelta(days=days, hours=1)


def test_a_file_is_labelled_to_be_deleted_thirty_days_after_its_time_and_not_before(
    world: World,
) -> None:
    _over_for(world, 29)
    assert world.sweep().recordings_expired == 0
    assert KEY not in world.uploads.labels

    world.wait(days=1)

    assert [world.sweep().recordings_expired, world.sweep().recordings_expired] == [1, 0]
    assert world.uploads.labels[KEY] == {"tending": "expired"}
    assert _kept(world).deleted_at is None


def test_that_it_was_deleted_is_written_down_once_it_is_gone_and_said_on_the_page(
    world: World,
) -> None:
    _over_for(world, 30)
    world.sweep()
    assert world.sweep().recordings_deleted == 0
    del world.uploads.objects[KEY]  # as the lifecycle of the bucket does

    assert [world.sweep().recordings_deleted, world.sweep().recordings_deleted] == [1, 0]

    assert _kept(world).status is RecordingStatus.DELETED
    opened = world.open_recording(PART_1.id, ASHA)
    assert isinstance(opened, NoAccess)
    assert opened.decision.why.endswith("It was deleted on Monday, December 15, 2025.")


def test_a_file_that_gets_more_time_before_it_is_gone_is_kept(world: World) -> None:
    _over_for(world, 30)
    world.sweep()
    _choose(world, Late.FROM_RELEASE, 7)

    world.sweep()

    assert world.uploads.labels[KEY] == {"tending": "kept"}
    assert isinstance(world.open_recording(PART_1.id, ASHA), Media)


def test_what_is_uploaded_again_after_it_was_deleted_can_be_watched(world: World) -> None:
    _over_for(world, 30)
    world.sweep()
    del world.uploads.objects[KEY]
    world.sweep()
    _choose(world, Late.FROM_RELEASE, 7)
    world.wait(hours=1)

    assert world.upload_recording(PART_1.id, version="v2") == "announce"

    assert isinstance(world.open_recording(PART_1.id, ASHA), Media)


def test_a_catalogue_may_keep_its_files_for_good(world: World) -> None:
    over(world, with_rules(delete_days_after_end=None))
    world.upload_recording(PART_1.id)
    world.now = PLANNED + timedelta(days=3000)

    assert world.sweep().recordings_expired == 0


def _alarms(world: World) -> dict[int, datetime]:
    """Let the table's stream have its notices' alarms set; when those of the end ring, by hours."""
    for notice in world.records.everything(Notice):
        if notice.alarm == "wanted":
            set_alarm(notice.key(), records=world.records, schedules=world.schedules, now=world.now)
    return {
        hours: notice.due_at
        for (session, what, hours), notice in world.schedules.notices.items()
        if (session, what) == (PART_1.id, NoticeKind.RECORDING_ENDS)
    }


def test_the_letters_before_an_end_that_staff_chose_have_their_alarms(world: World) -> None:
    _late(world)
    _choose(world, Late.EXTEND_ALL, 5)

    ends = PLANNED + timedelta(days=5)
    assert _alarms(world) == {72: ends - timedelta(days=3), 24: ends - timedelta(days=1)}


def test_an_end_that_the_catalogue_says_has_its_alarms_with_the_publication_alone(
    world: World,
) -> None:
    world.publish(with_rules())

    ends = [one for one in world.records.everything(Notice) if one.what == "recording_ends"]
    assert ends
    assert {one.alarm for one in ends} == {None}
    alarms = world.schedules.notices.values()
    assert {one.name for one in ends} <= {one.name for one in alarms}


def test_of_two_ends_that_staff_chose_the_later_choice_has_the_alarms(world: World) -> None:
    _late(world)
    for days in (9, 5):
        _choose(world, Late.EXTEND_ALL, days)
        _alarms(world)

    ends = PLANNED + timedelta(days=5)
    assert _alarms(world) == {72: ends - timedelta(days=3), 24: ends - timedelta(days=1)}


def test_no_alarm_is_set_for_what_is_past_or_unknown(world: World) -> None:
    _late(world)
    _choose(world, Late.EXTEND_ALL, 5)
    world.schedules.notices.clear()
    world.wait(days=30)

    assert _alarms(world) == {}
    nowhere = Notice.key_of(PART_1.id, "none")
    assert not set_alarm(nowhere, records=world.records, schedules=world.schedules, now=world.now)
