"""What the command line shows: one line a step with the time it took, tables, plain errors."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

from devstack.problems import Problem

out = Console(highlight=False, soft_wrap=True)
err = Console(highlight=False, soft_wrap=True, stderr=True)


def show_json(value: object) -> None:
    """Print `value` as JSON on standard output, and nothing else there."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def fail(problem: Problem) -> None:
    """Say on standard error what happened and what to try next."""
    err.print(f"[red]✗[/red] {escape(problem.what)}")
    if problem.advice:
        err.print(f"  {escape(problem.advice)}")


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show `title` while the work goes on, then whether it was done and in how many seconds.

    Steps go to standard error, so that `--json` leaves standard output to the JSON alone.
    """
    began = time.monotonic()
    try:
        with err.status(escape(title)):
            yield
    except BaseException:
        err.print(f"[red]✗[/red] {escape(title)}  {time.monotonic() - began:.1f} s")
        raise
    err.print(f"[green]✓[/green] {escape(title)}  [dim]{time.monotonic() - began:.1f} s[/dim]")
