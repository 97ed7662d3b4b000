"""`community`: whom the nightly look would invite to a series' community, and who would leave."""

import argparse
from typing import TYPE_CHECKING

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "community", help="whom to invite to a series' community, and who has to leave it"
    )
    parser.add_argument("series", help="the series' id, such as idha-2025")
    parser.add_argument("--apply", action="store_true", help="do it now, not only say it")
    parser.add_argument("--hold", metavar="EMAIL", help="change nothing for that person")
    parser.add_argument("--release", metavar="EMAIL", help="take that back")
    add_word(parser, "why; asked for with --hold", optional=True)
    return parser


def run(args: argparse.Namespace) -> int:
    """Ask the function that does it each night, or keep what staff say."""
    import json

    from devstack.functions import invoke
    from devstack.problems import Problem
    from devstack.stack import load_stack

    stack = load_stack()
    if args.hold or args.release:
        return _hold(args)
    told = {"series": args.series, "apply": args.apply}
    answer = json.loads(invoke(stack, "CommunityKeep", told))
    if "problem" in answer:
        raise Problem(answer["problem"], 'Put {"api_key": "..."} into CommunityKeySecretId.')
    if not answer["networks"]:
        raise Problem(
            f"The series '{args.series}' has no community with a network.",
            "Write `network:` under `community:` in its catalogue and publish it.",
        )
    console.show_json(answer["networks"])
    return 0


def _hold(args: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.domain.communities import Hold
    from shared.usecases.keep_community import hold_in_community, networks

    stack = load_stack()
    records = desk.records(stack)
    learner = desk.id_of(stack, args.hold or args.release)
    if args.hold and not args.why.strip():
        raise Problem("Why is nothing to be changed for them?", "Say it with --why TEXT.")
    hold = Hold(by=who_says(args), why=args.why, at=datetime.now(UTC)) if args.hold else None
    for network in networks(records, args.series):
        hold_in_community(network, learner, hold, records=records)
    console.out.print("Kept. The nightly look changes nothing for them." if hold else "Released.")
    return 0
