"""`down`: stop what `up` started, and nothing else."""

import argparse

from devstack import console
from devstack.commands.parsing import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("down", help="stop what up started")
    parser.add_argument("--json", action="store_true", help="print what was stopped as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Stop the stack. Doing so twice is fine."""
    from devstack.raising import lower_stack

    with console.step("Stop the stack"):
        stopped = lower_stack()
    if args.json:
        console.show_json({"stopped": stopped})
    elif not stopped:
        console.out.print("  Nothing was running.")
    return 0
