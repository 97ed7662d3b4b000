"""Continuing education as data: whose credits a class brings, for whom, and on which conditions."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.domain.catalogue_values import Day, Id, Line, Name, Part, Text

# A postal code of the United States, or of a province.
Place = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Hours = Annotated[Decimal, Field(gt=0, le=24, decimal_places=2)]
Minutes = Annotated[int, Field(ge=0, le=240)]


class Board(Part):
    """One board or approval under which a class brings credit: all of it, or none.

    No `professions` means all of them, no `states` all states, no `tiers` every rate that comes
    with credit. `hours` are the credit of each session, `session_hours` of those that differ; with
    neither it is the session's own. Minutes that are not given are those of the attendance policy.
    A unit is credited whole: all parts, and of a board that is `live_only` none of them made up.
    """

    id: Id
    board: Name
    professions: tuple[Line, ...] = Field(default=(), max_length=20)
    states: tuple[Place, ...] = Field(default=(), max_length=60)
    tiers: tuple[Id, ...] = Field(default=(), max_length=20)
    hours: Hours | None = None
    session_hours: dict[Id, Hours] = Field(default_factory=dict)
    approval_number: Line | None = None
    # Both inclusive; a class counts if it is held between them, by the calendar of its own zone.
    approved_from: Day | None = None
    approved_to: Day | None = None
    statement: Text | None = None
    live_only: bool = True
    grace_late: Minutes | None = None
    grace_early: Minutes | None = None
    longest_gap: Minutes | None = None
    least_minutes: Annotated[int, Field(ge=0, le=720)] | None = None
    evaluation: bool = False

    def hours_of(self, session_id: str, otherwise: Decimal | None) -> Decimal | None:
        """The credit of that session, in hours; `otherwise` is what the session itself says."""
        return self.session_hours.get(session_id, self.hours or otherwise)


class CreditPolicy(Part):
    """Which boards there are, what people must tell us first, and how long a late answer counts.

    With `ask_particulars` nobody gets a certificate who has not said what their profession is;
    answers count until `answer_days` after the session (or the last part of a unit). `others` says
    whether those for whom no board speaks get the certificate, without its credits. `make_up` names
    the kinds of parts of a unit that may be made up by the recording and a reflection.
    """

    boards: tuple[Board, ...] = Field(default=(), max_length=12)
    ask_particulars: bool = False
    answer_days: int = Field(default=90, ge=1, le=3650)
    others: bool = True
    make_up: tuple[Literal["class", "session", "circle"], ...] = ()
    make_up_days: int = Field(default=30, ge=1, le=365)
    make_up_approved_by_staff: bool = False
