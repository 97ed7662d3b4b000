"""Kills workers of one stack, as a machine that dies under them does. Never anybody else's."""

import contextlib
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def workers_die(
    scratch: Path, functions: tuple[str, ...], *, most: int, seed: int
) -> Iterator["Counter[str]"]:
    """While the block lasts, kill workers of these functions; how many of each have been killed.

    At most so many, about two a second, and only workers that are at work: where several are, one
    of the function that has lost fewest. Workers are known by their folder below `scratch`, which
    only this stack uses.
    """
    killed: Counter[str] = Counter()
    stop, draw = threading.Event(), random.Random(seed)

    def kill() -> None:
        spent: dict[int, int] = {}
        while killed.total() < most and not stop.wait(0.05):
            now = {pid: _cpu(pid) for pid in _workers(scratch, functions)}
            busy = [pid for pid, used in now.items() if used > spent.get(pid, used)]
            spent = now
            if not busy:
                continue
            fewest = min(killed[_function_of(pid, functions)] for pid in busy)
            pid = draw.choice(
                [pid for pid in busy if killed[_function_of(pid, functions)] == fewest]
            )
            killed[_function_of(pid, functions)] += 1
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            stop.wait(draw.uniform(0.2, 0.8))

    thread = threading.Thread(target=kill, name="killer")
    thread.start()
    try:
        yield killed
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
