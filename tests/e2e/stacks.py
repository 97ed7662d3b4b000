"""Local stacks of the tests' own: each with a folder of its own, none of them the developer's."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from devstack import paths
from devstack.stack import Stack, load_stack


@dataclass(frozen=True)
class Kept:
    """A stack that is being raised or stands, and the process that keeps it."""

    home: Path
    keeper: "subprocess.Popen[str]"

    def stack(self) -> Stack:
        """The stack, once it stands. Fails with what went wrong if it never does."""
        said = _pipe(self.keeper.stdout).readline().strip()
        assert said == "up", f"The stack in {self.home} did not start: {said}"
        with _at_home(self.home):
            return load_stack()

    def scratch(self) -> Path:
        """Where the workers of this stack lie, and of no other."""
        with _at_home(self.home):
            return paths.scratch()

    def log(self) -> str:
        """What the local AWS wrote, the output of all functions among it."""
        return (self.home / "logs" / "aws.log").read_text(encoding="utf-8", errors="replace")


def raise_in(home: Path) -> Kept:
    """Begin to raise a stack whose state lies in `home`. Returns at once."""
    keeper = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.keeper"],
        cwd=paths.REPO,
        env={**os.environ, "DEVSTACK_HOME": str(home), "PYTHONPATH": str(paths.REPO)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for the tests, which then let go of the stack.
        start_new_session=True,
    )
    return Kept(home, keeper)


def lower(kept: Kept) -> None:
    """Take the stack down, and wait until it is."""
    _pipe(kept.keeper.stdin).close()
    try:
        kept.keeper.wait(timeout=60)
    except subprocess.TimeoutExpired:
        kept.keeper.send_signal(signal.SIGINT)
        kept.keeper.wait(timeout=30)
    _pipe(kept.keeper.stdout).close()


def _pipe(end: "IO[str] | None") -> "IO[str]":
    assert end is not None
    return end


@contextmanager
def _at_home(home: Path) -> Iterator[None]:
    before = os.environ.get("DEVSTACK_HOME")
    os.environ["DEVSTACK_HOME"] = str(home)
    try:
        yield
    finally:
        if before is None:
            del os.environ["DEVSTACK_HOME"]
        else:
            os.environ["DEVSTACK_HOME"] = before
