"""`export`: the accreditor's list of one session, as CSV or as a PDF to file or print."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("export", help="the accreditor's list of one session")
    parser.add_argument("session", help="the session's id, such as idha-2025-1")
    parser.add_argument("--pdf", action="store_true", help="a PDF instead of a CSV file")
    parser.add_argument("--to", type=Path, help="where to; a file in this folder if not given")
    return parser


def run(args: argparse.Namespace) -> int:
    """Have it written, and fetch it as staff would."""
    import json

    from devstack.functions import invoke
    from devstack.problems import Problem
    from devstack.stack import load_stack

    stack = load_stack()
    kind = "pdf" if args.pdf else "csv"
    answer = json.loads(
        invoke(stack, "SessionCloseExport", {"session": args.session, "kind": kind})
    )
    if "problem" in answer:
        raise Problem(answer["problem"], f"python -m devstack session {args.session}")
    to = args.to or Path(f"{args.session}.{kind}")
    kept = stack.client("s3", "staff").get_object(Bucket=stack.documents, Key=answer["key"])
    to.write_bytes(kept["Body"].read())
    console.out.print(f"{answer['rows']} rows in {to}, and in the bucket: {answer['key']}")
    return 0
