"""`scholarships`: a scholarship round: who waits for votes, what was decided, how it ends."""

import argparse
from typing import TYPE_CHECKING, Any

from devstack import console
from devstack.commands.word import add_word, who_says

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers
    from devstack.stack import Stack
    from shared.domain.scholarship_views import ReviewView

_OUTCOMES = ("full", "partial", "waitlist", "decline", "aside")


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "scholarships", help="a scholarship round: list, show one, vote, close the voting"
    )
    what = parser.add_subparsers(dest="what", metavar="list|show|vote|decide|close", required=True)
    _series(what.add_parser("list", help="every application that counts, and the fund"))
    show = _series(what.add_parser("show", help="one application as a reviewer sees it"))
    show.add_argument("reference", help="its number, such as S-4KQ7M2XA")
    show.add_argument(
        "--as", dest="reviewer", metavar="EMAIL", help="as this reviewer, who may have voted"
    )
    vote = _series(what.add_parser("vote", help="vote as a reviewer; it cannot be changed"))
    vote.add_argument("reference", help="the number of the application")
    vote.add_argument("--as", dest="reviewer", metavar="EMAIL", required=True)
    vote.add_argument("--outcome", choices=_OUTCOMES, required=True)
    vote.add_argument("--award", help="of a partial scholarship, such as 105.00", default="")
    vote.add_argument("--strength", choices=("1", "2", "3"), default="2", help="3 is strongly")
    decide = _series(what.add_parser("decide", help="say what reviewers left open: staff's word"))
    decide.add_argument("reference", help="the number of the application")
    decide.add_argument("--outcome", choices=_OUTCOMES[:-1], required=True)
    decide.add_argument("--award", help="of a partial scholarship, such as 105.00", default="")
    add_word(decide, "one sentence, kept until it is erased")
    _series(what.add_parser("close", help="end the voting now: staff's word, before its day"))
    return parser


def _series(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("series", help="the series' id, such as idha-2025")
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Look, vote, decide or close."""
    from devstack.stack import load_stack

    stack = load_stack()
    if args.what == "list":
        _list(stack, args)
    elif args.what == "close":
        _close(stack, args)
    elif args.what == "decide":
        _decide(stack, args)
    else:
        _one(stack, args)
    return 0


def _list(stack: "Stack", args: argparse.Namespace) -> None:
    from rich.table import Table

    from devstack.round_desk import look_at_round

    found = look_at_round(stack, args.series)
    if args.json:
        console.show_json(found)
        return
    console.out.print(f"{found['title']}: {_where(found)}", markup=False)
    if found["fund"]["left"]:
        left, put_in = (_money(found["fund"][what]) for what in ("left", "put_in"))
        console.out.print(f"In the fund: {left} of {put_in}", markup=False)
    for number, reviewer in enumerate(found["reviewers"]):
        console.out.print(f"{'' if number else 'Reviewers:':10} {reviewer}", markup=False)
    if not found["applications"]:
        console.out.print("No application counts in it yet.")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("number", "sent", "priority", "votes", "decided", "award"):
        table.add_column(heading, no_wrap=heading != "award", overflow="fold")
    for one in found["applications"]:
        award = f"{_money(one['award'])} {one['award_status']}" if one["award"] else "–"
        table.add_row(
            one["reference"],
            "late" if one["late"] else "in time",
            "yes" if one["priority"] else "–",
            f"{one['votes']} of {found['votes_needed']}",
            one["outcome"] or "–",
            award,
        )
    console.out.print(table)


def _where(found: dict[str, Any]) -> str:
    match found["phase"]:
        case "open":
            return f"people may apply until {found['closes_at'][:16].replace('T', ' ')} UTC."
        case "voting":
            return f"voting until {found['voting_closes_at'][:16].replace('T', ' ')} UTC."
    return "the round is over."


def _one(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import round_desk
    from devstack.problems import Problem

    if args.what == "vote":
        if args.outcome == "partial" and not args.award:
            raise Problem(
                "A partial scholarship is of some amount, and none was given.",
                "Add what it should pay, such as: --award 105.00",
            )
        if args.outcome == "aside":
            fields = {"conflict": "yes"}
        else:
            fields = {name: getattr(args, name) for name in ("outcome", "award", "strength")}
        view = round_desk.vote(stack, args.series, args.reference, args.reviewer, fields)
    else:
        view = round_desk.look_at_one(stack, args.series, args.reference, args.reviewer)
    if args.json:
        console.show_json(view.model_dump(mode="json", exclude={"catalogue", "back", "problem"}))
    elif args.what == "vote":
        console.out.print("The vote is cast. This is how it stands:")
        _show(view)
    else:
        _show(view)


def _show(view: "ReviewView") -> None:
    asks = "everything" if view.ask.full else f"a part; could pay {view.ask.could_pay}"
    band = ("late" if view.late else "in time", "priority group" if view.priority else "")
    console.out.print(f"{view.reference}  {', '.join(word for word in band if word)}", markup=False)
    if view.name:
        console.out.print(f"From {view.name}", markup=False)
    if view.roles:
        console.out.print(f"{', '.join(view.roles)}", markup=False)
    console.out.print(f"Asks for {asks}, of {view.price}", markup=False)
    for text in view.texts:
        console.out.rule()
        console.out.print(text, markup=False)
    console.out.rule()
    for said in view.votes:
        console.out.print(f"Vote: {said}", markup=False)
    if not view.voted:
        console.out.print("Name and votes are shown to whoever has voted.")


def _close(stack: "Stack", args: argparse.Namespace) -> None:
    import json

    from devstack import desk, round_desk
    from devstack.functions import invoke
    from devstack.problems import Problem
    from shared.domain.rounds import RoundPhase

    where = round_desk.around(stack, args.series)
    if where.phase is RoundPhase.CLOSED:
        raise Problem(
            "This round is over.",
            f"See how it ended: python -m devstack scholarships list {args.series}",
        )
    if desk.now(stack) < where.closes_at:
        raise Problem(
            f"People may apply until {where.closes_at:%Y-%m-%d %H:%M} UTC, so it cannot close yet.",
            "To try it, go ahead in time: python -m devstack clock +8d",
        )
    asked = {"series": args.series, "close_now": True}
    answer = json.loads(invoke(stack, "ScholarshipRoundStart", asked))
    if not answer["closing"]:
        raise Problem("The round was closed in the meantime.")
    if args.json:
        console.show_json(answer)
        return
    console.out.print("Voting ends now. What is decided goes out: python -m devstack settle")


def _decide(stack: "Stack", args: argparse.Namespace) -> None:
    from devstack import round_desk

    by = who_says(args)
    round_desk.decide(stack, args.series, args.reference, args.outcome, args.award, by, args.why)
    if args.json:
        console.show_json({"reference": args.reference, "outcome": args.outcome})
        return
    console.out.print("Decided. What follows goes out: python -m devstack settle")


def _money(money: dict[str, Any]) -> str:
    from shared.domain.money import Money

    return str(Money.model_validate(money))
