"""`inbox`: the letters that arrived."""

import argparse

from rich.markup import escape
from rich.table import Table

from devstack import console, paths
from devstack.commands.parsing import Subparsers
from devstack.mailbox import Letter, read_inbox
from devstack.problems import Problem


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("inbox", help="list the letters that arrived")
    parser.add_argument("email", nargs="?", help="only letters to this address")
    parser.add_argument("--text", action="store_true", help="also print what the letters say")
    parser.add_argument("--json", action="store_true", help="as JSON, with the text of each letter")
    return parser


def run(args: argparse.Namespace) -> int:
    """List letters. Works while the stack runs and after it was stopped."""
    if not paths.letters().exists():
        raise Problem("There is no inbox yet.", "Start the stack: python -m devstack up")
    letters = read_inbox(paths.letters(), args.email)
    if args.json:
        console.show_json({"letters": [one.about() | {"text": one.text} for one in letters]})
        return 0
    if not letters:
        whose = f" to {args.email}" if args.email else ""
        console.out.print(
            f"No letter{whose} has arrived. They appear here as soon as they are sent."
        )
        return 0
    if args.text:
        for one in letters:
            console.out.rule(escape(f"{one.subject}  →  {', '.join(one.to)}"))
            console.out.print(escape(one.text))
        return 0
    console.out.print(_table(letters))
    return 0


def _table(letters: list[Letter]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("came", no_wrap=True)
    table.add_column("to", overflow="fold")
    table.add_column("subject", overflow="fold")
    table.add_column("with", overflow="fold")
    for one in letters:
        table.add_row(
            one.arrived.astimezone().strftime("%H:%M:%S"),
            escape(", ".join(one.to)),
            escape(one.subject),
            escape(", ".join(attached.name for attached in one.attachments)),
        )
    return table
