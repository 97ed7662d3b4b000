"""`redrive`: hand over again what failed: dead letters and failed workflows."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "redrive",
        help="hand over again what failed: dead letters and failed workflows",
        description="Hand over again what failed, once its cause is mended: payment events, calls "
        "and letters from the dead-letter queues, and each workflow whose last run failed. What "
        "was done before is not done twice.",
    )
    parser.add_argument("--json", action="store_true", help="as JSON: counts by kind")
    return parser


def run(args: argparse.Namespace) -> int:
    """Redrive, and say how much of what."""
    from dataclasses import asdict

    from devstack.redrive import redrive
    from devstack.stack import load_stack

    counts = asdict(redrive(load_stack()))
    if args.json:
        console.show_json(counts)
        return 0
    for kind, count in counts.items():
        console.out.print(f"{kind.replace('_', ' ')}: {count}", markup=False)
    return 0
