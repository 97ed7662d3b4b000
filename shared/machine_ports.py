"""What the machine room needs of the world: queues of what failed, and runs that did."""

from collections.abc import Sequence
from typing import Protocol

from shared.domain.machine_room import DeadQueue, FailedRun


class DeadLetters(Protocol):
    """The dead-letter queues."""

    def queues(self, most: int) -> Sequence[DeadQueue]:
        """Every queue with how much lies there, and at most so many of its messages.

        Looking changes nothing: what is shown is there for the next who looks a moment later.
        """

    def hand_back(self, queue: str, most: int) -> int:
        """Hand at most so many messages over again, the way of that queue; how many it were.

        Cut off, a message may be handed over twice, and never lost. Raises KeyError for a queue
        that is none, Unavailable.
        """


class FailedRuns(Protocol):
    """Runs of workflows that ended in failure."""

    def failed(self, most: int) -> Sequence[FailedRun]:
        """Those that failed and were not run again since, youngest first, at most so many."""

    def run_again(self, machine: str, name: str) -> str | None:
        """Run it again under its name with the next number; that name.

        None if it did not fail, or was run again before. Raises KeyError for no such machine.
        """
