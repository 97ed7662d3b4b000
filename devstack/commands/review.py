"""`review`: what waits for staff: payments, requests for money back, two who may be one person."""

import argparse
from typing import TYPE_CHECKING

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.stack import Stack


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("review", help="payments that wait for staff's decision")
    words = "list|accept|refuse|classes|same|apart|accept-refund|decline-refund"
    what = parser.add_subparsers(dest="what", metavar=words, required=True)
    listed = what.add_parser("list", help="every payment that waits, oldest first")
    listed.add_argument("--json", action="store_true")
    accept = _decision(what.add_parser("accept", help="let it count as a line of the price book"))
    accept.add_argument("--offer", required=True, help="the price's id, such as general-class-1")
    accept.add_argument("--address", help="where to write to, if it came without")
    _decision(what.add_parser("refuse", help="it buys nothing; give the money back"))
    for name, meaning in (("same", "two addresses are one person"), ("apart", "they are two")):
        pair = what.add_parser(name, help=meaning)
        pair.add_argument("pair", help="as the list names it, such as idha-2025/L...+L...")
        _reasoned(pair)
    classes = what.add_parser("classes", help="say which classes a partial refund is for")
    classes.add_argument("order")
    classes.add_argument("session", nargs="*", help="the classes' ids; none means no class")
    back = _of_refund(what.add_parser("accept-refund", help="give back what a request asks for"))
    back.add_argument("--class", dest="classes", action="append", help="only this one; repeatable")
    back.add_argument("--amount", type=int, help="less than its share, in cents or paise")
    _of_refund(what.add_parser("decline-refund", help="give nothing back; they read why"))
    return parser


def _of_refund(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("request", help="the request, such as stripe-pi_3R...-r1")
    return add_word(parser, "one sentence; if you decline, they read it")


def _decision(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("order", help="the payment, such as stripe-pi_3R...")
    return _reasoned(parser)


def _reasoned(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    return add_word(parser, "one sentence, kept with the payment")


def run(args: argparse.Namespace) -> int:
    """List, or decide one."""
    from devstack.problems import Problem
    from devstack.stack import load_stack
    from shared.usecases.rule_on_likeness import NothingToSay
    from shared.usecases.rule_on_payment import CannotBeRuled

    stack = load_stack()
    if args.what == "list":
        _list(stack, as_json=args.json)
        return 0
    try:
        _decide(stack, args)
    except (CannotBeRuled, NothingToSay) as refused:
        raise Problem(str(refused), "See what waits: python -m devstack review list") from None
    console.out.print("Done. Letters go out: python -m devstack settle")
    return 0


def _decide(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import desk
    from shared.usecases import rule_on_likeness, rule_on_payment

    records, key, now = desk.records(stack), desk.keys(stack)[0], desk.now(stack)
    if args.what in ("accept-refund", "decline-refund"):
        _decide_refund(stack, args)
        return
    if args.what == "classes":
        rule_on_payment.name_refunded_classes(
            args.order, tuple(args.session), records=records, identity_key=key, now=now
        )
        return
    by = who_says(args)
    if args.what == "same":
        rule_on_likeness.say_same_person(
            args.pair, by=by, why=args.why, records=records, identity_key=key, now=now
        )
    elif args.what == "apart":
        rule_on_likeness.say_two_people(args.pair, by=by, why=args.why, records=records, now=now)
    elif args.what == "accept":
        rule_on_payment.accept_payment(
            args.order, args.offer, by=by, why=args.why, address=args.address, records=records,
            identity_key=key, now=now,
        )  # fmt: skip
    else:
        rule_on_payment.refuse_payment(args.order, by=by, why=args.why, records=records, now=now)
        console.out.print("Give the money back at the payment provider; Tending hears of it.")


def _decide_refund(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import desk
    from shared.usecases.rule_on_refund import accept_refund, decline_refund

    by, now = who_says(args), desk.now(stack)
    records, key = desk.records(stack), desk.keys(stack)[0]
    if args.what == "accept-refund":
        accept_refund(
            args.request, by=by, why=args.why, sessions=tuple(args.classes or ()),
            minor=args.amount, records=records, identity_key=key, now=now,
        )  # fmt: skip
    else:
        decline_refund(
            args.request, by=by, why=args.why, records=records, identity_key=key, now=now
        )


def _list(stack: "Stack", *, as_json: bool) -> None:
    from devstack import desk
    from shared.usecases.rule_on_likeness import likenesses_in_review
    from shared.usecases.rule_on_payment import payments_in_review
    from shared.usecases.rule_on_refund import refunds_for_staff

    records, now = desk.records(stack), desk.now(stack)
    waiting = payments_in_review(records=records, now=now)
    refunds = refunds_for_staff(records=records, now=now)
    alike = likenesses_in_review(records=records, now=now)
    if as_json:
        console.show_json({"payments": waiting, "refunds": refunds, "people": alike})
        return
    if not waiting and not alike:
        console.out.print("Nothing waits for you.")
    for pair in alike:
        console.out.print(f"{pair['pair']}  {' and '.join(pair['people'])}", markup=False)
        for reason in (*pair["reasons"], pair["suggestion"]):
            console.out.print(f"  {reason}", markup=False)
    for one in waiting:
        console.out.print(f"{one['order']}  {one['paid']}  {one['buyer']}", markup=False)
        for reason in (*one["reasons"], one["suggestion"]):
            if reason:
                console.out.print(f"  {reason}", markup=False)
    if not refunds:
        console.out.print("No request for money back waits for you.")
    for one in refunds:
        console.out.print(f"{one['request']}  {one['amount']}  {one['person']}", markup=False)
        for said in (", ".join(one["classes"]), *one["reasons"], one["note"], one["suggestion"]):
            if said:
                console.out.print(f"  {said}", markup=False)
