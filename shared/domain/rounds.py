"""A scholarship round: from its deadline to the end of voting. Holds no personal data."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.domain.applications import Outcome
from shared.domain.record import Key, Record
from shared.domain.value import Value

WAITING = "round"
# Fewer people than this could be recognised behind a number.
SMALLEST_COUNT = 10


class RoundPhase(StrEnum):
    """Where a round is. People may apply while it is open or voting (then they are late)."""

    OPEN = "open"
    VOTING = "voting"
    CLOSED = "closed"


class Counted(Value):
    """One number that is kept of a closed round; None if it is too small to be kept."""

    what: str
    number: int | None = None


class Round(Record):
    """Where the round of a series is, and what its workflow waits for.

    It waits as "round" for its next moment (deadline, reminder, end of voting), so that the sweep
    finds what no clock woke.
    """

    kind: ClassVar[str] = "round"

    series: str
    # The first moment after the deadline; names the workflow that handles it.
    closes_at: datetime
    phase: RoundPhase = RoundPhase.OPEN
    # Step Functions' token of the workflow that waits for votes; never leaves the table.
    task_token: str | None = None
    reminded: int = 0
    close_asked: bool = False
    closed_at: datetime | None = None
    counts: tuple[Counted, ...] = ()

    @staticmethod
    def key_of(series: str) -> Key:
        """Where the round of that series stands."""
        return Key(f"SERIES#{series}", "ROUND")

    def key(self) -> Key:
        return self.key_of(self.series)


def round_name(series: str, closes_at: datetime) -> str:
    """The business key of the review of a round: its series and its deadline."""
    return f"round-{series}-{closes_at:%Y%m%dT%H%MZ}"


def kept_counts(outcomes: dict[Outcome, int], priority: int) -> tuple[Counted, ...]:
    """What may be remembered of a round when its applications are erased.

    No number below ten, and none from which such a number could be worked out: if just one part of
    a whole would be hidden, the next smallest is hidden too.
    """
    total = sum(outcomes.values())
    parts = {f"outcome:{outcome}": outcomes.get(outcome, 0) for outcome in Outcome}
    bands = {"priority:yes": priority, "priority:no": total - priority}
    kept = [Counted(what="all", number=total if total >= SMALLEST_COUNT else None)]
    for whole in (parts, bands):
        kept += _hidden_where_small(whole)
    return tuple(kept)


def _hidden_where_small(parts: dict[str, int]) -> list[Counted]:
    hidden = {what for what, number in parts.items() if 0 < number < SMALLEST_COUNT}
    if len(hidden) == 1:
        others = {what: n for what, n in parts.items() if what not in hidden and n}
        hidden |= {min(others, key=lambda what: (others[what], what))} if others else set()
    return [
        Counted(what=what, number=None if what in hidden else number)
        for what, number in parts.items()
    ]
