"""`makeup`: reflections on recordings by which people make up for a missed part of a unit."""

import argparse
from typing import TYPE_CHECKING

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.stack import Stack


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("makeup", help="reflections on recordings that wait for staff")
    what = parser.add_subparsers(dest="what", metavar="list|approve|decline", required=True)
    listed = what.add_parser("list", help="what people wrote, the oldest first")
    listed.add_argument("--json", action="store_true")
    for word, about, kept in (
        ("approve", "let the part count", "one sentence, kept for whoever asks later"),
        ("decline", "not as it is; they can change it", "what is missing; they read it"),
    ):
        said = add_word(what.add_parser(word, help=about), kept)
        said.add_argument("email", help="who wrote it")
        said.add_argument("session", help="the part, such as just-clinic-2")
    return parser


def run(args: argparse.Namespace) -> int:
    """List them, or say it of one."""
    from devstack.stack import load_stack

    stack = load_stack()
    return _list(stack, as_json=args.json) if args.what == "list" else _say(stack, args)


def _list(stack: "Stack", *, as_json: bool) -> int:
    from devstack import desk
    from shared.domain.registrations import Learner
    from shared.usecases.make_up_part import reflections_in_review

    records = desk.records(stack)
    rows = []
    for kept, part in reflections_in_review(records=records, now=desk.now(stack)):
        person = records.get(Learner.key_of(kept.learner or ""), Learner)
        rows.append(
            {
                "session": kept.session,
                "title": part.title,
                "since": kept.waiting_since,
                "name": person.name if person else None,
                "address": person.address if person else None,
                "reflection": kept.reflection,
            }
        )
    if as_json:
        console.show_json({"reflections": rows})
        return 0
    if not rows:
        console.out.print("No reflection waits.")
    for row in rows:
        console.out.print(f"{row['address']}  {row['session']}  {row['title']}", markup=False)
        console.out.print(f"{row['reflection']}\n", markup=False)
    return 0


def _say(stack: "Stack", args: argparse.Namespace) -> int:
    from devstack import desk
    from devstack.problems import Problem
    from shared.usecases.make_up_part import approve_reflection

    spoken = approve_reflection(
        args.session,
        desk.id_of(stack, args.email),
        approved=args.what == "approve",
        by=who_says(args),
        why=args.why,
        records=desk.records(stack),
        now=desk.now(stack),
    )
    if not spoken:
        raise Problem(
            f"{args.email} has sent no reflection on '{args.session}'.",
            "What there is: python -m devstack makeup list",
        )
    console.out.print("Kept. The unit is decided again: python -m devstack settle")
    return 0
