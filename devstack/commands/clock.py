"""`clock`: set the stack's clock ahead, so that what takes weeks can be seen today."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from datetime import timedelta

    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "clock",
        help="set the stack's clock ahead, or say how far ahead it is",
        description="The functions take the time from here. Alarms of the scheduler do not: after "
        "a move, `sweep` finds what has become due.",
    )
    parser.add_argument(
        "move", nargs="?", help="+8d, +3h or +30m goes further ahead; reset goes back to now"
    )
    parser.add_argument("--json", action="store_true", help="as JSON: seconds ahead, and the time")
    return parser


def run(args: argparse.Namespace) -> int:
    """Move it, if asked, and show it."""
    from devstack import clock, desk
    from devstack.stack import load_stack

    stack = load_stack()
    ahead = clock.ahead(stack)
    if args.move:
        ahead = clock.NOT_AHEAD if args.move == "reset" else ahead + clock.read_move(args.move)
        with console.step("Set the clock of every function"):
            clock.set_ahead(stack, ahead)
    now = desk.now(stack)
    if args.json:
        console.show_json({"ahead_seconds": int(ahead.total_seconds()), "now": now.isoformat()})
        return 0
    far = f"{_said(ahead)} ahead" if ahead else "at the real time"
    console.out.print(f"The stack's clock is {far}: {now:%Y-%m-%d %H:%M} UTC.", markup=False)
    if args.move and ahead:
        console.out.print("What has become due is found by: python -m devstack sweep")
    return 0


def _said(ahead: "timedelta") -> str:
    hours, seconds = divmod(ahead.seconds, 3600)
    parts = ((ahead.days, "days"), (hours, "hours"), (seconds // 60, "minutes"))
    return ", ".join(f"{number} {unit}" for number, unit in parts if number)
