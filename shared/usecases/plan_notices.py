"""Plan what people are told of a session by the clock: one record and one alarm for each notice.

Planned whenever the catalogue is published, so a publication that was cut off heals itself.
"""

from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.notices import Notice, holds, notices_of
from shared.domain.record import Key
from shared.domain.sessions import Series, SessionPhase, SessionState
from shared.failures import Conflict
from shared.ports import Records, Schedules


def plan_notices(
    catalogue: Catalogue, records: Records, schedules: Schedules, now: datetime
) -> None:
    """Keep every notice that is still ahead, and set its alarm.

    Notices of an earlier plan stay as they are: when their alarm rings, they are told to nobody.
    """
    for session in catalogue.held_sessions:
        state = records.get(SessionState.key_of(session.id), SessionState)
        if state is None or state.phase is SessionPhase.REMOVED:
            continue
        for notice in notices_of(catalogue, state, now):
            kept = _kept(notice, records)
            if kept.told_at is None and kept.due_at > now:
                schedules.tell_at(kept)


def set_alarm(key: Key, *, records: Records, schedules: Schedules, now: datetime) -> bool:
    """Set the alarm of a notice that somebody else committed; False if there is nothing to tell.

    Of two ends that staff chose one after the other the newer has the alarm: the notices of the
    earlier one are told to nobody.
    """
    notice = records.get(key, Notice)
    if notice is None or notice.told_at is not None or notice.due_at <= now:
        return False
    series = records.get(Series.key_of(notice.series), Series)
    if series is None or not holds(notice, series.catalogue):
        return False
    schedules.tell_at(notice)
    return True


def _kept(notice: Notice, records: Records) -> Notice:
    known = records.get(notice.key(), Notice)
    if known is not None:
        return known
    try:
        records.commit(notice)
    except Conflict:
        return _kept(notice, records)  # the same file arrived twice at once
    return notice
