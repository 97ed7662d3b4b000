"""Keep how many people of a session's attendance are nobody registered, for staff's list."""

from datetime import datetime

from shared.domain.unmatched import UnmatchedRows
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_attendance import unmatched_in
from shared.usecases.find_session import Found, find_session


def unmatched_count(
    found: Found, people: int, records: Records, now: datetime
) -> list[UnmatchedRows]:
    """The count to be committed, if it is another than was kept."""
    session = found.state.session
    known = records.get(UnmatchedRows.key_of(session), UnmatchedRows)
    kept = known or UnmatchedRows(session=session, series=found.series.series, people=0)
    counted = kept.counted(people, now)
    return [counted] if counted != kept else []


def count_unmatched(session: str, *, records: Records, now: datetime) -> None:
    """Count again, after staff have said who somebody is."""

    def attempt() -> None:
        found = find_session(session, records)
        if found is None:
            return
        people = len(unmatched_in(found, records))
        if changed := unmatched_count(found, people, records, now):
            records.commit(*changed)

    until_committed(attempt)
