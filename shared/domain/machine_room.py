"""What whoever keeps the machines running looks at: what failed, why, and what was found lying.

Ids, kinds of errors and times. What failed may hold people's data; none of it is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from shared.domain.alarms import Drift
from shared.domain.record import Key, Record
from shared.domain.value import Value

# Queues keep what failed for fourteen days; its reason is kept a little longer.
KEPT_FOR = timedelta(days=15)
_RUNS_KEPT = 24


class HandedBack(StrEnum):
    """What handing a dead letter over again means."""

    # Back into the queue that it came from.
    QUEUE = "queue"
    # The call that failed is made again.
    CALL = "call"
    # The record itself still waits: the sweep is asked to look, and the note is let go.
    SWEEP = "sweep"


class FailedMessage(Record):
    """Why a message of a queue could not be handled, the last time that it was tried.

    `error` is the kind of error and `at_place` where in the code; never its words.
    """

    kind: ClassVar[str] = "failed_message"

    message: str
    error: str
    at_place: str
    failed_at: datetime
    tries: int = 1

    @staticmethod
    def key_of(message: str) -> Key:
        """Where the reason of that message's failure stands."""
        return Key(f"FAILED#{message}", "WHY")

    def key(self) -> Key:
        return self.key_of(self.message)


class DeadLetter(Value):
    """One message of a dead-letter queue: its id, when it was sent, how often it was tried, why.

    `about` is what it is about, as far as that is an id or a place.
    """

    id: str
    sent_at: datetime | None = None
    tries: int = 0
    reason: str = ""
    about: str = ""


class DeadQueue(Value):
    """A dead-letter queue: how much lies there, and the first of it."""

    name: str
    hands_back: HandedBack
    lies_there: int
    letters: tuple[DeadLetter, ...] = ()


class FailedRun(Value):
    """A run of a workflow that ended in failure, and was not run again since.

    `name` is its whole name; `error` is the kind of error, `step` the step that failed.
    """

    machine: str
    name: str
    status: str
    ended_at: datetime | None = None
    error: str = ""
    step: str = ""


class SweepRun(Value):
    """What one sweep found left lying, by kind; what it did not find is left out."""

    at: datetime
    found: dict[str, int] = Field(default_factory=dict)


class SweepRuns(Record):
    """The last sweeps of one kind ("hourly", "scholarships"), the youngest first."""

    kind: ClassVar[str] = "sweep_runs"

    which: str
    runs: tuple[SweepRun, ...] = ()

    @staticmethod
    def key_of(which: str) -> Key:
        """Where the last sweeps of that kind stand."""
        return Key(f"SWEEP#{which}", "RUNS")

    def key(self) -> Key:
        return self.key_of(self.which)

    def with_run(self, at: datetime, counts: Mapping[str, int]) -> "SweepRuns":
        """The list with one more run; the oldest falls out."""
        found = {name: count for name, count in counts.items() if count}
        runs = (SweepRun(at=at, found=found), *self.runs)
        return self.model_copy(update={"runs": runs[:_RUNS_KEPT]})


class MachineRoomView(Value):
    """Everything on the page; None for what could not be looked at just now."""

    queues: Sequence[DeadQueue] | None
    runs: Sequence[FailedRun] | None
    sweeps: dict[str, tuple[SweepRun, ...]]
    drift: Drift | None
