"""`attendance`: who was there and is nobody registered: list, say who it is, prepare for Zoom."""

import argparse
from typing import TYPE_CHECKING

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.stack import Stack


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("attendance", help="who was there, and who that is")
    what = parser.add_subparsers(dest="what", metavar="list|match|registrants", required=True)
    listed = what.add_parser("list", help="those who were there and are nobody registered")
    listed.add_argument("session", help="the session's id, such as idha-2025-1")
    listed.add_argument("--json", action="store_true")
    matched = what.add_parser("match", help="say who a row is; nothing else credits a name")
    matched.add_argument("session")
    matched.add_argument("row", help="the row's id, or its beginning")
    matched.add_argument("registrant", help="the address they registered with, or 'nobody'")
    add_word(matched, "one sentence, kept with the record")
    export = what.add_parser("registrants", help="a CSV file for Zoom's import of registrants")
    export.add_argument("session")
    export.add_argument("--to", help="the file; printed if not given")
    return parser


def run(args: argparse.Namespace) -> int:
    """List, match or export."""
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.match_attendance import CannotBeMatched

    stack = load_stack()
    try:
        match args.what:
            case "list":
                _list(stack, args)
            case "match":
                _match(stack, args)
            case _:
                _export(stack, args)
    except CannotBeMatched as refused:
        raise Problem(
            str(refused), f"See who is meant: python -m devstack attendance list {args.session}"
        ) from None
    return 0


def _list(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import desk
    from shared.usecases.match_attendance import find_session_or_refuse
    from shared.usecases.suggest_matches import find_unmatched

    records = desk.records(stack)
    found = find_unmatched(find_session_or_refuse(args.session, records), records)
    rows = [
        {
            "row": one.seen.sighting.participant,
            "name": one.seen.sighting.name,
            "address": one.seen.sighting.address or None,
            "source": one.seen.sighting.source,
            "lines": list(one.seen.sighting.lines),
            "from_to": [time.isoformat() for time in one.seen.sighting.span or ()],
            "likely": one.likely.address if one.likely else None,
        }
        for one in found
    ]
    if args.json:
        console.show_json({"unmatched": rows})
        return
    if not rows:
        console.out.print("Everybody who was there is somebody registered.")
    for row in rows:
        console.out.print(
            f"{str(row['row'])[:9]}  {row['name']}  {row['address'] or ''}", markup=False
        )
        if row["likely"]:
            console.out.print(f"  likely {row['likely']}; only you can say so", markup=False)


def _match(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import desk
    from shared.adapters.step_functions import StepFunctions
    from shared.usecases.match_attendance import confirm_match

    learner = None if args.registrant == "nobody" else desk.id_of(stack, args.registrant)
    machine = StepFunctions(stack.client("stepfunctions"), stack.outputs["CloseStateMachineArn"])
    holds = confirm_match(
        args.session,
        args.row,
        learner,
        by=who_says(args),
        why=args.why,
        records=desk.records(stack),
        workflows=machine,
        now=desk.now(stack),
    )
    console.out.print(f"Kept for this {holds}. What it changes is decided again.")


def _export(stack: "Stack", args: argparse.Namespace) -> None:
    import io
    from pathlib import Path

    from defusedcsv import csv

    from devstack import desk
    from shared.usecases.register_at_zoom import zoom_registrants

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("Email", "First Name", "Last Name"))
    records, key = desk.records(stack), desk.keys(stack)[0]
    for address, name in zoom_registrants(args.session, records=records, key=key):
        writer.writerow((address, name, ""))
    if args.to:
        Path(args.to).write_text(text.getvalue(), encoding="utf-8-sig", newline="")
    else:
        console.out.print(text.getvalue(), markup=False, end="")
