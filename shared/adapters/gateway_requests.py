"""Requests as API Gateway hands them to a function. No import but typing: the edge starts fast."""

from typing import Any


def header(event: dict[str, Any], name: str) -> str:
    """A header's value; several of one name joined, as HTTP joins them."""
    several = event.get("multiValueHeaders") or {}
    values = [one for key, held in several.items() if key.lower() == name for one in held or ()]
    if not values:
        single = event.get("headers") or {}
        values = [value for key, value in single.items() if key.lower() == name and value]
    return ",".join(values)
