"""`settle`: wait until queues, executions and letters are quiet."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("settle", help="wait until nothing is on its way any more")
    parser.add_argument("--timeout", type=float, default=120, metavar="SECONDS")
    return parser


def run(args: argparse.Namespace) -> int:
    """Wait, showing that we do."""
    from devstack.quiet import settle
    from devstack.stack import load_stack

    with console.step("Wait until everything is done"):
        settle(load_stack(), args.timeout)
    return 0
