"""`override`: staff's own word on somebody's attendance or credit, or taking it back."""

import argparse
from typing import TYPE_CHECKING, Any

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers

_SAYS = {
    "attended": ("attendance", True),
    "not_attended": ("attendance", False),
    "credit": ("credit", True),
    "no_credit": ("credit", False),
}


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("override", help="staff's own word on attendance or credit")
    parser.add_argument("email")
    parser.add_argument("scope", help="the session's id; the series' id where it is for a unit")
    words = parser.add_mutually_exclusive_group(required=True)
    words.add_argument("--attended", dest="says", action="store_const", const="attended")
    words.add_argument("--not-attended", dest="says", action="store_const", const="not_attended")
    words.add_argument("--credit", dest="says", action="store_const", const="credit")
    words.add_argument("--no-credit", dest="says", action="store_const", const="no_credit")
    parser.add_argument("--withdraw", action="store_true", help="take back what was said of it")
    add_word(parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Say it, or take it back; the decision, and what follows from it, run by themselves."""
    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.override_decision import (
        NothingToOverride,
        override_decision,
        withdraw_override,
    )

    stack = load_stack()
    about, granted = _SAYS[args.says]
    learner = desk.id_of(stack, args.email)
    told: dict[str, Any] = {
        "why": args.why,
        "by": who_says(args),
        "records": desk.records(stack),
        "now": desk.now(stack),
    }
    try:
        if args.withdraw:
            withdraw_override(args.scope, learner, about, **told)  # type: ignore[arg-type]
        else:
            override_decision(args.scope, learner, about, granted=granted, **told)  # type: ignore[arg-type]
    except NothingToOverride as refused:
        raise Problem(
            str(refused), f"What holds: python -m devstack explain {args.email} {args.scope}"
        ) from None
    console.out.print("Kept. The decision runs again: python -m devstack settle")
    return 0
