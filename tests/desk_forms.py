"""Every act of the desk and the fields of its form, read off the code: none is forgotten."""

import ast
from functools import cache
from pathlib import Path

_DESK = Path("functions/staff_desk")
_SAYS = ("said", "all_said")


@cache
def acts() -> dict[str, frozenset[str]]:
    """The fields that are looked at of the form of each act, by the address it is posted to."""
    return {
        address: fields | {"why", "back"}
        for module in sorted(_DESK.glob("*.py"))
        for address, fields in _of(ast.parse(module.read_text("utf-8")))
    }


def _of(module: ast.Module) -> list[tuple[str, frozenset[str]]]:
    functions = {one.name: one for one in module.body if isinstance(one, ast.FunctionDef)}
    return [
        (str(argument.value), frozenset(_fields(one, functions)))
        for one in functions.values()
        for decorator in one.decorator_list
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(".post")
        for argument in decorator.args
        if isinstance(argument, ast.Constant)
    ]


def _fields(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """What it asks for itself, and what the functions beside it do that it calls."""
    found: set[str] = set()
    for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _SAYS:
            found |= {str(one.value) for one in call.args if isinstance(one, ast.Constant)}
        if isinstance(call.func, ast.Name) and call.func.id in functions:
            found |= _fields(functions[call.func.id], functions)
    return found
