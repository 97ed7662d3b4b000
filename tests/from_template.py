"""What template.yaml says, for tests: tables, buckets, queues and machines are made from it.

A test that made them by hand would agree with itself and with nothing that is deployed.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
_SUBSTITUTION = re.compile(r"\$\{(\w+)\}")
# What CreateTable takes; the rest of a table's properties are switched on after it is made.
_TABLE = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@cache
def template() -> dict[str, Any]:
    """The template as it is written, with `!Ref X` as {"Ref": "X"} and so on."""
    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_multi_constructor("!", _intrinsic)
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"))
    return loaded


def _intrinsic(constructor: Any, tag: str, node: Any) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, ScalarNode):
        return {name: constructor.construct_scalar(node)}
    if isinstance(node, MappingNode):
        return {name: constructor.construct_mapping(node, deep=True)}
    return {name: constructor.construct_sequence(node, deep=True)}


def properties(logical_id: str) -> dict[str, Any]:
    """The properties of a resource. Raises KeyError if the template has no such resource."""
    found: dict[str, Any] = template()["Resources"][logical_id]["Properties"]
    return found


def make_table(client: "DynamoDBClient", logical_id: str, name: str) -> None:
    """The table with its indexes and its stream."""
    told = properties(logical_id)
    wanted: dict[str, Any] = {key: told[key] for key in _TABLE if key in told}
    if "StreamSpecification" in told:
        wanted["StreamSpecification"] = {"StreamEnabled": True, **told["StreamSpecification"]}
    client.create_table(TableName=name, **wanted)


def make_bucket(client: "S3Client", logical_id: str, name: str, region: str) -> None:
    """The bucket, versioned if the template says so."""
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})  # type: ignore[typeddict-item]
    versioning = properties(logical_id).get("VersioningConfiguration")
    if versioning:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration=versioning)


def make_queue(client: "SQSClient", logical_id: str, name: str) -> str:
    """The queue's address; its dead-letter queue is made with it, as "<name>-dlq"."""
    told = properties(logical_id)
    plain = ("VisibilityTimeout", "MessageRetentionPeriod")
    attributes: dict[Any, str] = {key: str(told[key]) for key in plain if key in told}
    redrive = told.get("RedrivePolicy")
    if redrive:
        dead = client.create_queue(QueueName=f"{name}-dlq")["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
        target = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"]}
        attributes["RedrivePolicy"] = json.dumps({**redrive, **target})
    return client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]


def handler_of(logical_id: str) -> str:
    """The dotted name of a function's handler."""
    return str(properties(logical_id)["Handler"])


def machine(logical_id: str) -> tuple[str, dict[str, str]]:
    """(the definition as it is written, logical id of what stands for each "${…}" in it)."""
    told = properties(logical_id)
    definition = (TEMPLATE.parent / told["DefinitionUri"]).read_text(encoding="utf-8")
    return definition, {
        name: _logical_id(value) for name, value in told["DefinitionSubstitutions"].items()
    }


def substituted(definition: str, values: dict[str, str]) -> str:
    """The definition with every "${name}" replaced. Raises KeyError for one without a value."""
    return _SUBSTITUTION.sub(lambda match: values[match[1]], definition)


def _logical_id(value: dict[str, Any]) -> str:
    """{"Ref": "X"} and {"Fn::GetAtt": "X.Arn"} are both about X."""
    (about,) = value.values()
    return str(about).split(".", 1)[0]
