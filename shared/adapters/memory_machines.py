"""The twins of dead-letter queues and of runs that failed, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.domain.machine_room import DeadLetter, DeadQueue, FailedRun, HandedBack


@dataclass
class MemoryDeadLetters:
    """Messages by queue. What was handed over again is listed, and no longer lies there."""

    lying: dict[str, list[DeadLetter]] = field(default_factory=dict)
    ways: dict[str, HandedBack] = field(default_factory=dict)
    handed: list[tuple[str, str]] = field(default_factory=list)

    def queues(self, most: int) -> list[DeadQueue]:
        return [
            DeadQueue(
                name=name,
                hands_back=way,
                lies_there=len(self.lying.get(name, [])),
                letters=tuple(self.lying.get(name, [])[:most]),
            )
            for name, way in self.ways.items()
        ]

    def hand_back(self, queue: str, most: int) -> int:
        if queue not in self.ways:
            raise KeyError(queue)
        lying = self.lying.get(queue, [])
        taken, self.lying[queue] = lying[:most], lying[most:]
        self.handed += [(queue, one.id) for one in taken]
        return len(taken)


@dataclass
class MemoryFailedRuns:
    """Runs that failed, and the names under which some were run again."""

    runs: list[FailedRun] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    def failed(self, most: int) -> Sequence[FailedRun]:
        return [run for run in self.runs if f"{run.name}-r2" not in self.again][:most]

    def run_again(self, machine: str, name: str) -> str | None:
        if all(run.machine != machine for run in self.runs):
            raise KeyError(machine)
        following = f"{name}-r2"
        if following in self.again or all(run.name != name for run in self.runs):
            return None
        self.again.append(following)
        return following
