"""Read, decide, commit; and if somebody else committed in between, read again."""

from collections.abc import Callable
from typing import TypeVar

from shared.failures import Conflict, Unavailable

T = TypeVar("T")
ATTEMPTS = 12


def until_committed(attempt: Callable[[], T]) -> T:
    """Run `attempt`, which reads, decides and commits, until its commit meets no change.

    Raises Unavailable after a dozen changes in a row: whoever called will be called again.
    """
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except Conflict:
            continue
    raise Unavailable("Others kept changing the same records.")
