"""How far somebody is through a unit: which parts are done, which are missed, what comes next."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from shared.domain.catalogue import Catalogue, Session
from shared.domain.decisions import Decision
from shared.domain.value import Value
from shared.domain.zones import say_short_day


class PartState(StrEnum):
    """Where somebody is with one part."""

    ATTENDED = "attended"
    MADE_UP = "made_up"
    MISSED = "missed"
    UNDECIDED = "undecided"
    AHEAD = "ahead"


class PartProgress(Value):
    """One part, and where the person is with it."""

    session: Session
    state: PartState

    @property
    def done(self) -> bool:
        """Whether the part counts."""
        return self.state in (PartState.ATTENDED, PartState.MADE_UP)


class Progress(Value):
    """All parts of a unit that are held, in the order of their dates."""

    parts: tuple[PartProgress, ...]

    @property
    def done(self) -> int:
        """How many parts count."""
        return sum(part.done for part in self.parts)

    @property
    def next(self) -> Session | None:
        """The next part that is still ahead."""
        return next((p.session for p in self.parts if p.state is PartState.AHEAD), None)

    @property
    def words(self) -> str:
        """In one line: "2 of 4; next: Nov 22", or "4 of 4"."""
        said = f"{self.done} of {len(self.parts)}"
        if self.next is None:
            return said
        return f"{said}; next: {say_short_day(self.next.starts_at, self.next.zone)}"


def progress_of(
    catalogue: Catalogue, attended: Mapping[str, Decision], made_up: frozenset[str], now: datetime
) -> Progress:
    """By session id: what was decided of attendance, and which parts were made up for."""

    def state(part: Session) -> PartState:
        decision = attended.get(part.id)
        if decision is not None and decision.granted:
            return PartState.ATTENDED
        if part.id in made_up:
            return PartState.MADE_UP
        if decision is not None:
            return PartState.MISSED
        return PartState.AHEAD if now < part.ends_at else PartState.UNDECIDED

    return Progress(
        parts=tuple(
            PartProgress(session=part, state=state(part)) for part in catalogue.held_sessions
        )
    )
