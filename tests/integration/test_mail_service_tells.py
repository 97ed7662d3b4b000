"""What Amazon SES says of letters, in its own shape, from the queue to the record."""

import json
from pathlib import Path
from typing import Any

import pytest

from devstack.feedback import told_of
from functions.letter_feedback.handler import take
from functions.letter_outbox.handler import send
from shared.adapters.ses_feedback import UnreadableFeedback, read_feedback
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.mailboxes import Mailbox, Said
from shared.domain.registrations import Learner
from tests.cloud import CONTEXT, Cloud
from tests.gateway import stream_event
from tests.season import AMARA, open_season

EVENTS = Path("events/letter_feedback")
ADDRESS = "amara.osei@example.org"


def _event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return loaded


def _message(body: str, number: int = 1) -> dict[str, Any]:
    return {
        "messageId": f"m-{number}",
        "receiptHandle": "r",
        "body": body,
        "attributes": {},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:feedback",
        "awsRegion": "eu-central-1",
    }


def _confirmation(cloud: Cloud) -> Letter:
    (letter,) = [one for one in cloud.letters(LetterKind.CONFIRMATION) if one.learner == AMARA]
    return letter


@pytest.fixture
def sent(cloud: Cloud) -> Cloud:
    """Amara's confirmation is sent."""
    open_season(cloud)
    (item,) = [
        one
        for one in cloud.items()
        if one.get("letter") == {"S": "confirmation"} and one["learner"] == {"S": AMARA}
    ]
    send(stream_event(item), CONTEXT)
    assert _confirmation(cloud).status is LetterStatus.SENT
    return cloud


@pytest.mark.parametrize(
    ("name", "said", "for_good"),
    [
        ("bounce.permanent", Said.BOUNCED, True),
        ("bounce.transient", Said.BOUNCED, False),
        ("complaint", Said.COMPLAINED, False),
        ("delivery", Said.DELIVERED, False),
        ("send", Said.SENT, False),
        ("reject", Said.REJECTED, False),
    ],
)
def test_each_of_its_events_is_understood(name: str, said: Said, for_good: bool) -> None:
    feedback = read_feedback(json.dumps(_event(name)))

    assert feedback is not None
    assert (feedback.said, feedback.for_good) == (said, for_good)
    assert feedback.letter_id == "confirmation#stripe-pi_example"
    assert feedback.addresses == (ADDRESS,)


def test_an_event_of_a_letter_that_is_none_of_ours_is_left_alone() -> None:
    event = _event("delivery")
    event["mail"]["headers"] = []

    assert read_feedback(json.dumps(event)) is None


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"eventType": "Bounce"}', "\ud800"])
def test_what_cannot_be_read_names_nobody(body: str) -> None:
    with pytest.raises(UnreadableFeedback) as caught:
        read_feedback(body)
    assert "@" not in str(caught.value)


def test_a_bounce_marks_the_address_and_one_bad_message_costs_only_itself(sent: Cloud) -> None:
    body = told_of(_event("bounce.permanent"), _confirmation(sent), _address_of(sent))

    answer = take({"Records": [_message("not JSON", 1), _message(json.dumps(body), 2)]}, CONTEXT)

    assert answer["batchItemFailures"] == [{"itemIdentifier": "m-1"}]
    assert _confirmation(sent).status is LetterStatus.RETURNED
    mailbox = sent.records.get(Mailbox.key_of(AMARA), Mailbox)
    assert mailbox is not None and mailbox.bounced_at is not None
    assert len(sent.letters(LetterKind.STAFF_ADDRESS)) == 1


def test_a_letter_that_arrived_is_remembered_as_arrived(sent: Cloud) -> None:
    body = told_of(_event("delivery"), _confirmation(sent), _address_of(sent))
    take({"Records": [_message(json.dumps(body))]}, CONTEXT)

    assert _confirmation(sent).delivered_at is not None


def _address_of(cloud: Cloud) -> str:
    person = cloud.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None
    return person.address
