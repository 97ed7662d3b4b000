"""Whoever keeps the machines running does it from a page: no terminal, no console."""

import http.client
import json
import re
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from devstack.stack import Stack
from shared.adapters.dynamo_staff_sessions import DynamoStaffSessions
from shared.domain.machine_room import FailedMessage
from shared.domain.sessions import close_input
from shared.domain.staff import Role, Staff
from shared.domain.staff_sessions import session_of
from tests.e2e.ledger import wait_until, waiting_in
from tests.e2e.workflow_settings import FAILING, a_step_fails, workflows_wait

ROOM = "/staff/machine-room"
_SECRET = "a-secret-of-the-machine-room-for-a-test"


@dataclass
class Desk:
    """Somebody who is signed in at the desk of the stack, over HTTP."""

    stack: Stack

    def ask(self, method: str, path: str, **sent: str) -> tuple[int, str]:
        """(status, page) of what came back."""
        at = urlsplit(f"{self.stack.api_url}{path}")
        connection = http.client.HTTPConnection(at.netloc, timeout=90)
        headers = {"Cookie": f"staff={_SECRET}", "Origin": f"http://{at.netloc}"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(connection):
            connection.request(method, at.path, urlencode(sent) or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def room(self) -> str:
        """The page, which always opens."""
        status, page = self.ask("GET", ROOM)
        assert status == 200, page
        assert "could not be looked at" not in page
        return page

    def says(self, act: str, **sent: str) -> int:
        """Do one act from the page as it is; its status."""
        once = re.search(r'name="once" value="([^"]+)"', self.room())
        assert once is not None
        fields = {"once": once[1], "why": "The cause is mended.", "back": ROOM, **sent}
        return self.ask("POST", f"{ROOM}/{act}", **fields)[0]


@pytest.fixture
def desk(stack: Stack) -> Desk:
    """A coordinator, whose session is there as signing in leaves it."""
    noor = Staff(name="noor@idha.example", roles=frozenset({Role.COORDINATOR}))
    dynamodb = stack.client("dynamodb", "root")
    (table,) = [one for one in dynamodb.list_tables()["TableNames"] if "StaffSessions" in one]
    DynamoStaffSessions(dynamodb, table).keep(session_of(_SECRET, noor, datetime.now(UTC)))
    return Desk(stack)


def test_a_poisoned_message_is_seen_with_its_reason_and_handed_over_from_the_page(
    desk: Desk,
) -> None:
    stack, body = desk.stack, json.dumps({"id": "evt_not_ours", "name": "Mira Sand"})
    sent = stack.client("sqs").send_message(
        QueueUrl=stack.outputs["PaymentEventsDlqUrl"],
        MessageBody=body,
        MessageAttributes={"provider": {"DataType": "String", "StringValue": "stripe"}},
    )["MessageId"]
    page = desk.room()
    assert sent in page
    assert "Mira" not in page

    assert desk.says("hand-back", queue="PaymentEvents") == 303
    assert waiting_in(stack, "PaymentEventsDlqUrl") == 0
    # It is still poison: the recorder tries it, fails, and keeps why under its new id.
    wait_until(lambda: bool(_reasons(stack)), "the reason to be kept", 60)
    assert all("Mira" not in reason for reason in _reasons(stack))
    stack.client("sqs", "root").purge_queue(QueueUrl=stack.outputs["PaymentEventsQueueUrl"])


def test_a_workflow_that_failed_is_seen_with_its_step_and_run_again_from_the_page(
    desk: Desk,
) -> None:
    stack, key = desk.stack, f"close-nowhere-{int(time.time())}"
    machines, arn = stack.client("stepfunctions", "root"), stack.outputs["CloseStateMachineArn"]
    told = json.dumps(close_input("nowhere", datetime(2026, 1, 31, 18, 30, tzinfo=UTC)))

    def status(name: str) -> str:
        listed = machines.list_executions(stateMachineArn=arn)["executions"]
        return next((str(run["status"]) for run in listed if run["name"] == name), "")

    name, step = arn.rpartition(":")[2], "Is the close still due?"
    with workflows_wait(stack, 0), a_step_fails(stack, name, step):
        machines.start_execution(stateMachineArn=f"{arn}{FAILING}", name=key, input=told)
        wait_until(lambda: status(key) == "FAILED", "the run to fail", 60)

    page = desk.room()
    assert key in page
    assert "OutOfOrder" in page
    assert step in page

    assert desk.says("run-again", machine="SessionClose", name=key) == 303
    wait_until(lambda: status(f"{key}-r2") == "SUCCEEDED", "the second run", 60)
    assert key not in desk.room()
    assert desk.says("run-again", machine="SessionClose", name=key) == 409


def test_alarms_are_compared_and_set_right_and_the_sweeps_run_with_the_rights_they_have(
    desk: Desk,
) -> None:
    assert desk.says("repair-alarms") == 303
    assert desk.says("sweep") == 303
    wait_until(lambda: "It has not run yet" not in desk.room(), "the sweeps to tell", 90)


def _reasons(stack: Stack) -> list[str]:
    """What was kept of messages that failed, as the table has it."""
    dynamodb: Any = stack.client("dynamodb", "root")
    found = dynamodb.scan(
        TableName=stack.table,
        FilterExpression="begins_with(pk, :failed)",
        ExpressionAttributeValues={":failed": {"S": FailedMessage.key_of("").partition}},
    )["Items"]
    return [json.dumps(item) for item in found]
