"""Look at one series in sums, or at the list of all of them. Looking changes nothing.

The page of a series asks six questions, however many people there are: sums are kept as things
happen (takings) or were counted at the last close (session_counts).
"""

from shared.domain.awards import Fund
from shared.domain.desk_series import SeatsOf, SeriesPage
from shared.domain.rounds import Round
from shared.domain.session_counts import SessionCounts
from shared.domain.sessions import Series, SeriesPointer, SessionState
from shared.domain.takings import PARTS, Takings, together
from shared.ports import Records

# The most series that are listed.
_MOST = 100


def look_at_series(series: str, *, records: Records) -> SeriesPage | None:
    """The page, or None if there is no such series."""
    kept = records.get(Series.key_of(series), Series)
    if kept is None:
        return None
    catalogue = kept.catalogue
    sessions = [session.id for session in catalogue.sessions]
    states = records.get_all([SessionState.key_of(one) for one in sessions], SessionState)
    counts = records.get_all([SessionCounts.key_of(one) for one in sessions], SessionCounts)
    lines, taken = together(records.page(Takings.partition_of(series), Takings, most=PARTS))
    return SeriesPage(
        series=kept,
        seats=tuple(
            SeatsOf(
                session=session,
                state=states.get(SessionState.key_of(session.id)),
                taken=taken.get(session.id, 0),
                counts=counts.get(SessionCounts.key_of(session.id)),
            )
            for session in catalogue.sessions
        ),
        money=tuple(line for line in lines if line.orders),
        fund=records.get(Fund.key_of(series), Fund),
        round=records.get(Round.key_of(series), Round),
    )


def list_series(*, records: Records) -> list[Series]:
    """Every published series, what was last first. Two questions."""
    pointers = records.page(SeriesPointer.PARTITION, SeriesPointer, most=_MOST)
    keys = [Series.key_of(pointer.series) for pointer in pointers]
    found = records.get_all(keys, Series).values()
    return sorted(found, key=lambda one: one.catalogue.sessions[-1].ends_at, reverse=True)
