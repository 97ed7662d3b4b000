"""Handing over again what failed, once its cause is mended: dead letters and failed workflows.

AWS does both from its console. The local AWS does neither, so this does: whatever is handed over
comes in through the same doors as before, where doing it again is harmless.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from devstack.functions import invoke
from devstack.stack import Stack

# What a queue left goes back into it.
_QUEUES = ("PaymentEvents", "EventbriteNotices", "ZoomEvents", "RecordingFetches", "LetterFeedback")
# What is left of a call that failed: by a rule, a schedule, or the function itself.
_CALLS = ("UploadsDlqUrl", "SchedulesDlqUrl")
_MACHINES = (
    "CloseStateMachineArn",
    "RecordingStateMachineArn",
    "RoundStateMachineArn",
    "NoticeStateMachineArn",
    "AppealStateMachineArn",
)
# Where notices of letters and of money that could not leave lie, and who puts those back in line.
_LETTERS = {
    "LettersDlqUrl": "SweepHourly",
    "RefundsDlqUrl": "SweepHourly",
    "ScholarshipLettersDlqUrl": "ScholarshipSweep",
}
_AGAIN = re.compile(r"(?P<key>.+?)(-r(?P<number>\d+))?")


@dataclass(frozen=True)
class Redriven:
    """How much of each kind was handed over again.

    `letters` are notices that a letter could not be sent, or a request for money back not handed
    over; the letters and the requests themselves wait in the table.
    """

    payment_events: int
    calls: int
    letters: int
    workflows: int


def redrive(stack: Stack) -> Redriven:
    """Hand everything over again that lies in a dead-letter queue or ended in failure."""
    letters = 0
    for queue, sweeper in _LETTERS.items():
        if dropped := sum(1 for _ in _taken(stack, queue)):
            invoke(stack, sweeper, {})
            letters += dropped
    return Redriven(
        payment_events=_return_payment_events(stack),
        calls=_call_again(stack),
        letters=letters,
        workflows=_run_again(stack),
    )


def _return_payment_events(stack: Stack) -> int:
    sqs, count = stack.client("sqs"), 0
    for name in _QUEUES:
        for message in _taken(stack, f"{name}DlqUrl"):
            sqs.send_message(
                QueueUrl=stack.outputs[f"{name}QueueUrl"],
                MessageBody=message["Body"],
                MessageAttributes=message.get("MessageAttributes", {}),
            )
            count += 1
    return count


def _call_again(stack: Stack) -> int:
    functions, count = stack.client("lambda"), 0
    for queue in _CALLS:
        for message in _taken(stack, queue):
            function, payload = _call(message)
            functions.invoke(
                FunctionName=function, InvocationType="Event", Payload=json.dumps(payload).encode()
            )
            count += 1
    return count


def _call(message: dict[str, Any]) -> tuple[str, Any]:
    """Which function was to be called with what, by whoever left the message."""
    body = json.loads(message["Body"])
    if "requestPayload" in body:  # the function was reached, and failed
        function: str = body["requestContext"]["functionArn"]
        return function.removesuffix(":$LATEST"), body["requestPayload"]
    return message["MessageAttributes"]["TARGET_ARN"]["StringValue"], body


def _taken(stack: Stack, output: str) -> Iterator[dict[str, Any]]:
    """Each message that lies there now; it is gone once the next one is asked for."""
    sqs, url = stack.client("sqs"), stack.outputs[output]
    seen: set[str] = set()
    while True:
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=60,
            MessageAttributeNames=["All"],
        )
        messages = [one for one in answer.get("Messages", []) if one["MessageId"] not in seen]
        if not messages:
            return
        for message in messages:
            seen.add(message["MessageId"])
            yield message
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _run_again(stack: Stack) -> int:
    """Start each workflow again whose last run failed. A name is used once, so it gets a number."""
    machines = stack.client("stepfunctions")
    count = 0
    for output in _MACHINES:
        arn = stack.outputs[output]
        for key, (number, run) in _last_runs(machines, arn).items():
            if run["status"] not in ("FAILED", "TIMED_OUT"):
                continue
            told = machines.describe_execution(executionArn=run["executionArn"])
            machines.start_execution(
                stateMachineArn=arn, name=f"{key}-r{number + 1}", input=told["input"]
            )
            count += 1
    return count


def _last_runs(machines: Any, arn: str) -> dict[str, tuple[int, dict[str, Any]]]:
    """The last run of each business key, and which one it was: 1, or the number in its name."""
    last: dict[str, tuple[int, dict[str, Any]]] = {}
    for page in machines.get_paginator("list_executions").paginate(stateMachineArn=arn):
        for run in page["executions"]:
            name = _AGAIN.fullmatch(run["name"])
            key, number = (name["key"], int(name["number"] or 1)) if name else (run["name"], 1)
            if number >= last.get(key, (0, run))[0]:
                last[key] = (number, run)
    return last
