"""Where the local AWS differs from AWS, and the design counts on it: one statement each.

When one of these fails after an upgrade, nothing of ours is broken: a difference has gone, or
changed. Look at what leans on it, which is named beside each, and then change the statement.
"""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from devstack import desk
from devstack.mailbox import read_inbox
from devstack.season.play import Season
from devstack.stack import Keys, Stack, client_for
from tests.e2e.ledger import wait_until
from tests.e2e.probes import role_keys

_SENDER = "letters@differences.example"
_LIMIT = 64 * 1024


def _post(stack: Stack, size: int) -> str:
    """Post a body of that many bytes to the webhook; what it was refused for."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{stack.api_url}/webhooks/stripe",
        data=b"{" + b" " * (size - 2) + b"}",
        headers={"content-type": "application/json", "stripe-signature": "t=1,v1=0"},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=60)  # noqa: S310
    with refused.value as answer:
        assert answer.code == 400
        return str(json.loads(answer.read())["message"])


def test_no_body_is_too_large_for_the_local_gateway_so_the_handler_refuses_it_itself(
    stack: Stack,
) -> None:
    """AWS stops at 10 MB (413). `functions/payment_webhook/receive.py` stops at 64 KiB."""
    assert "signature" in _post(stack, _LIMIT)
    for size in (_LIMIT + 1, 11_000_000):
        assert "over 64 KiB" in _post(stack, size)


@contextmanager
def _machine(stack: Stack) -> Iterator[tuple[Any, str]]:
    """A state machine that waits, and its ARN."""
    machines = stack.client("stepfunctions", "root")
    waits = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": True}}}
    like = machines.describe_state_machine(stateMachineArn=stack.outputs["CloseStateMachineArn"])
    made = machines.create_state_machine(
        name=f"waits-{uuid4().hex[:8]}", definition=json.dumps(waits), roleArn=like["roleArn"]
    )
    arn = made["stateMachineArn"]
    try:
        yield machines, arn
    finally:
        for run in machines.list_executions(stateMachineArn=arn)["executions"]:
            machines.stop_execution(executionArn=run["executionArn"])
        machines.delete_state_machine(stateMachineArn=arn)


def test_a_second_start_of_a_running_execution_is_refused(stack: Stack) -> None:
    """AWS answers with the one that runs. `StepFunctions.start` takes both for "started before"."""
    with _machine(stack) as (machines, arn):
        machines.start_execution(stateMachineArn=arn, name="close-x", input="{}")
        with pytest.raises(machines.exceptions.ExecutionAlreadyExists):
            machines.start_execution(stateMachineArn=arn, name="close-x", input="{}")


def test_a_failed_execution_cannot_be_redriven(stack: Stack) -> None:
    """AWS can, from its console. `devstack redrive` starts it again under the next name."""
    with _machine(stack) as (machines, arn):
        run = machines.start_execution(stateMachineArn=arn, name="failed", input="{}")
        machines.stop_execution(executionArn=run["executionArn"], error="Stopped")
        assert _refusal(lambda: machines.redrive_execution(executionArn=run["executionArn"])) == (
            "InvalidAction"
        )


def test_a_queue_cannot_move_its_messages_back(stack: Stack) -> None:
    """AWS can, from its console. `devstack redrive` moves them one by one."""
    queues = stack.client("sqs", "root")
    arn = queues.get_queue_attributes(
        QueueUrl=stack.outputs["PaymentEventsDlqUrl"], AttributeNames=["QueueArn"]
    )["Attributes"]["QueueArn"]
    assert _refusal(lambda: queues.start_message_move_task(SourceArn=arn)) is not None


def test_sending_in_batches_is_a_right_of_its_own(stack: Stack) -> None:
    """On AWS sqs:SendMessage covers it. `devstack redrive` sends one at a time."""
    batch = {"Id": "1", "MessageBody": "{}"}
    refusal = _refusal(
        lambda: stack.client("sqs").send_message_batch(
            QueueUrl=stack.outputs["PaymentEventsQueueUrl"], Entries=[batch]
        )
    )
    assert refusal is not None and refusal.startswith("AccessDenied")


def test_every_error_of_a_function_has_the_same_name(stack: Stack) -> None:
    """On AWS it is the exception's own. The machines therefore retry whatever failed."""
    answer = stack.client("lambda").invoke(
        FunctionName=stack.function("SessionCloseCheckDue"), Payload=b"{}"
    )
    assert answer["FunctionError"]
    assert json.load(answer["Payload"])["errorType"] == "Runtime.HandlerError"


def test_the_administrators_key_is_checked_against_nothing(stack: Stack) -> None:
    """So tests act as users and roles; the administrator deploys and looks."""
    wrong = client_for("dynamodb", stack.endpoint, stack.region, Keys("test", "not the secret"))
    assert wrong.describe_table(TableName=stack.table)["Table"]["TableName"] == stack.table


def test_the_administrator_may_take_on_a_role_that_trusts_only_functions(stack: Stack) -> None:
    """AWS refuses. `test_roles.py` tries each function's role in this way."""
    assert role_keys(stack, "SweepHourly")["aws_session_token"]


def test_two_transactions_on_one_item_never_meet(stack: Stack) -> None:
    """On AWS one is cancelled with TransactionConflict; the drill under faults brings that in."""
    table = stack.client("dynamodb", "root")
    item = {"pk": {"S": "DIFFERENCE"}, "sk": {"S": "DIFFERENCE"}, "kind": {"S": "difference"}}
    put = [{"Put": {"TableName": stack.table, "Item": item}}]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda _: table.transact_write_items(TransactItems=put), range(80)))


def _with_attachment(to: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _SENDER, to, "With a file"
    message.set_content("See the file.")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    return message


def test_only_the_older_way_of_sending_raw_letters_keeps_their_files(stack: Stack) -> None:
    """AWS keeps them either way. `SesMailer` uses SendRawEmail, whose bytes arrive as they are."""
    stack.verify_sender(_SENDER)
    older, newer = (
        f"older-{uuid4().hex}@differences.example",
        f"newer-{uuid4().hex}@differences.example",
    )
    for to, service in ((older, "ses"), (newer, "sesv2")):
        raw = {"Data": _with_attachment(to).as_bytes()}
        mail = stack.client(service, "root")
        if service == "ses":
            mail.send_raw_email(Source=_SENDER, Destinations=[to], RawMessage=raw)
        else:
            mail.send_email(
                FromEmailAddress=_SENDER, Destination={"ToAddresses": [to]}, Content={"Raw": raw}
            )
    wait_until(
        lambda: all(read_inbox(stack.letters_folder, to) for to in (older, newer)), "letters", 20
    )
    files = [
        [
            attached.name
            for letter in read_inbox(stack.letters_folder, to)
            for attached in letter.attachments
        ]
        for to in (older, newer)
    ]
    assert files == [["a.pdf"], []]


def test_a_bucket_tries_its_notifications_with_an_event_that_has_no_records(stack: Stack) -> None:
    """As AWS does. We are told through EventBridge, which sends no such thing."""
    files, queues = stack.client("s3", "root"), stack.client("sqs", "root")
    name = f"difference-{uuid4().hex[:8]}"
    files.create_bucket(Bucket=name)
    arn = f"arn:aws:sqs:{stack.region}:000000000000:{name}"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    queue = queues.create_queue(QueueName=name, Attributes={"Policy": policy})["QueueUrl"]
    files.put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={
            "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    (message,) = queues.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    told = json.loads(message["Body"])
    assert told["Event"] == "s3:TestEvent"
    assert "Records" not in told


def test_a_schedule_rings_at_its_time_in_utc_whatever_zone_it_names(stack: Stack) -> None:
    """AWS goes by the zone. `CloseSchedules` says its times in UTC, where both agree."""
    schedules, queues = stack.client("scheduler", "root"), stack.client("sqs", "root")
    name = f"difference-{uuid4().hex[:8]}"
    queue = queues.create_queue(QueueName=name)["QueueUrl"]
    now = desk.now() + timedelta(seconds=1)
    for zone, at in (("Asia/Kolkata", now), ("Asia/Kolkata", now + timedelta(hours=5, minutes=30))):
        schedules.create_schedule(
            Name=f"{name}-{at:%H%M}",
            ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
            ScheduleExpressionTimezone=zone,
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={
                "Arn": f"arn:aws:sqs:{stack.region}:000000000000:{name}",
                "RoleArn": "arn:aws:iam::000000000000:role/none",
                "Input": f"{at:%H%M}",
            },
        )
    rung: list[str] = []

    def rings() -> bool:
        answer = queues.receive_message(QueueUrl=queue, WaitTimeSeconds=1)
        rung.extend(message["Body"] for message in answer.get("Messages", []))
        return bool(rung)

    wait_until(rings, "a schedule", 30)
    assert rung == [f"{now:%H%M}"]


def test_results_of_a_map_are_not_written(season: Season) -> None:
    """On AWS its ResultWriter does. Nothing of ours reads them; they are for people."""
    files = season.stack.client("s3")
    kept = files.list_objects_v2(Bucket=season.stack.documents, Prefix="results/")
    assert kept["KeyCount"] == 0


def test_the_event_of_an_upload_does_not_say_which_version_it_is(season: Season) -> None:
    """On AWS it does, and the letter's link then keeps to that version."""
    machines, arn = season.stack.client("stepfunctions"), "RecordingStateMachineArn"
    runs = machines.list_executions(stateMachineArn=season.stack.outputs[arn])["executions"]
    inputs = [
        json.loads(machines.describe_execution(executionArn=run["executionArn"])["input"])
        for run in runs
    ]
    assert [told["object_version"] for told in inputs] == [""] * len(runs)
    assert runs


def test_metrics_that_functions_print_stay_in_their_logs(season: Season) -> None:
    """On AWS they become metrics. Alarms on our own are therefore not tried here."""
    listed = season.stack.client("cloudwatch", "root").list_metrics()["Metrics"]
    assert {metric["Namespace"] for metric in listed} == {"AWS/Lambda"}


def _refusal(request: Any) -> str | None:
    """The code of the error with which it is refused, or None if it is not."""
    try:
        request()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None
