"""Looking for words in all the places into which a running stack writes. Looked at, never changed.

A place is a name and all that is written there, as one text.
"""

import base64
import json
import re
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Any

from devstack.stack import Stack
from tests.e2e.stacks import Kept
from tests.paper import read

# The mail service itself says whom it writes to; on AWS that line is nowhere.
_MAIL_SERVICE = " INFO [ses] "
# Larger ones are films: staff's own, and nothing that we write into.
_MOST = 2_000_000
_ENCODED = re.compile(r"[A-Za-z0-9+/_-]{16,}")


def places(stack: Stack, kept: Kept) -> dict[str, str]:
    """Every place where no personal data may be, and all that is written there."""
    return {
        "logs": _lines(_logged(stack)),
        "output of the local AWS": _lines(
            line for line in kept.log().splitlines() if _MAIL_SERVICE not in line
        ),
        "workflows": _lines(_workflows(stack)),
        "object keys": _lines(_object_keys(stack)),
        "rosters": _lines(_rosters(stack)),
        "queues": _lines(_queued(stack)),
        "schedules": _lines(_schedules(stack)),
        "metrics": json.dumps(stack.client("cloudwatch", "root").list_metrics()["Metrics"]),
    }


def items(stack: Stack, table: str) -> Iterator[dict[str, Any]]:
    """Every item of a table as it is stored."""
    pages = stack.client("dynamodb").get_paginator("scan")
    for page in pages.paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]


def stores(stack: Stack) -> dict[str, str]:
    """Everything in which personal data may be, by the kind of record, or the folder of a bucket.

    What a table's stream still tells is a place of its own.
    """
    written: dict[str, list[str]] = {}
    for store, table in (("records", stack.table), ("applications", stack.scholarships)):
        for item in items(stack, table):
            text = json.dumps(item, default=str, ensure_ascii=False)
            written.setdefault(f"{store}: {item['kind']['S']}", []).append(text)
        written[f"stream of the {store}"] = list(map(_as_text, streamed(stack, table)))
    tokens = items(stack, stack.outputs["SubmissionTokensTable"])
    written["submission tokens"] = list(map(_as_text, tokens))
    for bucket in (stack.uploads, stack.documents, stack.outputs["RawEventsBucket"]):
        for key, content in _versions(stack, bucket):
            written.setdefault(f"files: {key.split('/')[0]}", []).append(f"{key} {content}")
    return {place: _lines(texts) for place, texts in written.items()}


def streamed(stack: Stack, table: str) -> Iterator[dict[str, Any]]:
    """What the stream of a table carries."""
    streams = stack.client("dynamodbstreams", "root")
    for stream in streams.list_streams(TableName=table)["Streams"]:
        arn = stream["StreamArn"]
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            at = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while at:
                page = streams.get_records(ShardIterator=at)
                yield from page["Records"]
                at = page.get("NextShardIterator") if page["Records"] else None


def _as_text(told: dict[str, Any]) -> str:
    return json.dumps(told, default=str, ensure_ascii=False)


def _versions(stack: Stack, bucket: str) -> Iterator[tuple[str, str]]:
    """Every version of every object, what is no film as the text that it holds."""
    files = stack.client("s3", "root")
    for page in files.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", []):
            if one["Size"] > _MOST:
                continue
            found = files.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
            content: bytes = found["Body"].read()
            is_paper = content.startswith(b"%PDF-") and one["Key"].endswith(".pdf")
            yield one["Key"], read(content) if is_paper else content.decode("utf-8", "replace")


def where(places: dict[str, str], text: str) -> set[str]:
    """In which of the places the text stands, in any spelling in which text travels."""
    spelled = spellings(text)
    return {
        place
        for place, written in places.items()
        if any(spelling in written for spelling in spelled)
    }


def casefolded(places: dict[str, str]) -> dict[str, str]:
    """The same, so that `where` finds what is spelled with other capitals."""
    return {place: written.casefold() for place, written in places.items()}


def spellings(text: str) -> set[str]:
    """A text as it is, in JSON, and in an address."""
    return {
        text.casefold(),
        json.dumps(text)[1:-1].casefold(),
        urllib.parse.quote(text).casefold(),
        urllib.parse.quote_plus(text).casefold(),
    }


def found(pattern: "re.Pattern[str]", written: str) -> set[str]:
    """All that fits the pattern, in small letters, also inside what is written in base64."""
    known = set(pattern.findall(written.casefold()))
    for run in set(_ENCODED.findall(written)):
        if decoded := _decoded(run):
            known |= set(pattern.findall(decoded.casefold()))
    return known


def _decoded(run: str) -> str:
    plain = run.translate(str.maketrans("-_", "+/"))
    # A run may begin or end in the middle of what was encoded: each of the four ways to begin.
    texts = []
    for start in range(4):
        part = plain[start:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        try:
            raw = base64.b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            continue
        texts.append(raw.decode("latin-1"))
    return "\n".join(texts)


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(texts)


def _logged(stack: Stack) -> Iterator[str]:
    logs = stack.client("logs")
    for group in logs.describe_log_groups()["logGroups"]:
        more: dict[str, str] = {}
        while True:
            page = logs.filter_log_events(logGroupName=group["logGroupName"], **more)
            yield from (event["message"] for event in page["events"])
            if not page.get("nextToken"):
                break
            more = {"nextToken": page["nextToken"]}


def _workflows(stack: Stack) -> Iterator[str]:
    machines = stack.client("stepfunctions")
    for machine in machines.list_state_machines()["stateMachines"]:
        runs = machines.get_paginator("list_executions")
        for page in runs.paginate(stateMachineArn=machine["stateMachineArn"]):
            for run in page["executions"]:
                arn = run["executionArn"]
                yield json.dumps(machines.describe_execution(executionArn=arn), default=str)
                history = machines.get_paginator("get_execution_history")
                for events in history.paginate(executionArn=arn):
                    yield json.dumps(events["events"], default=str)


def _object_keys(stack: Stack) -> Iterator[str]:
    files = stack.client("s3")
    for bucket in (stack.uploads, stack.documents, stack.outputs["RawEventsBucket"]):
        for page in files.get_paginator("list_object_versions").paginate(Bucket=bucket):
            yield from (version["Key"] for version in page.get("Versions", []))


def _rosters(stack: Stack) -> Iterator[str]:
    files = stack.client("s3")
    listed = files.list_objects_v2(Bucket=stack.documents, Prefix="rosters/")
    for one in listed.get("Contents", []):
        yield files.get_object(Bucket=stack.documents, Key=one["Key"])["Body"].read().decode()


def _queued(stack: Stack) -> Iterator[str]:
    """What lies in every queue and dead-letter queue, without taking it."""
    for url in stack.client("sqs").list_queues().get("QueueUrls", []):
        query = urllib.parse.urlencode({"QueueUrl": url})
        address = f"{stack.endpoint}/_ministack/sqs/messages?{query}"
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - loopback
            yield answer.read().decode()


def _schedules(stack: Stack) -> Iterator[str]:
    schedules = stack.client("scheduler")
    for one in schedules.list_schedules()["Schedules"]:
        told: dict[str, Any] = schedules.get_schedule(Name=one["Name"], GroupName=one["GroupName"])
        yield json.dumps(told, default=str)
