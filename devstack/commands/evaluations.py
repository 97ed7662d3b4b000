"""`evaluations`: what people said of a session, in sums, once it may be shown."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("evaluations", help="what people said of a session, in sums")
    parser.add_argument("session", help="the session's id, such as idha-2025-1")
    parser.add_argument("--json", action="store_true")
    return parser


def run(args: argparse.Namespace) -> int:
    """Sum it up."""
    from rich.table import Table

    from devstack import desk
    from devstack.stack import load_stack
    from shared.usecases.sum_up_evaluations import sum_up_evaluations

    stack = load_stack()
    desk.session_state(stack, args.session)
    found = sum_up_evaluations(args.session, records=desk.records(stack), now=desk.now(stack)) or {}
    if args.json:
        console.show_json(found)
        return 0
    console.out.print(f"{found['title']}: {found['answers']} answered.", markup=False)
    if not found["shown"]:
        console.out.print(found["why"], markup=False)
        return 0
    table = Table("Question", "Average", "1", "2", "3", "4", "5", "Cannot say", box=None)
    for one in found["questions"]:
        average = "" if one["average"] is None else f"{one['average']:.2f}"
        table.add_row(one["asked"], average, *map(str, one["marks"]), str(one["cannot_say"]))
    console.out.print(table)
    for comment in found["comments"]:
        console.out.print(f"- {comment}", markup=False)
    return 0
