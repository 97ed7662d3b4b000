"""`demo`: a whole season in some minutes, and whether it ended as it must."""

import argparse
from typing import TYPE_CHECKING, Any

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.season.play import Season


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("demo", help="play a whole season and check its outcome")
    parser.add_argument("--keep", action="store_true", help="leave the stack running afterwards")
    return parser


def run(args: argparse.Namespace) -> int:
    """Start fresh, play, show, judge; leave nothing running unless asked to."""
    from devstack import paths
    from devstack.problems import Problem
    from devstack.raising import lower_stack, raise_stack, running
    from devstack.season import outcome
    from devstack.season.play import play

    if running() is not None:
        raise Problem(
            "A stack is running here, and the demo wants a fresh one.",
            "Stop it first: python -m devstack down",
        )
    try:
        stack = raise_stack(None)
        season = play(stack)
        summary = outcome.summarise(season)
        folder = paths.home() / "demo"
        outcome.save(season, summary, folder)
        _show(season, summary)
        wrong = outcome.differences(summary, season)
        for sentence in wrong:
            console.err.print(f"✗ {sentence}", markup=False)
        if not wrong:
            console.out.print("The season ended as it must.")
        console.out.print(f"Letters, certificates and summary.json: {folder}", markup=False)
        return 1 if wrong else 0
    finally:
        if not args.keep:
            with console.step("Stop what was started"):
                lower_stack()


def _show(season: "Season", summary: dict[str, Any]) -> None:
    from rich.table import Table

    from devstack.season import outcome

    people = Table("Who", "Bought", "Letters", "Certificate", "Recording")
    for row in outcome.rows(season):
        people.add_row(*row)
    console.out.print(people)
    counts = Table("", *summary["institutes"])
    for what in ("registrations", "in_review", "certificates", "duplicates_ignored"):
        counts.add_row(
            what.replace("_", " "),
            *(str(institute[what]) for institute in summary["institutes"].values()),
        )
    console.out.print(counts)
