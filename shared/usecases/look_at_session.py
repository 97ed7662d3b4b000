"""Look at one session: what is ready, who has a seat, what happened. Looking changes nothing.

The page asks the table eleven questions, whether ten people have a seat or ten thousand, and up
to three more where a few hundred are sorted by name: see look_at_roster. What stands beside the
roster is got by name wherever its name is known.
"""

from datetime import UTC, datetime

from shared.domain.attendance import AttendanceReport
from shared.domain.cancellations import Cancellation
from shared.domain.desk_session import Known, SessionPage
from shared.domain.notices import Notice, notices_of
from shared.domain.readiness import readiness
from shared.domain.record import Key, Record
from shared.domain.recording_release import Release
from shared.domain.recordings import Recording
from shared.domain.session_counts import SessionCounts
from shared.domain.session_timeline import timeline
from shared.domain.takings import PARTS, Takings, together
from shared.domain.unmatched import UnmatchedRows
from shared.ports import R, Records
from shared.usecases.find_session import Found, find_session
from shared.usecases.look_at_roster import look_at_roster

# The most that is shown of anything that is not the roster.
_MOST = 100
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


def look_at_session(
    session: str, *, begins: str = "", records: Records, now: datetime
) -> SessionPage | None:
    """The page, or None if there is no such session. `begins` is whom the roster begins behind."""
    found = find_session(session, records)
    if found is None:
        return None
    known = _known(found, records)
    _, seats = together(
        records.page(Takings.partition_of(found.series.series), Takings, most=PARTS)
    )
    holding = seats.get(session, 0)
    return SessionPage(
        known=known,
        checks=readiness(known, now),
        happened=timeline(known, now),
        roster=look_at_roster(
            found.catalogue, session, begins=begins, holding=holding, records=records, now=now
        ),
        seats=holding,
    )


def _known(found: Found, records: Records) -> Known:
    session = found.state.session
    here = f"SESSION#{session}"
    reports = [AttendanceReport.key_of(session, one) for one in found.state.reports]
    known = records.get_each(
        {
            UnmatchedRows.key_of(session): UnmatchedRows,
            Release.key_of(session): Release,
            Cancellation.key_of(session): Cancellation,
            SessionCounts.key_of(session): SessionCounts,
        }
    )
    unmatched = _of(known, UnmatchedRows)
    return Known(
        state=found.state,
        series=found.series,
        notices=_notices(found, records),
        reports=tuple(records.get_all(reports, AttendanceReport).values()),
        recordings=tuple(records.page(here, Recording, Recording.prefix_of(), most=_MOST)),
        release=_of(known, Release),
        cancellation=_of(known, Cancellation),
        unmatched=unmatched.people if unmatched else 0,
        counts=_of(known, SessionCounts),
    )


def _of(known: dict[Key, Record], kind: type[R]) -> R | None:
    return next((one for one in known.values() if isinstance(one, kind)), None)


def _notices(found: Found, records: Records) -> tuple[Notice, ...]:
    """Those of the plan as it is now, told or still to be: their names follow from the plan."""
    planned = notices_of(found.catalogue, found.state, _BEFORE_ALL)
    keys = list(dict.fromkeys(notice.key() for notice in planned))[:_MOST]
    return tuple(records.get_all(keys, Notice).values())
