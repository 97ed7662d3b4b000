"""Kills workers of one stack, as a machine that dies under them does. Never anybody else's."""

import os
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Killer:
    """What has been killed so far: the functions' logical ids, in order."""

    killed: list[str] = field(default_factory=list)


@contextmanager
def workers_die(
    scratch: Path, functions: tuple[str, ...], every: float, seed: int
) -> Iterator[Killer]:
    """For as long as the block lasts, kill a worker of these functions, one that is at work.

    Workers are known by their folder below `scratch`, which only this stack uses.
    """
    killer, stop, draw = Killer(), threading.Event(), random.Random(seed)

    def kill() -> None:
        spent: dict[int, int] = {}
        while not stop.wait(every):
            now = {pid: _cpu(pid) for pid in _workers(scratch, functions)}
            busy = [pid for pid, used in now.items() if used > spent.get(pid, used)]
            spent = now
            if busy:
                pid = draw.choice(sorted(busy))
                name = _function_of(pid, functions)
                if name:
                    os.kill(pid, signal.SIGKILL)
                    killer.killed.append(name)

    thread = threading.Thread(target=kill, name="killer")
    thread.start()
    try:
        yield killer
    finally:
        stop.set()
        thread.join()


def _workers(scratch: Path, functions: tuple[str, ...]) -> list[int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if f"{scratch}/" in _command(pid) and _function_of(pid, functions)]


def _function_of(pid: int, functions: tuple[str, ...]) -> str:
    command = _command(pid)
    return next((name for name in functions if f"-{name}-" in command), "")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _cpu(pid: int) -> int:
    """How much the process has computed so far, in ticks."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[11]) + int(fields[12])
