"""`recording`: what there is of a session's recording; release it, announce it, choose its end."""

import argparse
from typing import TYPE_CHECKING, Any

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.stack import Stack


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "recording", help="a session's recording, and staff's word on it"
    )
    what = parser.add_subparsers(dest="what", metavar="list|release|announce|choose", required=True)
    listed = what.add_parser("list", help="its files, and what is missing")
    listed.add_argument("session")
    listed.add_argument("--json", action="store_true")
    for word, about in (
        ("release", "share it although something is missing"),
        ("announce", "write once more to everybody who may watch"),
    ):
        add_word(what.add_parser(word, help=about)).add_argument("session")
    choose = what.add_parser("choose", help="what is to become of one that came late")
    choose.add_argument("session")
    choose.add_argument("late", choices=("extend-all", "from-release", "do-not-share"))
    choose.add_argument("--days", type=int, help="how many days more, or from now")
    add_word(choose)
    return parser


def run(args: argparse.Namespace) -> int:
    """List, or say it; the announcement that follows runs by itself."""
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.rule_on_recording import NothingToRule

    stack = load_stack()
    if args.what == "list":
        return _list(stack, args)
    try:
        _say(stack, args)
    except NothingToRule as refused:
        raise Problem(
            str(refused), f"What there is: python -m devstack recording list {args.session}"
        ) from None
    console.out.print("Kept. Letters, if there are any, go out: python -m devstack settle")
    return 0


def _say(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import desk
    from shared.adapters.step_functions import StepFunctions
    from shared.domain.recording_windows import Late
    from shared.usecases.rule_on_recording import announce_again, choose_window, release_recording

    machine = stack.outputs["RecordingStateMachineArn"]
    told: dict[str, Any] = {
        "by": who_says(args),
        "why": args.why,
        "records": desk.records(stack),
        "workflows": StepFunctions(stack.client("stepfunctions"), machine),
        "now": desk.now(stack),
    }
    if args.what == "release":
        release_recording(args.session, **told)
    elif args.what == "announce":
        announce_again(args.session, **told)
    else:
        choose_window(args.session, Late(args.late), days=args.days, **told)


def _list(stack: "Stack", args: argparse.Namespace) -> int:
    from devstack import desk
    from devstack.problems import Problem
    from shared.usecases.look_up_recording import look_up_recording

    found = look_up_recording(args.session, records=desk.records(stack))
    if found is None:
        raise Problem(f"There is no session '{args.session}'.")
    if args.json:
        console.show_json(found)
        return 0
    console.out.print(f"Until {found['closes_at'] or 'no end'}. {found['release']}", markup=False)
    for file in found["files"]:
        line = f"{file['name']}  {file['status']}  {file['why']}"
        console.out.print(line, markup=False)
    for word in found["words"]:
        days = f" {word['days']} days" if word["days"] else ""
        said = f"  {word['at'][:16]}  {word['what']}{days} by {word['by']}: {word['why']}"
        console.out.print(said, markup=False)
    return 0
