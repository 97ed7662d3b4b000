"""`deliver`: sign what a provider or a form tool sends, as they do, and post it."""

import argparse
from typing import TYPE_CHECKING

from devstack import console

if TYPE_CHECKING:
    from devstack.commands.parsing import Subparsers


def add_parser(subparsers: "Subparsers") -> argparse.ArgumentParser:
    """Words of the command."""
    parser = subparsers.add_parser("deliver", help="sign a provider's event and post it")
    providers = ("stripe", "razorpay", "paypal", "eventbrite", "zoom", "form")
    parser.add_argument("provider", choices=providers)
    parser.add_argument(
        "file",
        help="from events/payment_webhook/, zoom_webhook/ or scholarship_submission/",
    )
    parser.add_argument("--forged", action="store_true", help="sign with a secret that is not ours")
    return parser


def run(args: argparse.Namespace) -> int:
    """Post it and say what was answered."""
    from pathlib import Path

    from devstack.problems import Problem
    from devstack.providers import deliver
    from devstack.stack import load_stack

    file = Path(args.file)
    if not file.is_file():
        raise Problem(
            f"There is no file {file}.",
            "Look into events/payment_webhook/ and events/scholarship_submission/",
        )
    answer = deliver(load_stack(), args.provider, file.read_bytes(), forged=args.forged)
    console.out.print(f"{answer.status} {answer.body}", markup=False)
    return 0 if answer.status in (200, 201) else 1
