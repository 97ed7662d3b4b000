"""Every one-time alarm of a series: set, compared with what stands, and set right again.

An alarm rings at a time that is computed from the catalogue. What stands may differ from it, if a
publication was cut off or somebody touched the schedules by hand: nobody would be told.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.alarms import Alarm, Drift, of_close, of_notice, of_round
from shared.domain.catalogue import Catalogue
from shared.domain.notices import WAITING as NOTICES
from shared.domain.notices import Notice, notices_of
from shared.domain.rounds import WAITING as ROUNDS
from shared.domain.rounds import Round, RoundPhase
from shared.domain.sessions import WAITING as SESSIONS
from shared.domain.sessions import Series, SessionPhase, SessionState
from shared.ports import Records, Schedules
from shared.usecases.plan_notices import plan_notices
from shared.usecases.publish_round import set_round_alarm

# Further ahead nothing is planned.
_FAR_AHEAD = timedelta(days=3 * 365)
# An alarm that rings at this moment is neither missing nor idle.
_JUST_NOW = timedelta(minutes=2)


def set_alarms(catalogue: Catalogue, records: Records, schedules: Schedules, now: datetime) -> None:
    """Set every alarm of the series that is still ahead. Done again, it changes nothing.

    One per session that is still to be closed; a close that is overdue is the sweep's.
    """
    for session in catalogue.sessions:
        state = records.get(SessionState.key_of(session.id), SessionState)
        if state is not None and not state.closed and state.closes_at > now:
            schedules.close_at(session.id, state.ends_at, state.closes_at)
        else:
            schedules.cancel(session.id)
    plan_notices(catalogue, records, schedules, now)
    set_round_alarm(catalogue.series.id, records, schedules, now)


def find_drift(records: Records, schedules: Schedules, now: datetime) -> Drift:
    """How the alarms that stand differ from those that the catalogues want."""
    wanted = {alarm.name: alarm for alarm in _wanted(records, now)}
    standing = schedules.standing()
    just_now = now + _JUST_NOW
    ahead = [alarm for alarm in wanted.values() if alarm.at > just_now]
    missing = tuple(alarm for alarm in ahead if alarm.name not in standing)
    late = tuple(
        alarm
        for alarm in ahead
        if alarm.name in standing and standing[alarm.name] != alarm.at.replace(microsecond=0)
    )
    idle = tuple(
        sorted(name for name, at in standing.items() if name not in wanted and at > just_now)
    )
    return Drift(missing, late, idle)


def repair_alarms(records: Records, schedules: Schedules, now: datetime) -> Drift:
    """Set right what differs; how it differed."""
    drift = find_drift(records, schedules, now)
    for name in sorted({alarm.series for alarm in (*drift.missing, *drift.late)}):
        series = records.get(Series.key_of(name), Series)
        if series is not None:
            set_alarms(series.catalogue, records, schedules, now)
    for idle in drift.idle:
        schedules.take_back(idle)
    return drift


def _wanted(records: Records, now: datetime) -> Iterator[Alarm]:
    """Every alarm that is to stand, of all series of which anything is still ahead.

    A few records for each session are read, however many people have a seat.
    """
    until = now + _FAR_AHEAD
    rounds = records.waiting(ROUNDS, until, Round)
    names = {state.series for state in records.waiting(SESSIONS, until, SessionState)}
    names |= {notice.series for notice in records.waiting(NOTICES, until, Notice)}
    for name in sorted(names):
        series = records.get(Series.key_of(name), Series)
        if series is not None:
            yield from _of_series(series.catalogue, records, now)
    for around in rounds:
        if around.phase is RoundPhase.OPEN and around.closes_at > now:
            what = "the deadline of the scholarship round"
            yield Alarm(of_round(around.series), around.closes_at, what, around.series)


def _of_series(catalogue: Catalogue, records: Records, now: datetime) -> Iterator[Alarm]:
    series = catalogue.series.id
    for session in catalogue.sessions:
        state = records.get(SessionState.key_of(session.id), SessionState)
        if state is None or state.phase is SessionPhase.REMOVED:
            continue
        if not state.closed and state.closes_at > now:
            what = f"the close of “{session.title}”"
            yield Alarm(of_close(session.id), state.closes_at, what, series)
        if session.cancelled is not None:
            continue
        told = {
            one.name
            for one in records.find(f"SESSION#{session.id}", Notice, "NOTICE#")
            if one.told_at is not None
        }
        for notice in notices_of(catalogue, state, now):
            if notice.name not in told and notice.due_at > now:
                what = f"{notice.what.replace('_', ' ')}: “{session.title}”"
                yield Alarm(of_notice(notice), notice.due_at, what, series)
