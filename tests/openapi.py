"""The description of what may be asked from outside, and the template's routes beside it."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.from_template import template

DESCRIPTION = Path(__file__).parent.parent / "docs" / "openapi.yaml"
_METHODS = ("get", "post", "put", "patch", "delete")


@cache
def guarded() -> frozenset[tuple[str, str]]:
    """(method, path) of every route of which the API asks first who comes."""
    return frozenset(
        (event["Properties"]["Method"], event["Properties"]["Path"])
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
        for event in resource["Properties"].get("Events", {}).values()
        if event["Type"] == "Api" and event["Properties"].get("Auth") == {"Authorizer": "Staff"}
    )


@cache
def description() -> dict[str, Any]:
    """docs/openapi.yaml."""
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(DESCRIPTION.read_text("utf-8"))
    return loaded


def described() -> list[tuple[str, str]]:
    """(method, path) of every route of the description."""
    return [
        (method.upper(), path)
        for path, item in description()["paths"].items()
        for method in item
        if method in _METHODS
    ]


def deployed() -> dict[tuple[str, str], str]:
    """(method, path) of every route of the template, with the dotted name of its handler."""
    return {
        (event["Properties"]["Method"], event["Properties"]["Path"]): function["Handler"]
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
        for function in [resource["Properties"]]
        for event in function.get("Events", {}).values()
        if event["Type"] == "Api"
    }
