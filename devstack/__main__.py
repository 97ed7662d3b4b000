"""The command line: `python -m devstack COMMAND`. Each command is a module of its own."""

import argparse
import sys
from importlib import import_module

from devstack.commands import COMMANDS
from devstack.console import fail
from devstack.problems import Problem


def build_parser() -> argparse.ArgumentParser:
    """A parser that knows every command of the registry."""
    parser = argparse.ArgumentParser(
        prog="devstack",
        description="Tending on your own machine: the real template on a local AWS.",
    )
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = import_module(name)
        module.add_parser(subparsers).set_defaults(run=module.run)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 trouble, 2 wrong words, 130 stopped."""
    args = build_parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except Problem as problem:
        fail(problem)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
