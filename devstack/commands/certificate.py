"""`certificate`: list what was given; correct, withdraw, let count again, send once more."""

import argparse
from typing import TYPE_CHECKING, Any

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.stack import Stack

_GROUNDS = ("attendance", "registration", "mistake", "unnamed")


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("certificate", help="what became of certificates, and changes")
    what = parser.add_subparsers(
        dest="what", metavar="list|correct|revoke|reinstate|repost", required=True
    )
    listed = what.add_parser("list", help="all of one class, or of one series given as a unit")
    listed.add_argument("scope", help="the session's id; the series' id where it is for a unit")
    listed.add_argument("--json", action="store_true")
    correct = _change(what.add_parser("correct", help="issue one anew under the same number"))
    correct.add_argument("--name", help="the name as it is to be printed")
    correct.add_argument(
        "--from-catalogue", action="store_true", help="every other word as the catalogue has it now"
    )
    revoke = _change(what.add_parser("revoke", help="withdraw one; its holder gets a letter"))
    revoke.add_argument(
        "--ground", choices=_GROUNDS, default="unnamed", help="what the public page says of it"
    )
    _change(what.add_parser("reinstate", help="let a withdrawn one count again"))
    _change(what.add_parser("repost", help="send one that counts once more"))
    return parser


def _change(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("email")
    parser.add_argument("scope", help="the session's id; the series' id where it is for a unit")
    add_word(parser, "one sentence, kept; its holder may read it")
    return parser


def run(args: argparse.Namespace) -> int:
    """List, or change one."""
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.revoke_certificate import NothingToChange

    stack = load_stack()
    if args.what == "list":
        return _list(stack, args)
    try:
        _do(stack, args)
    except NothingToChange as refused:
        raise Problem(
            str(refused), f"What there is: python -m devstack certificate list {args.scope}"
        ) from None
    console.out.print("Done. Letters go out: python -m devstack settle")
    return 0


def _do(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import desk
    from shared.adapters.lambda_printing import LambdaPrinting
    from shared.domain.certificate_life import Ground
    from shared.usecases.correct_certificate import correct_certificate
    from shared.usecases.post_certificate_again import post_certificate_again
    from shared.usecases.revoke_certificate import reinstate_certificate, revoke_certificate

    told: dict[str, Any] = {
        "by": who_says(args),
        "why": args.why,
        "records": desk.records(stack),
        "now": desk.now(stack),
    }
    learner = desk.id_of(stack, args.email)
    if args.what == "correct":
        client, function = stack.client("lambda"), stack.function("SessionClosePrintCertificate")
        correct_certificate(
            args.scope, learner, name=args.name, from_catalogue=args.from_catalogue,
            printing=LambdaPrinting(client, function), **told,
        )  # fmt: skip
    elif args.what == "revoke":
        revoke_certificate(args.scope, learner, ground=Ground(args.ground), **told)
    elif args.what == "reinstate":
        reinstate_certificate(args.scope, learner, **told)
    else:
        post_certificate_again(args.scope, learner, **told)


def _list(stack: "Stack", args: argparse.Namespace) -> int:
    from devstack import desk
    from shared.usecases.look_up import look_up_certificates

    found = look_up_certificates(args.scope, records=desk.records(stack))
    if args.json:
        console.show_json({"certificates": found})
        return 0
    if not found:
        console.out.print(f"No certificate for '{args.scope}' yet.", markup=False)
    for one in found:
        console.out.print(f"{one['number']}  {one['status']}  {one['name']}", markup=False)
        for act in one["acts"]:
            said = f"  {act['at'][:16]}  {act['what'].replace('_', ' ')} by {act['by']}: "
            console.out.print(said + act["why"], markup=False)
    return 0
