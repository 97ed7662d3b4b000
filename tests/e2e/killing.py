"""Kills workers of one stack, as a machine that dies under them does. Never anybody else's."""

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LOOK, _LIST = 0.02, 0.5  # seconds between looks at known workers, and between lists of them


@contextmanager
def workers_die(
    scratch: Path, functions: tuple[str, ...], *, each: int
) -> Iterator["Counter[str]"]:
    """While the block lasts, kill workers of these functions; how many of each have been killed.

    Only workers that are at work, so many of each function, and with a pause in between: what is
    started after a death must be able to get somewhere. Workers are known by their folder below
    `scratch`, which only this stack uses.
    """
    killed: Counter[str] = Counter()
    stop = threading.Event()

    def kill() -> None:
        spent: dict[int, int] = {}
        known: dict[int, str] = {}
        rests: dict[str, float] = {}
        listed = 0.0
        while not stop.wait(_LOOK):
            if time.monotonic() - listed > _LIST:
                known, listed = _workers(scratch, functions), time.monotonic()
            for pid, function in known.items():
                before, spent[pid] = spent.get(pid), _cpu(pid)
                if before is None or spent[pid] <= before:
                    continue
                if killed[function] < each and time.monotonic() > rests.get(function, 0):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed[function] += 1
                        rests[function] = time.monotonic() + 1

    thread = threading.Thread(target=kill, name="killer")
    thread.start()
    try:
        yield killed
    finally:
        stop.set()
        thread.join()


def _workers(scratch: Path, functions: tuple[str, ...]) -> dict[int, str]:
    """Process ids of the workers that run now, and which function each is of."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            command = _command(entry)
            names = [name for name in functions if f"-{name}-" in command]
            if names and f"{scratch}/" in command:
                found[int(entry.name)] = names[0]
    return found


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _cpu(pid: int) -> int:
    """How much the process has computed so far, in ticks; 0 if it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[11]) + int(fields[12])
