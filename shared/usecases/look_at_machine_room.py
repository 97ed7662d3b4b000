"""What whoever keeps the machines running sees: what failed, what was found lying, what drifts.

However many people there are, it asks each queue and each machine once, and reads a few records for
each session ahead.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from shared.domain.machine_room import (
    DeadLetter,
    DeadQueue,
    FailedMessage,
    MachineRoomView,
    SweepRun,
    SweepRuns,
)
from shared.failures import Unavailable
from shared.machine_ports import DeadLetters, FailedRuns
from shared.ports import Records, Schedules
from shared.usecases.set_alarms import find_drift

T = TypeVar("T")
SWEEPS = ("hourly", "scholarships")
_LETTERS_SHOWN = 5
_RUNS_SHOWN = 20


def look_at_machine_room(
    *,
    records: Records,
    dead_letters: DeadLetters,
    failed_runs: FailedRuns,
    schedules: Schedules,
    now: datetime,
) -> MachineRoomView:
    """The view. One thing that does not answer hides no other."""
    return MachineRoomView(
        queues=_if_there(lambda: _queues(dead_letters, records)),
        runs=_if_there(lambda: failed_runs.failed(_RUNS_SHOWN)),
        sweeps={which: _sweeps(which, records) for which in SWEEPS},
        drift=_if_there(lambda: find_drift(records, schedules, now)),
    )


def _queues(dead_letters: DeadLetters, records: Records) -> list[DeadQueue]:
    return [
        queue.model_copy(
            update={"letters": tuple(_explained(one, records) for one in queue.letters)}
        )
        for queue in dead_letters.queues(_LETTERS_SHOWN)
    ]


def _explained(letter: DeadLetter, records: Records) -> DeadLetter:
    """The message with the reason that was kept when it was tried the last time."""
    known = records.get(FailedMessage.key_of(letter.id), FailedMessage)
    if known is None:
        return letter
    reason = f"{known.error}, at {known.at_place}" if known.at_place else known.error
    return letter.model_copy(update={"reason": reason, "tries": known.tries})


def _sweeps(which: str, records: Records) -> tuple[SweepRun, ...]:
    known = records.get(SweepRuns.key_of(which), SweepRuns)
    return known.runs if known else ()


def _if_there(look: Callable[[], T]) -> T | None:
    try:
        return look()
    except Unavailable:
        return None
