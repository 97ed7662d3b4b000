"""Processes this stack started, and no others: known by id *and* time of start.

A process id alone is not enough to stop a process by. After a crash or a restart of the machine
the same number may belong to somebody else.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from devstack import paths

_LINUX_PROC = Path("/proc/self/stat")


@dataclass(frozen=True)
class Started:
    """One process we started in a session of its own: `pid` is also its group's id."""

    name: str
    pid: int
    started: str
    log: str


def free_port() -> int:
    """A port on loopback that nobody listens on right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int) -> bool:
    """Whether `port` on loopback can be taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start(name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> Started:
    """Start `command` in the background, away from the terminal, and remember it on disk."""
    log = paths.logs() / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
        )
    one = Started(name, process.pid, _started(process.pid) or "gone", str(log))
    _remember([*remembered(), one])
    return one


def remembered() -> list[Started]:
    """The processes of this stack that were started and not yet stopped, alive or not."""
    file = paths.processes_file()
    if not file.exists():
        return []
    return [Started(**entry) for entry in json.loads(file.read_text())]


def is_alive(one: Started) -> bool:
    """Whether this very process still runs."""
    return one.started != "gone" and _started(one.pid) == one.started


def stop_all(patience: float = 10.0) -> list[str]:
    """Stop what this stack started, newest first, and the children it left. Returns the names.

    Children matter: workers of the local AWS outlive it.
    """
    stopped = []
    for one in reversed(remembered()):
        alive = is_alive(one)
        children = _children(one, alive)
        if alive:
            _signal(one.pid, signal.SIGTERM)
            if not _gone([(one.pid, one.started)], patience):
                _signal(one.pid, signal.SIGKILL)
            stopped.append(one.name)
        _stop_children(children)
    paths.processes_file().unlink(missing_ok=True)
    return stopped


def _children(one: Started, alive: bool) -> list[tuple[int, str]]:
    """Who else is in the group that `one` leads, or led. Each with its time of start."""
    group = [(pid, started) for pid, started in _members(one.pid) if pid != one.pid]
    if alive:
        return group
    # The leader is gone, so the group's number proves nothing by itself. What a worker runs lies
    # in this stack's own folder, and its command line says so.
    ours = str(paths.scratch())
    return [(pid, started) for pid, started in group if ours in _command_line(pid)]


def _stop_children(children: Sequence[tuple[int, str]]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid, started in children:
            if _started(pid) == started:
                _signal(pid, number)
        if _gone(children, 3.0):
            return


def _gone(expected: Sequence[tuple[int, str]], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while any(_started(pid) == started for pid, started in expected):
        if time.monotonic() > deadline:
            return False
        _reap()
        time.sleep(0.05)
    return True


def _reap() -> None:
    # A child of this very process stays a zombie, and so "alive", until it is waited for.
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _started(pid: int) -> str | None:
    """When the process began, as the system words it, or None if there is none (or a zombie)."""
    if _LINUX_PROC.exists():
        fields = _stat(Path(f"/proc/{pid}/stat"))
        return None if fields is None or fields[0] == "Z" else fields[19]
    answer = subprocess.run(  # noqa: S603
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 - where it lies differs by system
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or None


def _members(group: int) -> list[tuple[int, str]]:
    if _LINUX_PROC.exists():
        found = []
        for file in Path("/proc").glob("[0-9]*/stat"):
            fields = _stat(file)
            if fields is not None and fields[2] == str(group) and fields[0] != "Z":
                found.append((int(file.parent.name), fields[19]))
        return found
    answer = subprocess.run(
        ["ps", "-axo", "pid=,pgid="],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    pids = [
        int(line.split()[0]) for line in answer.stdout.splitlines() if line.split()[1] == str(group)
    ]
    return [(pid, started) for pid in pids if (started := _started(pid))]


def _command_line(pid: int) -> str:
    if _LINUX_PROC.exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return ""
    answer = subprocess.run(  # noqa: S603
        ["ps", "-o", "command=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout


def _stat(file: Path) -> list[str] | None:
    # Fields after the command's name, which may itself hold spaces and brackets: state is [0],
    # process group [2], time of start [19].
    try:
        return file.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return None


def _remember(all_of_them: Sequence[Started]) -> None:
    file = paths.processes_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(one) for one in all_of_them], indent=2))
