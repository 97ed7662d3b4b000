"""`explain`: why somebody was decided so; or whom a changed policy would decide otherwise."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "explain", help="why somebody was decided so; or try a changed policy on a session"
    )
    parser.add_argument("email", nargs="?", help="whose decision; left out with --policy")
    parser.add_argument("session", help="the session's id, such as idha-2025-1")
    parser.add_argument("--policy", type=Path, help="a catalogue file whose policies are tried")
    parser.add_argument("--json", action="store_true")
    return parser


def run(args: argparse.Namespace) -> int:
    """Explain one person, or try a policy on everybody. Nothing is written."""
    from devstack.problems import Problem

    if args.policy is not None:
        return _try(args)
    if args.email is None:
        raise Problem(
            "Whose decision should be explained?",
            f"python -m devstack explain EMAIL {args.session}",
        )
    return _explain(args)


def _explain(args: argparse.Namespace) -> int:
    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.explain_decision import explain_decision

    stack = load_stack()
    found = explain_decision(
        args.session, desk.id_of(stack, args.email), records=desk.records(stack)
    )
    if found is None:
        raise Problem(
            f"Nobody with the address {args.email} has a seat in '{args.session}'.",
            f"Who has one: python -m devstack session {args.session}",
        )
    if args.json:
        console.show_json(found)
        return 0
    for line in lines_of(found):
        console.out.print(line, markup=False)
    return 0


def lines_of(found: dict[str, Any]) -> list[str]:
    """What was found out about one person, in plain words."""
    lines = [f"{found['name']}: {found['title']}", ""]
    lines += [f"  {event['clock']:>9}  {event['what']}" for event in found["timeline"]]
    files = [one["file"] for one in found["sources"] if one["counts"]]
    by = [f"the report {files[0]}"] if files else []
    by += ["what Zoom told live"] if found["told_live"] else []
    lines += ["", f"By {' and '.join(by)}." if by else "By no report."]
    for verdict in found["verdicts"]:
        mark = "earned" if verdict["earned"]["granted"] else "not earned"
        lines.append(
            f"{verdict['scope']}: the certificate is {mark}; {verdict['minutes']} minutes."
        )
        lines += [f"  - {reason['text']}" for reason in verdict["earned"]["reasons"]]
        for board in verdict["boards"]:
            brings = f"{board['hours']} credits" if board["granted"] else "no credit"
            lines.append(f"  {board['name']}: {brings}")
            lines += [f"    - {reason['text']}" for reason in board["reasons"]]
    if not found["verdicts"]:
        lines.append("Nothing has been decided yet.")
    for word in found["overrides"]:
        says = "yes" if word["granted"] else "no"
        back = " It was taken back." if word["withdrawn"] else ""
        lines.append(f"Staff said {says} to {word['about']} ({word['by']}): {word['why']}{back}")
    lines += [f"Certificate {one['number']}: {one['status']}." for one in found["certificates"]]
    return lines


def _try(args: argparse.Namespace) -> int:
    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.adapters.catalogue_yaml import read_catalogue
    from shared.domain.catalogue_checks import CatalogueQuestions
    from shared.usecases.explain_decision import try_policy

    stack = load_stack()
    try:
        changed = read_catalogue(args.policy.read_bytes())
        found = list(
            try_policy(args.session, changed, records=desk.records(stack), now=desk.now(stack))
        )
    except OSError as error:
        raise Problem(f"{args.policy} cannot be read.", "Is the path right?") from error
    except CatalogueQuestions as questions:
        raise Problem(str(questions), "Answer each question in the file, then try again.") from None
    except LookupError as error:
        raise Problem(str(error), "Upload the report first.") from None
    told = [
        {
            "learner": one.learner,
            "name": one.name,
            "earned_now": one.now.earned.granted,
            "earned_then": one.then.earned.granted,
            "why": [reason.text for reason in one.then.earned.reasons],
            "boards_now": [b.board for b in one.now.boards if b.decision.granted],
            "boards_then": [b.board for b in one.then.boards if b.decision.granted],
        }
        for one in found
    ]
    if args.json:
        console.show_json({"session": args.session, "changes": told})
        return 0
    for one in told:
        change = {True: "earned", False: "not earned"}
        was, would = change[bool(one["earned_now"])], change[bool(one["earned_then"])]
        console.out.print(f"{one['name']}: {was}, would be {would}.", markup=False)
        for why in one["why"]:  # type: ignore[attr-defined]
            console.out.print(f"  - {why}", markup=False)
    console.out.print(f"{len(told)} would change. Nothing was written.")
    return 0
