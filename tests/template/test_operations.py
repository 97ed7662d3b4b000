"""Whoever keeps watch sees everything that can fail, hears of it, and reads what to do."""

import json
import re
from typing import Any

import pytest

from shared.adapters.jinja_machine_room import WORDS
from tests.template import documents
from tests.template.documents import text
from tests.template.expansion import Template, expand, named, of_type

pytestmark = pytest.mark.template

# What must wake somebody, and by which alarm it does.
WAKES = {
    "letters owed for over an hour": ["LettersOwedTooLongAlarm"],
    "webhooks that are rejected": ["WebhookRejectsAlarm", "PaypalRejectsAlarm", "ZoomRejectsAlarm"],
    "sends that are not settled": ["SendsUnsettledAlarm"],
    "the oldest thing that waits for staff": ["StaffAskedTooLongAlarm"],
    "letters that failed, those to staff and the morning letter among them": ["LettersFailedAlarm"],
}


@pytest.fixture(scope="module")
def template() -> Template:
    return expand("prod")


def _alarms(template: Template) -> dict[str, Any]:
    return of_type(template, "AWS::CloudWatch::Alarm")


def _dead(template: Template) -> set[str]:
    return {name for name in of_type(template, "AWS::SQS::Queue") if name.endswith("Dlq")}


def _machines(template: Template) -> set[str]:
    return set(of_type(template, "AWS::StepFunctions::StateMachine"))


def _board(template: Template) -> str:
    (board,) = of_type(template, "AWS::CloudWatch::Dashboard").values()
    return named(board["DashboardBody"])


def _told(template: Template, setting: str) -> dict[str, Any]:
    """A setting of the machine room that is JSON, with the template's names in it."""
    function = of_type(template, "AWS::Lambda::Function")["StaffMachineRoom"]
    value = function["Environment"]["Variables"][setting]["Fn::Sub"]
    found: dict[str, Any] = json.loads(value if isinstance(value, str) else value[0])
    return found


def test_what_must_wake_somebody_does(template: Template) -> None:
    alarms = _alarms(template)

    assert [one for names in WAKES.values() for one in names if one not in alarms] == []


def test_every_dead_letter_and_every_failed_workflow_wakes_somebody_and_is_on_the_board(
    template: Template,
) -> None:
    watched = {
        (alarm["MetricName"], named(dimension["Value"]).partition(".")[0])
        for alarm in _alarms(template).values()
        for dimension in alarm["Dimensions"]
    }
    board = _board(template)
    wrong = []
    for queue in sorted(_dead(template)):
        if ("ApproximateNumberOfMessagesVisible", queue) not in watched:
            wrong.append(f"{queue} wakes nobody")
        if f"{queue}.QueueName" not in board:
            wrong.append(f"{queue} is not on the board")
    for machine in sorted(_machines(template)):
        wrong += [
            f"{machine} wakes nobody when {metric}"
            for metric in ("ExecutionsFailed", "ExecutionsTimedOut")
            if (metric, machine) not in watched
        ]
        if f"{{{machine}}}" not in board:
            wrong.append(f"{machine} is not on the board")
    assert wrong == []


def test_a_queue_that_nobody_watches_would_be_noticed(template: Template) -> None:
    assert "NewDlq.QueueName" not in _board(template)
    assert len(_dead(template)) >= 10
    assert len(_machines(template)) >= 4


@pytest.mark.parametrize(
    "measured", ["OldestOwedLetterMinutes", "UnsettledSends", "WebhookRefused"]
)
def test_what_is_measured_is_on_the_board(template: Template, measured: str) -> None:
    assert f'"{measured}"' in _board(template)


def test_every_alarm_has_a_part_of_its_own_name_in_the_runbook(template: Template) -> None:
    headings = documents.headings(text("docs/runbook.md"))

    assert sorted(set(_alarms(template)) - headings) == []


def test_an_alarm_without_a_part_of_the_runbook_would_be_noticed(template: Template) -> None:
    without = documents.headings(text("docs/runbook.md").replace("#### LettersFailedAlarm", ""))

    assert sorted(set(_alarms(template)) - without) == ["LettersFailedAlarm"]


def test_the_machine_room_shows_every_dead_letter_queue_and_every_workflow(
    template: Template,
) -> None:
    told = _told(template, "DEAD_LETTERS")
    addresses = {re.sub(r"[${}]", "", address) for _, address, *_ in told.values()}

    assert addresses == _dead(template)
    assert set(told) == set(WORDS.queues)
    assert set(_told(template, "MACHINES")) == _machines(template) == set(WORDS.machines)


def test_whatever_call_lies_there_the_machine_room_may_make_again(template: Template) -> None:
    """Of every function that leaves its failures, or what did not reach it, in a queue of calls."""
    calls = {"UploadsDlq", "SchedulesDlq"}
    leaves = {
        named(config["FunctionName"])
        for config in of_type(template, "AWS::Lambda::EventInvokeConfig").values()
        if named(config["DestinationConfig"]["OnFailure"]["Destination"]).partition(".")[0] in calls
    }
    role = of_type(template, "AWS::IAM::Role")["StaffMachineRoomRole"]
    may = {
        named(resource).partition(".")[0]
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "lambda:InvokeFunction"
        for resource in statement["Resource"]
    }

    assert len(leaves) > 5
    assert sorted(leaves - may) == []
