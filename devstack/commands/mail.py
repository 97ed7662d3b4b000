"""`mail`: what the mail service says of letters, and the correction of somebody's address."""

import argparse
from typing import TYPE_CHECKING

from devstack import console
from devstack.commands.word import add_by, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers

_EVENTS = {"bounce": "bounce.permanent", "complaint": "complaint", "delivery": "delivery"}


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("mail", help="letters that come back, and corrected addresses")
    what = parser.add_subparsers(dest="what", metavar="say|correct", required=True)
    say = what.add_parser("say", help="say of the last letter to somebody what SES would say")
    say.add_argument("said", choices=sorted(_EVENTS))
    say.add_argument("email")
    correct = what.add_parser("correct", help="write to another address, and send what was missed")
    correct.add_argument("email", help="the address that they registered with")
    correct.add_argument("address", help="where letters go from now on")
    add_by(correct)
    return parser


def run(args: argparse.Namespace) -> int:
    """Say it, or correct an address."""
    from devstack import desk
    from devstack.feedback import say
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.correct_address import NoAddress, NoSuchPerson, correct_address

    stack = load_stack()
    if args.what == "say":
        say(stack, _EVENTS[args.said], args.email)
        console.out.print("It is in the queue. See what follows: python -m devstack settle")
        return 0
    try:
        again = correct_address(
            desk.id_of(stack, args.email), args.address, by=who_says(args),
            records=desk.records(stack), key=desk.keys(stack)[0], now=desk.now(stack),
        )  # fmt: skip
    except (NoAddress, NoSuchPerson) as error:
        raise Problem(str(error), "Who is known? python -m devstack learner EMAIL") from None
    console.out.print(f"Corrected. {again} letters that were missed are sent again.")
    return 0
