"""Keep how many people of a session's attendance are nobody registered, for staff's list."""

from datetime import datetime

from shared.domain.unmatched import UnmatchedRow, UnmatchedRows
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_attendance import Seen, unmatched_in
from shared.usecases.find_session import Found, find_session


def unmatched_count(
    found: Found, rows: list[UnmatchedRow], records: Records, now: datetime
) -> list[UnmatchedRows]:
    """The count to be committed, if it is another than was kept."""
    session = found.state.session
    known = records.get(UnmatchedRows.key_of(session), UnmatchedRows)
    kept = known or UnmatchedRows(session=session, series=found.series.series, people=0)
    counted = kept.counted(rows, now)
    return [counted] if counted != kept else []


def unmatched_row(seen: Seen, likely: str | None = None) -> UnmatchedRow:
    """Somebody whom nobody knows, and which learner that may be."""
    sighting = seen.sighting
    return UnmatchedRow(participant=sighting.participant, source=sighting.source, likely=likely)


def count_unmatched(session: str, *, records: Records, now: datetime) -> None:
    """Count again, after staff have said who somebody is."""

    def attempt() -> None:
        found = find_session(session, records)
        if found is None:
            return
        rows = [unmatched_row(seen) for seen in unmatched_in(found, records)]
        if changed := unmatched_count(found, rows, records, now):
            records.commit(*changed)

    until_committed(attempt)
