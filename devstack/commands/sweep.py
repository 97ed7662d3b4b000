"""`sweep`: do now what is done every hour."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    return subparsers.add_parser("sweep", help="do now what is done every hour")


def run(args: argparse.Namespace) -> int:
    """Sweep, and print what was found."""
    import json

    from devstack.functions import invoke
    from devstack.stack import load_stack

    stack = load_stack()
    found = json.loads(invoke(stack, "SweepHourly", {}))
    found["scholarships"] = json.loads(invoke(stack, "ScholarshipSweep", {}))
    console.show_json(found)
    return 0
