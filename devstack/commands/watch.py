"""`watch`: replace somebody's link to a recording, so that earlier ones open nothing."""

import argparse
from typing import TYPE_CHECKING

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("watch", help="links to recordings that went round")
    what = parser.add_subparsers(dest="what", metavar="revoke", required=True)
    revoke = what.add_parser("revoke", help="replace a person's link; the new one comes by letter")
    revoke.add_argument("email")
    revoke.add_argument("session", help="the session's id, such as idha-2025-1")
    add_word(revoke)
    return parser


def run(args: argparse.Namespace) -> int:
    """Replace the link."""
    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.replace_watch_link import replace_watch_link
    from shared.usecases.revoke_certificate import NothingToChange

    stack = load_stack()
    try:
        link = replace_watch_link(
            args.session, desk.id_of(stack, args.email), by=who_says(args),
            why=args.why, records=desk.records(stack), now=desk.now(stack),
        )  # fmt: skip
    except NothingToChange as refused:
        raise Problem(
            str(refused), f"Who is in it: python -m devstack session {args.session}"
        ) from None
    console.out.print(f"Replaced. Earlier links open nothing. New links so far: {link.generation}.")
    console.out.print("The letter with the new one goes out: python -m devstack settle")
    return 0
