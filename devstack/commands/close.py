"""`close`: start the close of a session now, as its schedule would."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("close", help="start the close of a session now")
    parser.add_argument("session", help="the session's id, such as idha-2025-1")
    return parser


def run(args: argparse.Namespace) -> int:
    """Start it under its business key; a second start is no start."""
    import json

    from devstack import desk
    from devstack.functions import invoke
    from devstack.problems import Problem
    from devstack.stack import load_stack

    stack = load_stack()
    state = desk.session_state(stack, args.session)
    if state.ends_at > desk.now(stack):
        raise Problem(
            f"The session ends at {state.ends_at:%Y-%m-%d %H:%M} UTC, and closes after that.",
            "Publish the catalogue with --shift-to now, to try it.",
        )
    asked = {"session": args.session, "ends_at": state.ends_at.isoformat()}
    answer = json.loads(invoke(stack, "SessionCloseStart", asked))
    console.out.print(
        "The close has started." if answer["started"] else "This close was started before."
    )
    return 0
