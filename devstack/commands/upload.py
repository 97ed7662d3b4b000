"""`upload`: put a recording or an attendance report in the bucket, as staff would."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers

_FOLDERS = {"recording": "recordings", "attendance": "attendance"}


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("upload", help="put a recording or a report in the bucket")
    parser.add_argument("what", choices=sorted(_FOLDERS))
    parser.add_argument("session", help="the session's id, such as idha-2025-1")
    parser.add_argument("file")
    return parser


def run(args: argparse.Namespace) -> int:
    """Upload it (in parts, if it is large) and say where it lies."""
    from pathlib import Path

    from devstack.problems import Problem
    from devstack.stack import load_stack

    file = Path(args.file)
    if not file.is_file():
        raise Problem(f"There is no file {file}.")
    stack = load_stack()
    key = f"{_FOLDERS[args.what]}/{args.session}/{file.name}"
    with console.step(f"Upload {key}"):
        stack.client("s3", "staff").upload_file(str(file), stack.uploads, key)
    return 0
