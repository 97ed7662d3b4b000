"""The workers of the flood: each posts its share at the door, then does the queue until it is calm.

They are forks of one process, which has imported everything: a worker mostly waits, as the SDK does
before it tries again, so there must be several, and each would need seconds to start by itself.
"""

import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from functions.payment_webhook import receive, record
from shared import wiring
from shared.adapters.stripe_signature import sign
from tests.cloud import CONTEXT
from tests.faults.busy_table import Faults
from tests.faults.flood import SECRET
from tests.faults.in_process import MarkerApart
from tests.gateway import proxy_event

_JSON = {"Content-Type": "application/json"}


def main(shares: list[str], *, apart: bool) -> None:
    """Do it all, one worker to a share, and print what they counted as the last line."""
    counted: Counter[str] = Counter()
    with multiprocessing.get_context("fork").Pool(len(shares)) as workers:
        for told in workers.imap_unordered(partial(_work, apart=apart), shares):
            counted.update(told)
    sys.stdout.write("\n" + json.dumps(counted) + "\n")


def _work(share: str, *, apart: bool) -> "Counter[str]":
    counted: Counter[str] = Counter()
    client = wiring.client("dynamodb")
    faults = Faults(client, lost=True)
    if apart:
        mistaken = MarkerApart(client, os.environ["RECORDS_TABLE"])
        wiring.records = lambda: mistaken  # type: ignore[assignment]
    for body in json.loads(Path(share).read_text(encoding="utf-8")):
        signed = {"Stripe-Signature": sign(body.encode(), SECRET, int(time.time()))}
        event = proxy_event(
            "POST",
            "/webhooks/{provider}",
            {"provider": "stripe"},
            headers=_JSON | signed,
            body=body,
        )
        counted[f"answered {receive.handler(event, CONTEXT)['statusCode']}"] += 1
    _record_all(counted)
    return counted + faults.struck


def _record_all(counted: "Counter[str]") -> None:
    queue, sqs = os.environ["PAYMENT_EVENTS_QUEUE_URL"], wiring.client("sqs")
    while _left(sqs, queue):
        told = sqs.receive_message(
            QueueUrl=queue,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            AttributeNames=["ApproximateReceiveCount"],
        ).get("Messages", [])
        if not told:
            time.sleep(0.2)
            continue
        failed = record.handler({"Records": [_as_lambda_has_it(one) for one in told]}, CONTEXT)
        again = {one["itemIdentifier"] for one in failed["batchItemFailures"]}
        counted["recorded"] += len(told) - len(again)
        counted["came again"] += len(again)
        done = [
            {"Id": str(number), "ReceiptHandle": one["ReceiptHandle"]}
            for number, one in enumerate(told)
            if one["MessageId"] not in again
        ]
        if done:
            sqs.delete_message_batch(QueueUrl=queue, Entries=done)


def _left(sqs: Any, queue: str) -> int:
    """How many messages are in the queue, those that somebody works on among them."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    told = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(count) for count in told.values())


def _as_lambda_has_it(message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {"stringValue": value["StringValue"], "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message.get("MD5OfBody", ""),
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:flood",
        "awsRegion": "us-east-1",
    }


if __name__ == "__main__":
    main([one for one in sys.argv[1:] if one != "apart"], apart="apart" in sys.argv)
