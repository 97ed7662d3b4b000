"""`up`: start the local stack in the background and deploy the template to it."""

import argparse
import signal
from types import FrameType

from devstack import console
from devstack.commands.parsing import Subparsers


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "up", help="start the stack, deploy the template, print addresses and names"
    )
    parser.add_argument("--port", type=int, help="port of the local AWS; a free one if not given")
    parser.add_argument("--json", action="store_true", help="print addresses and names as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Raise the stack. Stopped half-way, it leaves nothing running."""
    from devstack.commands.status import describe, show
    from devstack.raising import raise_stack

    # A plain kill is to clean up just as Ctrl-C does.
    signal.signal(signal.SIGTERM, _as_if_interrupted)
    raise_stack(args.port)
    if args.json:
        console.show_json(describe())
    else:
        show(describe())
    return 0


def _as_if_interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
