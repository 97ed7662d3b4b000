"""Whoever keeps the machines running sees what failed and why, and sets it going again."""

import json
from typing import Any

import pytest

from functions.payment_webhook.record import handler as record
from functions.sweep.handler import sweep_scholarships
from shared import wiring
from shared.domain.audits import Audit, CameOf
from shared.domain.machine_room import FailedMessage
from shared.domain.staff import Role
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.gateway import queue_event
from tests.reading import Reader
from tests.season import CLASS_1, on_sale
from tests.staff import Browser, signed_in

ROOM = "/staff/machine-room"
POISON = json.dumps({"id": "evt_1", "name": "Mira Sand"})


class Room(Browser):
    """The browser of a coordinator in the machine room."""

    def say(self, act: str, **sent: str) -> int:
        """Do one act there; its status."""
        how: dict[str, Any] = {"why": "The cause is mended.", "back": ROOM, **sent}
        return self.post(f"{ROOM}/{act}", **how).status


@pytest.fixture
def dead(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The addresses of two dead-letter queues, of which the function is told."""
    sqs = cloud.sqs
    queues = {name: sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"] for name in ("a", "b")}
    letters = {
        "PaymentEvents": ["queue", queues["a"], cloud.queue],
        "Uploads": ["call", queues["b"]],
    }
    monkeypatch.setenv("DEAD_LETTERS", json.dumps(letters))
    machine = ENVIRON["CLOSE_STATE_MACHINE_ARN"]
    monkeypatch.setenv("MACHINES", json.dumps({"SessionClose": machine}))
    monkeypatch.setenv("SWEEPS", "[]")
    wiring.client("stepfunctions").create_state_machine(
        name=machine.rsplit(":", 1)[-1],
        definition='{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}',
        roleArn=ENVIRON["CLOSE_SCHEDULE_ROLE_ARN"],
    )
    return queues


@pytest.fixture
def room(cloud: Cloud, dead: dict[str, str]) -> Room:
    """Somebody who keeps the machines running, signed in."""
    browser = signed_in(cloud, Role.COORDINATOR, name="noor@idha.example")
    return Room(browser.cookie, browser.once, browser.door)


def _poisoned(cloud: Cloud, dead: dict[str, str]) -> str:
    """A payment event that cannot be read failed, and lies in the dead-letter queue; its id."""
    sent = cloud.sqs.send_message(QueueUrl=dead["a"], MessageBody=POISON)["MessageId"]
    event = queue_event(POISON)
    event["Records"][0]["messageId"] = sent
    assert record(event, CONTEXT)["batchItemFailures"] == [{"itemIdentifier": sent}]
    return sent


def test_where_nothing_failed_the_page_says_so(cloud: Cloud, room: Room) -> None:
    on_sale(cloud)
    page = room.get(ROOM)

    assert page.status == 200
    text = Reader(page.body).text
    for said in ("There are none.", "It has not run yet.", "none that were not run again since"):
        assert said in text


def test_a_poisoned_message_is_shown_with_its_reason_and_nobodys_words(
    cloud: Cloud, room: Room, dead: dict[str, str]
) -> None:
    sent = _poisoned(cloud, dead)
    page = room.get(ROOM)
    text = Reader(page.body).text

    kept = cloud.records.get(FailedMessage.key_of(sent), FailedMessage)
    assert kept is not None
    assert f"{kept.error}, at {kept.at_place}" in text
    assert "Payment events: 1" in text and sent in text and "1 try" in text
    assert "Mira" not in page.body and "evt_1" not in page.body


def test_what_is_handed_back_is_in_line_again_and_written_down(
    cloud: Cloud, room: Room, dead: dict[str, str]
) -> None:
    _poisoned(cloud, dead)

    assert room.say("hand-back", queue="PaymentEvents") == 303
    assert cloud.queued() == [POISON]
    assert "Payment events: 1" not in Reader(room.get(ROOM).body).text
    (kept,) = cloud.everything(Audit)
    assert (kept.act, kept.by, kept.about) == ("hand-back", "noor@idha.example", ("PaymentEvents",))
    assert (kept.why, kept.came_of) == ("The cause is mended.", CameOf.DONE)


def test_handing_back_nothing_or_a_strange_queue_is_refused_and_written_down(
    cloud: Cloud, room: Room
) -> None:
    assert room.say("hand-back", queue="PaymentEvents") == 409
    assert room.say("hand-back", queue="https://sqs.example/other") == 409
    assert room.say("hand-back", queue="PaymentEvents", why="") == 422
    assert [kept.came_of for kept in cloud.everything(Audit)] == [CameOf.REFUSED] * 2


def test_a_run_that_did_not_fail_is_not_run_again(cloud: Cloud, room: Room) -> None:
    assert room.say("run-again", machine="SessionClose", name="close-nowhere") == 409
    assert room.say("run-again", machine="Strange", name="close-nowhere") == 409


def test_an_alarm_that_somebody_deleted_is_found_and_set_again(cloud: Cloud, room: Room) -> None:
    on_sale(cloud)
    room.say("repair-alarms")  # the season was played before, and its alarms were not kept
    name = f"close-{CLASS_1.id}"
    group = ENVIRON["CLOSE_SCHEDULE_GROUP"]
    wiring.client("scheduler").delete_schedule(Name=name, GroupName=group)

    text = Reader(room.get(ROOM).body).text
    assert f"Missing: the close of “{CLASS_1.title}”" in text
    assert room.say("repair-alarms") == 303
    assert "Every alarm stands as the catalogues want it." in Reader(room.get(ROOM).body).text
    alarm = wiring.client("scheduler").get_schedule(Name=name, GroupName=group)
    assert alarm["ScheduleExpression"] == "at(2025-06-22T18:45:00)"


def test_what_the_last_sweep_found_stands_there(cloud: Cloud, room: Room) -> None:
    sweep_scholarships({}, CONTEXT)

    assert "Nothing was left lying." in Reader(room.get(ROOM).body).text


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ACCOUNTANT])
def test_nobody_else_comes_into_the_machine_room(
    cloud: Cloud, dead: dict[str, str], role: Role
) -> None:
    _poisoned(cloud, dead)
    other = signed_in(cloud, role)

    assert other.get(ROOM).status == 403
    for act in ("hand-back", "run-again", "repair-alarms", "sweep"):
        assert other.post(f"{ROOM}/{act}", why="x", queue="PaymentEvents").status == 403
    assert cloud.queued() == []


@pytest.mark.parametrize("act", ["hand-back", "run-again", "repair-alarms", "sweep"])
def test_a_form_that_is_none_of_ours_sets_nothing_going(
    cloud: Cloud, room: Room, dead: dict[str, str], act: str
) -> None:
    _poisoned(cloud, dead)

    assert room.post(f"{ROOM}/{act}", why="x", once="another", queue="PaymentEvents").status == 403
    assert cloud.queued() == []
