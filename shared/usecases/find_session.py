"""Find a session: where it is, and the series that lists it."""

from dataclasses import dataclass

from shared.domain.catalogue import Catalogue, Session
from shared.domain.sessions import Series, SessionState
from shared.ports import Records


@dataclass(frozen=True)
class Found:
    """A session that its series lists."""

    state: SessionState
    series: Series

    @property
    def catalogue(self) -> Catalogue:
        return self.series.catalogue

    @property
    def session(self) -> Session:
        return self.catalogue.session(self.state.session)


def find_session(session: str, records: Records) -> Found | None:
    """The session of that id, or None if no published series lists it (any more)."""
    state = records.get(SessionState.key_of(session), SessionState)
    series = records.get(Series.key_of(state.series), Series) if state else None
    if state is None or series is None:
        return None
    listed = any(held.id == session for held in series.catalogue.sessions)
    return Found(state, series) if listed else None
