"""What a set of keys may do, found out by trying: harmless requests that change nothing.

A request that the rules let through fails for another reason (nothing there, a condition not met),
or does nothing. Only a refusal for want of a right counts as one.
"""

from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from devstack.stack import Stack

FOLDERS = {
    "uploads": ("catalogue", "attendance", "recordings", "elsewhere"),
    "documents": (
        *("certificates", "badges", "transcripts", "exports"),
        *("rosters", "results", "elsewhere"),
    ),
    "events": ("payment-events", "elsewhere"),
}
_REFUSED = frozenset({"AccessDenied", "AccessDeniedException"})
_NOWHERE = {"pk": {"S": "PROBE"}, "sk": {"S": "PROBE"}}
_NEVER = {"ConditionExpression": "attribute_exists(pk)"}

_SECRETS = (
    *("StripeWebhookSecretId", "RazorpayWebhookSecretId", "ZoomWebhookSecretId"),
    *("CommunityKeySecretId", "ZoomApiKeySecretId", "PaypalWebhookSecretId"),
    *("EventbriteWebhookSecretId", "EventbriteApiSecretId", "ScholarshipFormSecretId"),
    *("StripeApiKeySecretId", "PaypalApiKeySecretId", "RazorpayApiKeySecretId"),
    *("RefundKeysSecretId", "IdentityKeysSecretId"),
)

Try = Callable[[], object]


def rights(stack: Stack, keys: dict[str, str]) -> frozenset[str]:
    """Everything of tables, buckets and secrets that these keys (as boto3 takes them) may do."""
    return frozenset(what for what, request in _all(stack, keys) if _let_through(request))


def role_keys(stack: Stack, function: str) -> dict[str, str]:
    """Keys of a function's own role, by its name in the template."""
    config = stack.client("lambda").get_function_configuration(
        FunctionName=stack.function(function)
    )
    taken = stack.client("sts", "root").assume_role(
        RoleArn=config["Role"], RoleSessionName="probe"
    )["Credentials"]
    return {
        "aws_access_key_id": taken["AccessKeyId"],
        "aws_secret_access_key": taken["SecretAccessKey"],
        "aws_session_token": taken["SessionToken"],
    }


def _let_through(request: Try) -> bool:
    try:
        request()
    except ClientError as error:
        return error.response["Error"]["Code"] not in _REFUSED
    return True


@cache
def _session() -> Any:
    # One for all: each reads the descriptions of the services anew.
    return boto3.Session()


def client_of(service: str, stack: Stack, keys: dict[str, str]) -> Any:
    """A client with these keys."""
    settings = Config(s3={"addressing_style": "path"}, signature_version="v4")
    if service == "s3":
        settings = settings.merge(Config(signature_version="s3v4"))
    return _session().client(
        service, region_name=stack.region, endpoint_url=stack.endpoint, config=settings, **keys
    )


def _all(stack: Stack, keys: dict[str, str]) -> Iterator[tuple[str, Try]]:
    tables = client_of("dynamodb", stack, keys)
    yield from _of_table(tables, stack.table)
    # Applications for scholarships, and which form was sent, go by their names here.
    for what, request in _of_table(tables, stack.scholarships):
        yield f"applications {what}", request
    yield from _of_tokens(tables, stack.outputs["SubmissionTokensTable"])
    yield from _of_tokens(tables, stack.outputs["StaffSessionsTable"], "sessions")
    files = client_of("s3", stack, keys)
    buckets = {
        "uploads": stack.uploads,
        "documents": stack.documents,
        "events": stack.outputs["RawEventsBucket"],
    }
    for bucket, name in buckets.items():
        yield f"list {bucket}", partial(files.list_objects_v2, Bucket=name)
        for folder in FOLDERS[bucket]:
            yield from _of_folder(files, name, bucket, folder)
    secrets = client_of("secretsmanager", stack, keys)
    for output in _SECRETS:
        where = stack.outputs[output]
        yield f"read {output[:-2]}", partial(secrets.get_secret_value, SecretId=where)


def _of_table(table: Any, name: str) -> Iterator[tuple[str, Try]]:
    at = {"TableName": name, "Key": _NOWHERE}
    put = {"TableName": name, "Item": _NOWHERE, **_NEVER}
    value = {"ExpressionAttributeValues": {":value": {"S": "PROBE"}}}
    delete = {name: [{"DeleteRequest": {"Key": _NOWHERE}}]}

    def query(attribute: str, **index: str) -> Try:
        condition = {"KeyConditionExpression": f"{attribute} = :value"}
        return partial(table.query, TableName=name, **index, **condition, **value)

    yield "get", partial(table.get_item, **at)
    several = {name: {"Keys": [_NOWHERE]}}
    yield "get in batches", partial(table.batch_get_item, RequestItems=several)
    yield "query", query("pk")
    yield "query by_learner", query("learner", IndexName="by_learner")
    yield "query by_waiting", query("waiting", IndexName="by_waiting")
    yield "scan", partial(table.scan, TableName=name, Limit=1)
    yield "put", partial(table.put_item, **put)
    yield "put in transaction", partial(table.transact_write_items, TransactItems=[{"Put": put}])
    update = {"UpdateExpression": "SET probe = :value", **value}
    yield "update", partial(table.update_item, **at, **_NEVER, **update)
    yield "delete", partial(table.delete_item, **at)
    yield "write in batches", partial(table.batch_write_item, RequestItems=delete)


def _of_tokens(table: Any, name: str, what: str = "tokens") -> Iterator[tuple[str, Try]]:
    nowhere = {"id": {"S": "PROBE"}}
    at, never = {"TableName": name, "Key": nowhere}, {"ConditionExpression": "attribute_exists(id)"}
    value = {"ExpressionAttributeValues": {":value": {"S": "PROBE"}}}
    update = {"UpdateExpression": "SET probe = :value", **value}
    yield f"{what} get", partial(table.get_item, **at)
    yield f"{what} scan", partial(table.scan, TableName=name, Limit=1)
    yield f"{what} put", partial(table.put_item, TableName=name, Item=nowhere, **never)
    yield f"{what} update", partial(table.update_item, **at, **never, **update)
    yield f"{what} delete", partial(table.delete_item, **at)


def _of_folder(files: Any, name: str, bucket: str, folder: str) -> Iterator[tuple[str, Try]]:
    place = f"{bucket}/{folder}"
    there = {"Bucket": name, "Key": f"{folder}/probe"}
    yield f"list {place}", partial(files.list_objects_v2, Bucket=name, Prefix=f"{folder}/")
    yield f"get {place}", partial(files.get_object, **there)
    # In place of an object that is not there: so nothing is put.
    yield f"put {place}", partial(files.put_object, **there, Body=b"", IfMatch='"no such object"')
    yield f"tag {place}", partial(files.put_object_tagging, **there, Tagging={"TagSet": []})
    yield f"delete {place}", partial(files.delete_object, **there)
