"""JSON that every parser reads alike: each name once, every number one. Standard library alone.

What somebody posts to us may be read otherwise by whoever signed it, if a name stands twice in it.
"""

import json
from typing import Any


def plain_object(body: bytes) -> dict[str, Any]:
    """The one plain JSON object that the body is. Raises ValueError, or RecursionError."""
    told = json.loads(
        body, object_pairs_hook=_each_once, parse_constant=_finite, parse_float=_finite
    )
    if isinstance(told, dict):
        return told
    raise ValueError("It is no object.")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) != len(pairs):
        raise ValueError("A name stands twice.")
    return held


def _finite(written: str) -> float:
    number = float(written)
    if number - number != 0:
        raise ValueError("That is no number.")
    return number
