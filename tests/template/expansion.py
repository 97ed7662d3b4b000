"""The template as CloudFormation gets it: SAM written out, and one stage's conditions decided.

Offline: SAM's own translator, with made-up places for the code.
"""

import copy
import os
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from samcli.yamlhelper import yaml_parse

REPO = Path(__file__).resolve().parents[2]
STAGES = ("local", "staging", "prod")
_GIVEN = {"SenderAddresses": "*@institute.example", "OperatorAddress": "op@institute.example"}
# What SAM attaches to every function's role by itself, by the names it looks up.
_MANAGED = {
    name: f"arn:aws:iam::aws:policy/{folder}{name}"
    for folder, name in (
        ("service-role/", "AWSLambdaBasicExecutionRole"),
        ("", "AWSXRayDaemonWriteAccess"),
        ("", "AWSXrayWriteOnlyAccess"),
        ("service-role/", "AWSLambdaSQSQueueExecutionRole"),
        ("service-role/", "AWSLambdaDynamoDBExecutionRole"),
    )
}

Template = dict[str, Any]


def written() -> Template:
    """The template as it is in the checkout."""
    parsed: Template = yaml_parse((REPO / "template.yaml").read_text())
    return parsed


def expand(stage: str, **given: str) -> Template:
    """Resources of `stage` by logical id, without those whose condition does not hold.

    `given` are values of parameters that are set to something else than the default.
    """
    return copy.deepcopy(_expand(stage, **given))


@cache
def _expand(stage: str, **given: str) -> Template:
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    template = written()
    template["Globals"]["Function"]["CodeUri"] = "s3://somewhere/code.zip"
    for resource in template["Resources"].values():
        for place in ("ContentUri", "DefinitionUri"):
            if place in resource.get("Properties", {}):
                resource["Properties"][place] = "s3://somewhere/file"
    values = parameters(template, stage) | given
    with patch.dict(os.environ, {"AWS_DEFAULT_REGION": "eu-west-1"}):
        translated = Translator(_MANAGED, Parser()).translate(template, dict(values))
    holds = {
        name: _decide(condition, values, template["Conditions"])
        for name, condition in template["Conditions"].items()
    }
    return {
        name: _settle(resource, values, holds)
        for name, resource in translated["Resources"].items()
        if holds.get(resource.get("Condition", ""), True)
    }


def parameters(template: Template, stage: str) -> dict[str, Any]:
    """Every parameter's value in `stage`: what must be given, else its default."""
    defaults = {name: told.get("Default") for name, told in template["Parameters"].items()}
    return {**defaults, **_GIVEN, "Stage": stage}


def _decide(condition: Any, values: dict[str, Any], others: dict[str, Any]) -> bool:
    ((how, what),) = condition.items()
    if how == "Condition":
        return _decide(others[what], values, others)
    if how == "Fn::Not":
        return not _decide(what[0], values, others)
    if how == "Fn::Equals":
        left, right = (values[one["Ref"]] if isinstance(one, dict) else one for one in what)
        return bool(left == right)
    raise ValueError(f"A kind of condition these tests do not know: {how}")


_NOTHING = object()


def _settle(value: Any, values: dict[str, Any], holds: dict[str, bool]) -> Any:
    """Decide every `Fn::If` and put in every parameter; references to resources stay."""
    if isinstance(value, list):
        settled = [_settle(one, values, holds) for one in value]
        return [one for one in settled if one is not _NOTHING]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::If"}:
        name, yes, no = value["Fn::If"]
        return _settle(yes if holds[name] else no, values, holds)
    if set(value) == {"Ref"}:
        if value["Ref"] == "AWS::NoValue":
            return _NOTHING
        return values.get(value["Ref"], value)
    by_key = {key: _settle(one, values, holds) for key, one in value.items()}
    return {key: one for key, one in by_key.items() if one is not _NOTHING}


def of_type(template: Template, kind: str) -> dict[str, Any]:
    """Properties of all resources of one type, by logical id."""
    return {
        name: resource.get("Properties", {})
        for name, resource in template.items()
        if resource["Type"] == kind
    }


def named(reference: Any) -> str:
    """The logical id that a Ref, GetAtt or Sub points to, or the text itself."""
    if isinstance(reference, dict):
        ((how, what),) = reference.items()
        if how == "Ref":
            return str(what)
        if how == "Fn::GetAtt":
            return str(what[0] if isinstance(what, list) else what.split(".")[0])
        if how == "Fn::Sub":
            return str(what[0] if isinstance(what, list) else what)
    return str(reference)
