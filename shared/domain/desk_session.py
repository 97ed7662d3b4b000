"""What the desk's page of one session shows: what is ready, who has a seat, what happened.

Pages draw these; they look nothing up.
"""

from datetime import datetime
from enum import StrEnum

from shared.domain.attendance import AttendanceReport
from shared.domain.cancellations import Cancellation
from shared.domain.catalogue import Catalogue, Session
from shared.domain.desk_roster import RosterPage
from shared.domain.notices import Notice
from shared.domain.recording_release import Release
from shared.domain.recordings import Recording
from shared.domain.session_counts import SessionCounts
from shared.domain.sessions import Series, SessionState
from shared.domain.value import Value


class Ready(StrEnum):
    """How a thing stands. WANTED is for staff to do now; LATER comes by itself, or is not due."""

    DONE = "done"
    WANTED = "wanted"
    LATER = "later"
    NOT_ASKED = "not asked"


class Check(Value):
    """One line of the list of what is ready: how it stands, why, and what to do if anything."""

    code: str
    what: str
    ready: Ready
    why: str
    act: str = ""


class Happening(Value):
    """One thing that happened, or will. `by` is who did it, if a person did, and `why` they did."""

    at: datetime
    text: str
    ahead: bool = False
    by: str = ""
    why: str = ""


class Known(Value):
    """Everything that is kept of one session itself, and of nobody in it."""

    state: SessionState
    series: Series
    notices: tuple[Notice, ...] = ()
    reports: tuple[AttendanceReport, ...] = ()
    recordings: tuple[Recording, ...] = ()
    release: Release | None = None
    cancellation: Cancellation | None = None
    unmatched: int = 0
    counts: SessionCounts | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that counts."""
        return self.series.catalogue

    @property
    def session(self) -> Session:
        """The session as the catalogue has it."""
        return self.catalogue.session(self.state.session)

    @property
    def files(self) -> tuple[Recording, ...]:
        """The files of its recording that are what their names say."""
        return tuple(one for one in self.recordings if one.is_good)


class SessionPage(Value):
    """The whole page. `seats` is how many hold a seat now."""

    known: Known
    checks: tuple[Check, ...]
    happened: tuple[Happening, ...]
    roster: RosterPage
    seats: int

    @property
    def wanted(self) -> tuple[Check, ...]:
        """What staff can do now."""
        return tuple(check for check in self.checks if check.ready is Ready.WANTED)
