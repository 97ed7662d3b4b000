"""`publish`: put a catalogue file in the bucket, as staff would, and show what became of it."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("publish", help="put a catalogue file in the bucket")
    parser.add_argument("file", help="YAML, such as events/catalogue_published/idha-2025.yaml")
    parser.add_argument(
        "--shift-to",
        metavar="TIME",
        help="move its first session's end there, the others along (2026-01-31T18:30Z, or now)",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Publish, wait for the verdict, print it."""
    from datetime import UTC, datetime
    from pathlib import Path

    from devstack.problems import Problem
    from devstack.publishing import publish
    from devstack.stack import load_stack

    file = Path(args.file)
    if not file.is_file():
        raise Problem(f"There is no file {file}.", "Try events/catalogue_published/idha-2025.yaml")
    to = None
    if args.shift_to:
        try:
            to = (
                datetime.now(UTC)
                if args.shift_to == "now"
                else datetime.fromisoformat(args.shift_to)
            )
        except ValueError:
            raise Problem(
                f"'{args.shift_to}' is not a time.", "Write it like 2026-01-31T18:30Z"
            ) from None
    with console.step(f"Publish {file.name}"):
        verdict = publish(load_stack(), file, to)
    console.out.print(verdict.strip(), markup=False)
    return 1 if verdict.startswith("Nothing was changed") else 0
