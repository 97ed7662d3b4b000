"""`replay`: read kept payment events again with today's code, and repair what was wrong."""

import argparse
from typing import Any

from devstack import console
from devstack.commands.parsing import Subparsers
from devstack.commands.word import add_word, who_says


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "replay",
        help="read kept payment events again with today's code",
        description="Read kept payment events again with today's code and say what would be "
        "otherwise. Nothing is written without --apply.",
    )
    parser.add_argument(
        "event", nargs="?", help="an event's id, or a payment's: evt_1R... pi_3R..."
    )
    parser.add_argument("--all", action="store_true", help="every event of the last 30 days")
    parser.add_argument("--apply", action="store_true", help="write what would be otherwise")
    add_word(parser, "one sentence, kept with what was changed", optional=True)
    parser.add_argument("--json", action="store_true")
    return parser


def run(args: argparse.Namespace) -> int:
    """Have the stack replay, and say what came of it."""
    import json

    from devstack.functions import invoke
    from devstack.problems import Problem
    from devstack.stack import load_stack

    asked = {
        "event": args.event or "",
        "all": args.all,
        "apply": args.apply,
        "by": who_says(args),
        "why": args.why,
    }
    replayed = json.loads(invoke(load_stack(), "PaymentReplay", asked))
    if "problem" in replayed:
        raise Problem(replayed["problem"], "For example: python -m devstack replay --all")
    if args.json:
        console.show_json(replayed)
    else:
        _tell(replayed)
    return 1 if replayed["failed"] else 0


def _tell(replayed: dict[str, Any]) -> None:
    def say(text: str) -> None:
        console.out.print(text, markup=False)

    say(f"{replayed['events']} events read, {replayed['unchanged']} payments as they are.")
    for order in replayed["orders"]:
        say(order["order"])
        for said in order["new_facts"]:
            say(f"  new: {said}")
        for one in order["changes"]:
            would = "is now" if replayed["applied"] else "would be"
            before, after = (one[when] or "nothing" for when in ("before", "after"))
            say(f"  {one['what']}: {before}, {would} {after}")
        for letter in order["letters"]:
            say(f"  letter: {letter}")
    for one in replayed["by_hand"]:
        say(f"{one['order']}: for you to decide. {one['what']}")
    for one in replayed["unreadable"]:
        say(f"{one['event']} cannot be read: {one['why']}")
    for event in replayed["altered"]:
        say(f"{event} came with another body too; what was taken in first counts.")
    for one in replayed["failed"]:
        say(f"{one['order']} was left as it is: {one['why']}")
    if replayed["orders"] and not replayed["applied"]:
        say("Nothing was written. To repair it, say --apply and --why.")
