"""`appeal`: what people ask to be looked at again, and the answer."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from shared.domain.appeals import Appeal

_FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("appeal", help="decisions that people ask to be looked at again")
    what = parser.add_subparsers(dest="what", metavar="list|answer", required=True)
    listing = what.add_parser("list", help="those that wait for an answer, oldest first")
    listing.add_argument("--json", action="store_true", help="for scripts")
    answer = what.add_parser("answer", help="the decision stands, or it is changed")
    answer.add_argument("appeal", help="as “list” names it: SCOPE/ID/NUMBER")
    outcome = answer.add_mutually_exclusive_group(required=True)
    outcome.add_argument("--uphold", dest="says", action="store_const", const="upheld")
    outcome.add_argument("--change", dest="says", action="store_const", const="changed")
    answer.add_argument("--why", required=True, help="what the person reads")
    answer.add_argument("--by", help="who decides; your user's name if not given")
    return parser


def run(args: argparse.Namespace) -> int:
    """List what waits, or answer."""
    import getpass

    from devstack import desk
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.adapters.step_functions import StepFunctions
    from shared.domain.appeals import WAITING, Appeal, AppealOutcome
    from shared.usecases.answer_appeal import NothingToAnswer, answer_appeal

    stack = load_stack()
    records = desk.records(stack)
    if args.what == "list":
        found = [_told(one) for one in records.waiting(WAITING, _FAR_AHEAD, Appeal)]
        if args.json:
            console.show_json(found)
        else:
            _print(found)
        return 0
    machine = StepFunctions(stack.client("stepfunctions"), stack.outputs["AppealStateMachineArn"])
    try:
        answer_appeal(
            args.appeal, AppealOutcome(args.says), by=args.by or getpass.getuser(), why=args.why,
            records=records, workflows=machine, now=desk.now(stack),
        )  # fmt: skip
    except NothingToAnswer as refused:
        raise Problem(str(refused), "What waits: python -m devstack appeal list") from None
    console.out.print("Answered. They get a letter: python -m devstack settle")
    return 0


def _told(appeal: "Appeal") -> dict[str, Any]:
    return {
        "appeal": appeal.id,
        "about": appeal.about,
        "asked_at": appeal.asked_at.isoformat(),
        "answer_by": appeal.answer_by.isoformat(),
        "reason": appeal.reason,
    }


def _print(found: list[dict[str, Any]]) -> None:
    if not found:
        console.out.print("Nobody asks for anything to be looked at again.")
    for one in found:
        console.out.print(f"{one['appeal']}  answer by {one['answer_by'][:10]}", markup=False)
        console.out.print(f"  {one['reason']}", markup=False)
