"""`learner`: all that the system knows of one person, with the reasons."""

import argparse
from typing import TYPE_CHECKING, Any

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("learner", help="all that is known of one person")
    parser.add_argument("email")
    parser.add_argument("--json", action="store_true")
    return parser


def run(args: argparse.Namespace) -> int:
    """Look the person up."""
    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.look_up import look_up_learner

    stack = load_stack()
    learner = desk.id_of(stack, args.email)
    found = look_up_learner(learner, records=desk.records(stack), now=desk.now(stack))
    if found is None:
        raise Problem(
            f"Nobody with the address {args.email} has registered.",
            "A payment in review has no person yet: python -m devstack status",
        )
    if args.json:
        console.show_json(found)
    else:
        _show(found)
    return 0


def _show(found: dict[str, Any]) -> None:
    from rich.table import Table

    console.out.print(f"{found['name']} <{found['address']}>", markup=False)
    seats = Table("Session", "Status", "Recording", "Certificate")
    for registration in found["registrations"]:
        rights = registration["entitlements"]
        seats.add_row(
            registration["session"],
            registration["status"],
            *(_said(rights.get(right)) for right in ("recording", "credit")),
        )
    console.out.print(seats)
    for decision in found["decisions"]:
        text = " ".join(reason["text"] for reason in decision["earned"]["reasons"])
        mark = "earned" if decision["earned"]["granted"] else "not earned"
        console.out.print(f"{decision['scope']}: {mark}. {text}", markup=False)
    letters = Table("Letter", "About", "Status")
    for letter in found["letters"]:
        letters.add_row(letter["letter"], letter["about"], letter["status"])
    console.out.print(letters)


def _said(decision: dict[str, Any] | None) -> str:
    if decision is None:
        return "?"
    if decision["granted"]:
        return "yes"
    return "no: " + " ".join(reason["text"] for reason in decision["reasons"])
