"""Dead-letter queues in SQS: looked at without taking anything, and handed over again.

What was left by a queue goes back into it; a call that failed, for EventBridge, for a schedule or
by itself, is made again; where only a place in a stream was left, the sweep is asked to look.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.machine_room import DeadLetter, DeadQueue, HandedBack
from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

_BATCH = 10
# Long enough to hand a batch over, short enough that what was not is there soon.
_TAKEN_FOR = 60


@dataclass(frozen=True)
class Queue:
    """One dead-letter queue: its address, and where what lies there goes.

    `to` is the address of a queue, or the name of the function that sweeps; empty for calls, which
    name their function themselves.
    """

    address: str
    hands_back: HandedBack
    to: str = ""


def queues_of(written: str) -> dict[str, Queue]:
    """The queues as the template names them to whoever hands over what lies in them."""
    told = json.loads(written)
    return {
        name: Queue(address, HandedBack(way), *to) for name, (way, address, *to) in told.items()
    }


class SqsDeadLetters:
    """The queues by name. `sweep` has the function of that name look for what is left lying."""

    def __init__(
        self,
        sqs: "SQSClient",
        functions: "LambdaClient",
        queues: Mapping[str, Queue],
        sweep: Callable[[str], object],
    ) -> None:
        self._sqs = sqs
        self._lambda = functions
        self._queues = queues
        self._sweep = sweep

    def queues(self, most: int) -> list[DeadQueue]:
        try:
            return [self._looked_at(name, queue, most) for name, queue in self._queues.items()]
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The queues could not be looked at.") from error

    def hand_back(self, queue: str, most: int) -> int:
        known = self._queues[queue]
        try:
            return self._handed_back(known, most)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("What lies there could not be handed over.") from error

    def _looked_at(self, name: str, queue: Queue, most: int) -> DeadQueue:
        told = self._sqs.get_queue_attributes(
            QueueUrl=queue.address, AttributeNames=["ApproximateNumberOfMessages"]
        )
        lies_there = int(told["Attributes"]["ApproximateNumberOfMessages"])
        # Seen and not taken: it is there for whoever looks next.
        found = self._receive(queue.address, min(most, _BATCH), 0) if lies_there else []
        letters = {one["MessageId"]: _letter(one) for one in found}
        return DeadQueue(
            name=name,
            hands_back=queue.hands_back,
            lies_there=lies_there,
            letters=tuple(letters.values()),
        )

    def _handed_back(self, queue: Queue, most: int) -> int:
        handed = 0
        for message in self._taken(queue.address, most):
            if queue.hands_back is HandedBack.QUEUE:
                self._sqs.send_message(
                    QueueUrl=queue.to,
                    MessageBody=message["Body"],
                    MessageAttributes=message.get("MessageAttributes", {}),
                )
            elif queue.hands_back is HandedBack.CALL:
                self._call(*_call_of(message))
            self._sqs.delete_message(QueueUrl=queue.address, ReceiptHandle=message["ReceiptHandle"])
            handed += 1
        if handed and queue.hands_back is HandedBack.SWEEP:
            self._sweep(queue.to)
        return handed

    def _taken(self, address: str, most: int) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        while len(seen) < most:
            found = self._receive(address, min(_BATCH, most - len(seen)), _TAKEN_FOR)
            fresh = [one for one in found if one["MessageId"] not in seen]
            if not fresh:
                return
            for message in fresh:
                seen.add(message["MessageId"])
                yield message

    def _receive(self, address: str, most: int, hidden_for: int) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=address,
            MaxNumberOfMessages=max(1, most),
            VisibilityTimeout=hidden_for,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        return [dict(one) for one in answer.get("Messages", [])]

    def _call(self, function: str, payload: Any) -> None:
        self._lambda.invoke(
            FunctionName=function, InvocationType="Event", Payload=json.dumps(payload).encode()
        )


def _letter(message: dict[str, Any]) -> DeadLetter:
    """What may be said of a message: ids, kinds and times, never what somebody wrote."""
    system, said = message.get("Attributes", {}), _said(message)
    sent = system.get("SentTimestamp")
    return DeadLetter(
        id=message["MessageId"],
        sent_at=datetime.fromtimestamp(int(sent) / 1000, UTC) if sent else None,
        tries=said.tries or int(system.get("ApproximateReceiveCount", 0)),
        reason=said.reason,
        about=said.about,
    )


@dataclass(frozen=True)
class _Said:
    reason: str = ""
    about: str = ""
    tries: int = 0


def _said(message: dict[str, Any]) -> _Said:
    attributes = {
        name: str(one.get("StringValue", ""))
        for name, one in message.get("MessageAttributes", {}).items()
    }
    body = _json(message["Body"])
    if "ERROR_CODE" in attributes:  # a rule or a schedule could not deliver
        target = attributes.get("TARGET_ARN", "").rpartition(":")[2]
        return _Said(attributes["ERROR_CODE"], _about(body) or target)
    if isinstance(body.get("requestContext"), dict):  # a function was reached, and failed
        context = body["requestContext"]
        told = body.get("responsePayload")
        kind = told.get("errorType", "") if isinstance(told, dict) else ""
        tries = context.get("approximateInvokeCount", 0)
        about = _about(body.get("requestPayload")) or _function_of(context)
        return _Said(str(kind or context.get("condition", "")), about, int(tries))
    batch = body.get("DDBStreamBatchInfo")
    if isinstance(batch, dict):
        return _Said(about=f"{batch.get('batchSize', 1)} changes of the table")
    return _Said(about=attributes.get("provider", ""))


def _about(event: Any) -> str:
    """What an event is about, as far as it says so by an id: a folder, a session, a series."""
    if not isinstance(event, dict):
        return ""
    detail = event.get("detail")
    if isinstance(detail, dict) and isinstance(detail.get("object"), dict):
        key = str(detail["object"].get("key", ""))
        return "/".join(key.split("/")[:2])  # a file's own name may be anybody's
    named = [str(event[name]) for name in ("session", "notice", "series") if event.get(name)]
    return " ".join(named)


def _function_of(context: Mapping[str, Any]) -> str:
    return str(context.get("functionArn", "")).removesuffix(":$LATEST").rpartition(":")[2]


def _call_of(message: dict[str, Any]) -> tuple[str, Any]:
    """Which function was to be called with what, by whoever left the message."""
    body = _json(message["Body"])
    if "requestPayload" in body:
        function = str(body["requestContext"]["functionArn"])
        return function.removesuffix(":$LATEST"), body["requestPayload"]
    return message["MessageAttributes"]["TARGET_ARN"]["StringValue"], body


def _json(written: str) -> dict[str, Any]:
    try:
        found = json.loads(written)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
