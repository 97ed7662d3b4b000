"""Calling a function of the running stack by its name in the template."""

import json
from typing import Any

from devstack.problems import Problem
from devstack.stack import Stack


def invoke(stack: Stack, name: str, payload: dict[str, Any]) -> str:
    """Its answer as JSON text. Raises Problem if it failed."""
    return invoke_named(stack, stack.function(name), payload)


def invoke_named(stack: Stack, name: str, payload: dict[str, Any]) -> str:
    """The same by the name that the function has in the stack."""
    answer = stack.client("lambda").invoke(FunctionName=name, Payload=json.dumps(payload).encode())
    text: str = answer["Payload"].read().decode()
    if answer.get("FunctionError"):
        raise Problem(f"{name} failed: {text[:300]}", "Look into .devstack/logs")
    return text
