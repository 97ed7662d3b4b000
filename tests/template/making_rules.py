"""Whether everything of the template can be made: whatever needs another must come after it."""

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from tests.template.expansion import Template

_NAMED = re.compile(r"\$\{(\w+)")


def circles(template: Template) -> list[str]:
    """Resources that wait for each other to be made, in a circle."""
    needs = {name: set(_needed(one)) & set(template) for name, one in template.items()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def _needed(of: Any) -> Iterator[str]:
    if isinstance(of, list):
        for one in of:
            yield from _needed(one)
    if not isinstance(of, dict):
        return
    for key, value in of.items():
        match key:
            case "Ref":
                yield str(value)
            case "Fn::GetAtt":
                yield str(value[0] if isinstance(value, list) else value).partition(".")[0]
            case "Fn::Sub":
                yield from _NAMED.findall(value if isinstance(value, str) else value[0])
                yield from _needed(value)
            case "DependsOn":
                yield from [value] if isinstance(value, str) else value
            case _:
                yield from _needed(value)
