"""What a set of keys may do, found out by trying: harmless requests that change nothing.

A request that the rules let through fails for another reason (nothing there, a condition not met),
or does nothing. Only a refusal for want of a right counts as one.
"""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from devstack.stack import Stack

FOLDERS = {
    "uploads": ("catalogue", "attendance", "recordings", "elsewhere"),
    "documents": ("certificates", "rosters", "results", "elsewhere"),
}
_REFUSED = frozenset({"AccessDenied", "AccessDeniedException"})
_NOWHERE = {"pk": {"S": "PROBE"}, "sk": {"S": "PROBE"}}
_NEVER = {"ConditionExpression": "attribute_exists(pk)"}

Try = Callable[[], object]


def rights(stack: Stack, keys: dict[str, str]) -> frozenset[str]:
    """Everything of table, buckets and secrets that these keys (as boto3 takes them) may do."""
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


def _all(stack: Stack, keys: dict[str, str]) -> Iterator[tuple[str, Try]]:
    session: Any = boto3.Session(region_name=stack.region, **keys)
    settings = Config(s3={"addressing_style": "path"})

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=stack.endpoint, config=settings)

    yield from _of_table(client("dynamodb"), stack.table)
    files = client("s3")
    for bucket, name in (("uploads", stack.uploads), ("documents", stack.documents)):
        yield f"list {bucket}", lambda name=name: files.list_objects_v2(Bucket=name)
        for folder in FOLDERS[bucket]:
            yield from _of_folder(files, name, bucket, folder)
    secrets = client("secretsmanager")
    for secret, output in (("signing", "StripeWebhookSecretId"), ("identity", "IdentityKeysSecretId")):
        where = stack.outputs[output]
        yield f"read {secret} secret", lambda where=where: secrets.get_secret_value(SecretId=where)


def _of_table(table: Any, name: str) -> Iterator[tuple[str, Try]]:
    at = {"TableName": name, "Key": _NOWHERE}
    put = {"TableName": name, "Item": _NOWHERE, **_NEVER}

    def query(index: str, attribute: str) -> Try:
        asked: dict[str, Any] = {"TableName": name} | ({"IndexName": index} if index else {})
        return lambda: table.query(
            **asked,
            KeyConditionExpression=f"{attribute} = :value",
            ExpressionAttributeValues={":value": {"S": "PROBE"}},
        )

    yield "get", lambda: table.get_item(**at)
    yield "query", query("", "pk")
    yield "query by_learner", query("by_learner", "learner")
    yield "query by_waiting", query("by_waiting", "waiting")
    yield "scan", lambda: table.scan(TableName=name, Limit=1)
    yield "put", lambda: table.put_item(**put)
    yield "put in transaction", lambda: table.transact_write_items(TransactItems=[{"Put": put}])
    yield (
        "update",
        lambda: table.update_item(
            **at,
            **_NEVER,
            UpdateExpression="SET probe = :value",
            ExpressionAttributeValues={":value": {"S": "PROBE"}},
        ),
    )
    yield "delete", lambda: table.delete_item(**at)
    yield (
        "write in batches",
        lambda: table.batch_write_item(RequestItems={name: [{"DeleteRequest": {"Key": _NOWHERE}}]}),
    )


def _of_folder(files: Any, name: str, bucket: str, folder: str) -> Iterator[tuple[str, Try]]:
    there = {"Bucket": name, "Key": f"{folder}/probe"}
    yield f"get {bucket}/{folder}", lambda: files.get_object(**there)
    yield (
        f"put {bucket}/{folder}",
        lambda: files.put_object(**there, Body=b"", IfMatch='"of no object"'),
    )
    yield (
        f"tag {bucket}/{folder}",
        lambda: files.put_object_tagging(**there, Tagging={"TagSet": []}),
    )
    yield f"delete {bucket}/{folder}", lambda: files.delete_object(**there)
