"""Whoever keeps the machines running does it from a page: no terminal, no console."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from devstack.stack import Stack
from shared.domain.machine_room import FailedMessage
from shared.domain.sessions import close_input
from shared.domain.staff import Role
from tests.e2e.at_desk import AtDesk, at_desk
from tests.e2e.ledger import wait_until, waiting_in
from tests.e2e.workflow_settings import FAILING, a_step_fails, workflows_wait

ROOM = "/staff/machine-room"


@dataclass
class Desk:
    """The machine room as somebody sees it who is signed in."""

    there: AtDesk

    @property
    def stack(self) -> Stack:
        return self.there.stack

    def room(self) -> str:
        """The page, which always opens."""
        status, page = self.there.ask("GET", ROOM)
        assert status == 200, page
        assert "could not be looked at" not in page
        return page

    def says(self, act: str, **sent: str) -> int:
        """Do one act from the page as it is; its status."""
        return self.there.posts(ROOM, f"{ROOM}/{act}", **{"why": "The cause is mended.", **sent})


@pytest.fixture
def desk(stack: Stack) -> Desk:
    """A coordinator, whose session is there as signing in leaves it."""
    return Desk(at_desk(stack, "noor@idha.example", Role.COORDINATOR))


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
    again = {"machine": "SessionClose", "name": key, "why": "To be sure."}
    assert desk.says("run-again", **again) == 409


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
