"""Where the local AWS differs from AWS, and scholarship rounds count on it: one statement each.

As in `test_local_differences`: when one fails after an upgrade, look at what leans on it.
"""

import base64
import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from devstack import clock, desk
from devstack.season import scholarships as web
from devstack.stack import Stack
from shared.domain.applications import Application
from tests.e2e.scholarship_played import PlayedRound


def _issued_at(one: PlayedRound) -> datetime:
    """When the form on the page was made, as the function that made it says."""
    (form,) = (form for form in web.open_form(one.stack, one.series).forms if form.hidden)
    body = form.hidden["token"].partition(".")[0]
    said = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    return datetime.fromtimestamp(
        int(said.rpartition(".")[0].rpartition("/")[2]), desk.now().tzinfo
    )


def test_a_warm_function_goes_by_a_clock_that_was_set_a_moment_ago(
    stack: Stack, tmp_path: Path
) -> None:
    """Workers are replaced when their settings change. `devstack.clock` counts on it."""
    one = PlayedRound(stack, "clock-2025-c", "plain", tmp_path)
    one.publish(desk.now().replace(tzinfo=None) + timedelta(days=2))
    hour = timedelta(hours=1)
    assert abs(_issued_at(one) - desk.now()) < hour
    clock.set_ahead(stack, 3 * hour)
    try:
        assert clock.ahead(stack) == 3 * hour
        assert 2 * hour < _issued_at(one) - desk.now() < 4 * hour
        assert abs(_issued_at(one) - desk.now(stack)) < hour
    finally:
        clock.set_ahead(stack, clock.NOT_AHEAD)
    assert abs(_issued_at(one) - desk.now()) < hour


@contextmanager
def _taken_an_hour(stack: Stack, number: int) -> Iterator[None]:
    """While the block lasts, so many applications an hour are taken from one address."""
    functions, name = stack.client("lambda"), stack.function("ScholarshipReceive")
    told = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    lower = told | {"SUBMISSIONS_PER_HOUR": str(number)}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": lower})
    try:
        yield
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": told})


def test_the_sender_of_a_request_is_whoever_it_says_it_is(stack: Stack, tmp_path: Path) -> None:
    """AWS goes by the connection, and so does the count of what one address sends.

    `devstack.season.scholarships` tells people apart by the header.
    """
    one = PlayedRound(stack, "sender-2025-s", "plain", tmp_path)
    one.publish(desk.now().replace(tzinfo=None) + timedelta(days=2))
    with _taken_an_hour(stack, 3):
        pages = [web.open_form(stack, one.series) for _ in range(9)]
        time.sleep(4.3)
        with ThreadPoolExecutor(3) as several:
            statuses = several.map(
                lambda at: web.send_form(pages[at], _of_robin(at), "192.0.2.9").status, range(8)
            )
            assert Counter(statuses) == {201: 3, 429: 5}
        assert web.send_form(pages[8], _of_robin(8), "192.0.2.10").status == 201
    partition = Application.key_of(one.series, "").partition
    assert len(list(desk.applications(stack).find(partition, Application))) == 4


def _of_robin(number: int) -> dict[str, list[str]]:
    return {
        "name": ["Robin"],
        "email": [f"robin-{number}@example.org"],
        "ask": ["full"],
        "text": ["I would like to come."],
        "consent": ["yes"],
    }


def test_a_secret_without_a_value_is_given_without_one(stack: Stack) -> None:
    """AWS refuses to give it. `devstack.access` puts a key of Stripe's that is empty."""
    secrets = stack.client("secretsmanager", "root")
    name = f"difference-{uuid4().hex[:8]}"
    secrets.create_secret(Name=name)
    assert not secrets.get_secret_value(SecretId=name).get("SecretString")


def test_a_wait_for_people_has_no_end_of_its_own(stack: Stack) -> None:
    """AWS goes by TimeoutSecondsPath. Here the sweep wakes a round for which something is due."""
    machines, queues = stack.client("stepfunctions", "root"), stack.client("sqs", "root")
    name = f"difference-{uuid4().hex[:8]}"
    url = queues.create_queue(QueueName=name)["QueueUrl"]
    waits = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl": url, "MessageBody.$": "$$.Task.Token"},
        "TimeoutSecondsPath": "$.seconds",
        "End": True,
    }
    like = machines.describe_state_machine(stateMachineArn=stack.outputs["RoundStateMachineArn"])
    arn = machines.create_state_machine(
        name=name,
        definition=json.dumps({"StartAt": "Wait", "States": {"Wait": waits}}),
        roleArn=like["roleArn"],
    )["stateMachineArn"]
    run = machines.start_execution(stateMachineArn=arn, input=json.dumps({"seconds": 1}))
    try:
        time.sleep(3)
        told = machines.describe_execution(executionArn=run["executionArn"])
        assert told["status"] == "RUNNING"
    finally:
        machines.stop_execution(executionArn=run["executionArn"])
        machines.delete_state_machine(stateMachineArn=arn)
