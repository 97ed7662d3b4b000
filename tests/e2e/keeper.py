"""Keeps one local stack up for as long as somebody listens, and takes it down whatever happens.

A process of its own: when the tests end, crash or are killed, its input closes, and the stack goes.
It writes one line when the stack stands.
"""

import sys

from devstack.problems import Problem
from devstack.raising import lower_stack, raise_stack


def main() -> int:
    """Raise the stack of `DEVSTACK_HOME`, say so, and wait for the end of the input."""
    try:
        raise_stack(None)
        sys.stdout.write("up\n")
        sys.stdout.flush()
        sys.stdin.read()
    except Problem as problem:
        sys.stdout.write(f"{problem.what} {problem.advice}\n")
        return 1
    finally:
        lower_stack()
    return 0


if __name__ == "__main__":
    sys.exit(main())
