"""Dead letters, failed runs and alarms: in memory and at AWS they are treated alike."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto import mock_aws

from shared import wiring
from shared.adapters.close_schedules import CloseSchedules
from shared.adapters.memory import MemorySchedules
from shared.adapters.memory_machines import MemoryDeadLetters, MemoryFailedRuns
from shared.adapters.sqs_dead_letters import Queue, SqsDeadLetters
from shared.adapters.step_functions_runs import StepFunctionsRuns
from shared.domain.machine_room import DeadLetter, FailedRun, HandedBack
from shared.domain.notices import Notice, NoticeKind
from shared.machine_ports import DeadLetters, FailedRuns
from shared.ports import Schedules
from tests.cloud import ENVIRON, Cloud, enter_environ, forget_wiring
from tests.machines import RUNNING

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def _no_sweep(function: str) -> None:
    raise AssertionError(f"Nothing here is left to {function}.")


@dataclass
class Lying:
    """Dead letters of one queue, how to leave another there, and how many were handed back."""

    dead_letters: DeadLetters
    leave: Callable[[], object]
    handed_back: Callable[[], int]


@pytest.fixture(params=["memory", "sqs"])
def lying(request: pytest.FixtureRequest) -> Lying:
    """Both twins, one after the other."""
    if request.param == "memory":
        memory = MemoryDeadLetters({"Q": []}, {"Q": HandedBack.QUEUE})
        return Lying(
            memory,
            lambda: memory.lying["Q"].append(DeadLetter(id=f"m-{len(memory.lying['Q'])}")),
            lambda: len(memory.handed),
        )
    cloud: Cloud = request.getfixturevalue("cloud")
    sqs = cloud.sqs
    dead, source = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("q-dlq", "q"))
    queues = {"Q": Queue(dead, HandedBack.QUEUE, source)}
    said: Any = {"provider": {"DataType": "String", "StringValue": "stripe"}}

    def handed() -> int:
        found = sqs.receive_message(
            QueueUrl=source, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages", [])
        assert all(one["MessageAttributes"]["provider"]["StringValue"] == "stripe" for one in found)
        return len(found)

    return Lying(
        SqsDeadLetters(sqs, wiring.client("lambda"), queues, _no_sweep),
        lambda: sqs.send_message(QueueUrl=dead, MessageBody='{"id": 1}', MessageAttributes=said),
        handed,
    )


def test_looking_takes_nothing_away(lying: Lying) -> None:
    lying.leave()
    first, again = (lying.dead_letters.queues(5) for _ in range(2))

    assert [queue.lies_there for queue in (*first, *again)] == [1, 1]
    assert first[0].letters[0].id == again[0].letters[0].id


def test_what_lies_there_is_handed_back_once_and_no_more_than_asked(lying: Lying) -> None:
    for _ in range(3):
        lying.leave()

    assert lying.dead_letters.hand_back("Q", 2) == 2
    assert lying.handed_back() == 2
    assert lying.dead_letters.hand_back("Q", 100) == 1
    assert lying.dead_letters.hand_back("Q", 100) == 0
    assert lying.dead_letters.queues(5)[0].lies_there == 0


def test_a_queue_that_is_none_is_a_missing_key(lying: Lying) -> None:
    with pytest.raises(KeyError):
        lying.dead_letters.hand_back("strange", 1)


@pytest.fixture(params=["memory", "step functions"])
def runs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FailedRuns]:
    """A close that failed, and one that did not."""
    if request.param == "memory":
        failed = FailedRun(machine="SessionClose", name="close-1", status="FAILED", error="Broken")
        yield MemoryFailedRuns([failed])
        return
    enter_environ(monkeypatch)
    forget_wiring()
    with mock_aws(config=RUNNING):
        client = wiring.client("stepfunctions")
        definition = {
            "StartAt": "Is it due?",
            "States": {
                "Is it due?": {
                    "Type": "Choice",
                    "Choices": [
                        {"Variable": "$.bad", "BooleanEquals": True, "Next": "Needs staff"}
                    ],
                    "Default": "Done",
                },
                "Needs staff": {"Type": "Fail", "Error": "Broken", "Cause": "Mira's report"},
                "Done": {"Type": "Succeed"},
            },
        }
        arn = client.create_state_machine(
            name="close",
            definition=json.dumps(definition),
            roleArn=ENVIRON["CLOSE_SCHEDULE_ROLE_ARN"],
        )["stateMachineArn"]
        for name, bad in (("close-1", True), ("close-2", False)):
            client.start_execution(
                stateMachineArn=arn, name=name, input=json.dumps({"bad": bad, "session": "s-1"})
            )
        adapter = StepFunctionsRuns(client, {"SessionClose": arn})
        _until(lambda: len(adapter.failed(10)) == 1)
        yield adapter
    forget_wiring()


def _until(true: Callable[[], bool]) -> None:
    import time

    for _ in range(200):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("It never came to be.")


def test_what_failed_is_listed_with_the_kind_of_its_error_and_no_words(runs: FailedRuns) -> None:
    (run,) = runs.failed(10)

    assert (run.machine, run.name, run.status) == ("SessionClose", "close-1", "FAILED")
    assert run.error == "Broken"
    assert "Mira" not in run.model_dump_json()


def test_a_failed_run_is_run_again_under_the_next_number_and_once(runs: FailedRuns) -> None:
    assert runs.run_again("SessionClose", "close-1") == "close-1-r2"
    assert runs.run_again("SessionClose", "close-1") is None
    assert [run.name for run in runs.failed(10) if run.name == "close-1"] == []


def test_a_run_that_did_not_fail_is_not_run_again(runs: FailedRuns) -> None:
    assert runs.run_again("SessionClose", "close-2") is None
    with pytest.raises(KeyError):
        runs.run_again("Strange", "close-1")


@pytest.fixture(params=["memory", "scheduler"])
def schedules(request: pytest.FixtureRequest) -> Schedules:
    """Both twins, one after the other."""
    if request.param == "memory":
        return MemorySchedules()
    request.getfixturevalue("cloud")
    made: CloseSchedules = wiring.close_schedules()
    return made


def test_every_alarm_that_stands_is_listed_with_its_time_and_can_be_taken_back(
    schedules: Schedules,
) -> None:
    hour = timedelta(hours=1)
    notice = Notice(
        session="s-1", series="x-2025", what=NoticeKind.REMINDER, plan=(NOW,), hours=24, due_at=NOW
    )
    schedules.close_at("s-1", NOW, NOW + hour)
    schedules.tell_at(notice)
    schedules.round_at("x-2025", NOW + 2 * hour)

    assert schedules.standing() == {
        "close-s-1": NOW + hour,
        "tell-s-1-before-24": NOW,
        "round-x-2025": NOW + 2 * hour,
    }
    for name in ("close-s-1", "tell-s-1-before-24", "none-such"):
        schedules.take_back(name)
    assert set(schedules.standing()) == {"round-x-2025"}


def test_what_is_said_of_a_failed_call_holds_no_words_of_anybody(cloud: Cloud) -> None:
    dead = cloud.sqs.create_queue(QueueName="calls-dlq")["QueueUrl"]
    failed_call = {
        "requestContext": {
            "functionArn": "arn:aws:lambda:eu-central-1:1:function:report:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": {
            "detail": {"object": {"key": "attendance/tfc-1/Mira Sand report.csv"}, "bucket": {}}
        },
        "responsePayload": {"errorType": "KeyError", "errorMessage": "Mira Sand"},
    }
    undelivered = {"session": "tfc-2", "ends_at": "2025-06-01T12:00:00+00:00"}
    cloud.sqs.send_message(QueueUrl=dead, MessageBody=json.dumps(failed_call))
    cloud.sqs.send_message(
        QueueUrl=dead,
        MessageBody=json.dumps(undelivered),
        MessageAttributes={
            "ERROR_CODE": {"DataType": "String", "StringValue": "THROTTLED"},
            "TARGET_ARN": {"DataType": "String", "StringValue": "arn:aws:lambda:x:1:function:f"},
        },
    )
    cloud.sqs.send_message(QueueUrl=dead, MessageBody="Mira Sand wrote this")
    queues = {"Uploads": Queue(dead, HandedBack.CALL)}
    (queue,) = SqsDeadLetters(cloud.sqs, wiring.client("lambda"), queues, _no_sweep).queues(10)

    assert {(one.reason, one.about) for one in queue.letters} == {
        ("KeyError", "attendance/tfc-1"),
        ("THROTTLED", "tfc-2"),
        ("", ""),
    }
    assert "Mira" not in queue.model_dump_json()
