"""`session`: one session's roster, attendance, decisions, and what it waits for."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("session", help="one session: roster, attendance, decisions")
    parser.add_argument("session", help="the session's id, such as idha-2025-1")
    parser.add_argument("--json", action="store_true")
    return parser


def run(args: argparse.Namespace) -> int:
    """Look the session up."""
    from rich.table import Table

    from devstack import desk
    from devstack.stack import load_stack
    from shared.usecases.look_up import look_up_session

    stack = load_stack()
    desk.session_state(stack, args.session)
    found = look_up_session(args.session, records=desk.records(stack)) or {}
    if args.json:
        console.show_json(found)
        return 0
    waits = " (waits for its attendance report)" if found["waiting_for_report"] else ""
    console.out.print(f"{found['title']}: {found['phase']}{waits}", markup=False)
    verdicts = {decision["learner"]: decision for decision in found["decisions"]}
    roster = Table("Name", "Status", "Rate", "Minutes", "Certificate")
    for person in found["roster"]:
        verdict = verdicts.get(person["learner"])
        why = " ".join(r["text"] for r in verdict["earned"]["reasons"]) if verdict else ""
        earned = (
            "" if verdict is None else ("yes" if verdict["earned"]["granted"] else f"no: {why}")
        )
        minutes = str(verdict["minutes"]) if verdict else ""
        roster.add_row(
            person["name"], person["status"], ", ".join(person["tiers"]), minutes, earned
        )
    console.out.print(roster)
    opened = {one["learner"]: one for one in found["openings"]}
    for person in found["roster"]:
        if one := opened.get(person["learner"]):
            times, networks = _counted(one["count"], "time"), _counted(one["networks"], "network")
            said = f"{person['name']} opened the recording {times}, from {networks} within a month."
            console.out.print(said, markup=False)
    return 0


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
