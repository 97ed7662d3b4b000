"""`status`: what runs, where, and what things are called."""

import argparse
from typing import Any

from rich.table import Table

from devstack import cloud, console, paths, processes
from devstack.commands.parsing import Subparsers
from devstack.desk_people import PASSWORD, address_of


def add_parser(subparsers: Subparsers) -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser(
        "status", help="say what runs; exit code 1 if the stack does not"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    return parser


def run(args: argparse.Namespace) -> int:
    """Show the state of the stack."""
    state = describe()
    if args.json:
        console.show_json(state)
    else:
        show(state)
    return 0 if state["running"] else 1


def describe() -> dict[str, Any]:
    """The state of the stack. Addresses and names are there only while it runs."""
    from devstack.raising import running

    stack = running()
    state: dict[str, Any] = {
        "running": stack is not None,
        "processes": [
            {"name": one.name, "pid": one.pid, "alive": processes.is_alive(one), "log": one.log}
            for one in processes.remembered()
        ],
        "home": str(paths.home()),
        "logs": str(paths.logs()),
    }
    if stack is not None:
        state |= {
            "endpoint": stack.endpoint,
            "region": stack.region,
            "version": cloud.version(stack.endpoint),
            "api_url": stack.api_url,
            "desk_url": f"{stack.api_url}/staff",
            "inbox_url": stack.inbox_url,
            "letters": stack.letters,
            "outputs": dict(stack.outputs),
            "resources": dict(stack.resources),
        }
    return state


def show(state: dict[str, Any]) -> None:
    """The same for people, within 80 columns."""
    if not state["running"]:
        console.out.print("The stack is not running. Start it: python -m devstack up")
        for one in state["processes"]:
            console.out.print(
                f"  {one['name']}: {'alive' if one['alive'] else 'gone'}, log {one['log']}"
            )
        return
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 2))
    table.add_row("pages and webhooks", state["api_url"])
    table.add_row("staff desk", state["desk_url"])
    table.add_row("", f"sign in as {address_of('coordinator')}, {PASSWORD}")
    table.add_row("inbox", state["inbox_url"])
    table.add_row("AWS", f"{state['endpoint']}  (ministack {state['version']})")
    table.add_row("uploads", f"s3://{state['outputs']['UploadsBucket']}")
    table.add_row("records", state["outputs"]["RecordsTable"])
    table.add_row("logs", state["logs"])
    console.out.print(table)
