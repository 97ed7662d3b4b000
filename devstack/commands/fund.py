"""`fund`: what a series has to give in scholarships, and where it came from and went."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("fund", help="the scholarship fund of a series, entry by entry")
    parser.add_argument("series", help="the series' id, such as idha-2025")
    parser.add_argument("--json", action="store_true")
    return parser


def run(args: argparse.Namespace) -> int:
    """Look it up."""
    from rich.table import Table

    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.look_up import look_up_fund

    found = look_up_fund(args.series, records=desk.records(load_stack()))
    if found is None:
        raise Problem(
            f"The series '{args.series}' has no scholarship fund.",
            "Publish a catalogue with a scholarship policy: python -m devstack publish FILE",
        )
    if args.json:
        console.show_json(found)
        return 0
    console.out.print(
        f"{found['left']} left, of which the institute put in {found['put_in']}.", markup=False
    )
    table = Table("When", "What", "Moved", "Added", box=None)
    for entry in found["entries"]:
        added = "yes" if entry["added"] else "with the next sweep"
        table.add_row(entry["at"][:16], entry["about"], entry["moved"], added)
    console.out.print(table)
    return 0
