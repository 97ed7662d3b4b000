"""What a stack knows and what left it: records, letters, queues. Looked at, never changed."""

import json
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from typing import Any, TypeVar
from urllib.parse import unquote, urlencode

from devstack import desk, quiet
from devstack.mailbox import read_inbox
from devstack.stack import Stack
from shared.domain.letters import WAITING, Letter
from shared.domain.record import Record

R = TypeVar("R", bound=Record)
# What the mail service's answers may leave a letter in while somebody still works on it.
_AT_WORK = ("PENDING", "SENDING")


def everything(stack: Stack, of: type[R]) -> list[R]:
    """All records of a kind, read consistently."""
    reader = desk.records(stack)
    pages = stack.client("dynamodb").get_paginator("scan")
    return [
        record
        for page in pages.paginate(TableName=stack.table, ConsistentRead=True)
        for item in page["Items"]
        if (record := reader.record(item, of)) is not None
    ]


def letters_of(stack: Stack, series: str) -> list[Letter]:
    """All letters of a series: owed, sent, or neither."""
    return [letter for letter in everything(stack, Letter) if letter.series == series]


def name_of(letter: Letter) -> str:
    """What an owed letter is called, in the header of its message too."""
    return f"{letter.letter}#{letter.about}"


def arrivals(stack: Stack) -> "Counter[str]":
    """How often each letter arrived, by its name.

    The mail service says yes before it delivers, so the inbox must have been still for a moment.
    """
    files, before = stack.letters_folder / "new", -1
    while (now := len(list(files.iterdir()))) != before:
        before = now
        time.sleep(0.5)
    headers = [
        message_from_bytes(letter.raw)["X-Tending-Letter"]
        for letter in read_inbox(stack.letters_folder)
    ]
    return Counter(unquote(str(header)) for header in headers if header)


def waiting_in(stack: Stack, output: str) -> int:
    """How many messages are in the queue of that output of the template, seen and unseen."""
    answer = stack.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs[output],
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )
    return sum(int(count) for count in answer["Attributes"].values())


def bodies_in(stack: Stack, output: str) -> list[str]:
    """What lies in the queue of that output, without taking it."""
    query = urlencode({"QueueUrl": stack.outputs[output]})
    address = f"{stack.endpoint}/_ministack/sqs/messages?{query}"
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - loopback
        accounts: dict[str, Any] = json.load(answer)["messages"]
    return [
        message["Body"]
        for regions in accounts.values()
        for queues in regions.values()
        for messages in queues.values()
        for message in messages
    ]


def wait_until(done: Callable[[], bool], what: str, timeout: float) -> None:
    """Wait until it is so. Fails naming what was waited for."""
    deadline = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < deadline, f"Waited {timeout:.0f} seconds for {what}, in vain."
        time.sleep(0.5)


def wait_until_still(stack: Stack, timeout: float) -> quiet.Unrest:
    """Wait until queues and executions are done and letters move no more; what is left of them.

    A letter whose worker was lost stays where it is until the sweep comes, so the stack is still,
    and not settled.
    """
    deadline = time.monotonic() + timeout
    before, calm = Counter[str](), 0
    while calm < 4:
        assert time.monotonic() < deadline, f"After {timeout:.0f} seconds: {quiet.look(stack)}"
        unrest = quiet.look(stack)
        states = Counter(
            f"{letter.key()} {letter.status} {letter.version}"
            for letter in desk.records(stack).waiting(WAITING, desk.now(stack), Letter)
            if letter.status in _AT_WORK
        )
        still = not unrest.messages and not unrest.executions and states == before
        before, calm = states, calm + 1 if still else 0
        if still and not states:
            break
        time.sleep(0.7)
    return unrest
