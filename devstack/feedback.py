"""What SES would say of a letter, put where its topic would put it: the local mail service is mute.

The event has SES's own shape, from `events/letter_feedback/`, and names a letter that was sent.
"""

import json
from typing import Any
from urllib.parse import quote

from devstack import desk
from devstack.paths import REPO
from devstack.problems import Problem
from devstack.stack import Stack
from shared.domain.letters import Letter, LetterStatus
from shared.domain.registrations import Learner


def say(stack: Stack, event: str, email: str) -> None:
    """Say it of the last letter that was sent to whoever registered with that address."""
    records, learner = desk.records(stack), desk.id_of(stack, email)
    person = records.get(Learner.key_of(learner), Learner)
    sent = [
        letter
        for letter in records.of_learner(learner, Letter)
        if letter.status is LetterStatus.SENT and letter.message_id
    ]
    if person is None or not sent:
        raise Problem(f"No letter was sent to {email}.", "python -m devstack inbox")
    last = max(sent, key=lambda letter: letter.sent_at or letter.owed_at)
    written = (REPO / "events" / "letter_feedback" / f"{event}.json").read_text("utf-8")
    body = told_of(json.loads(written), last, person.address)
    stack.client("sqs").send_message(
        QueueUrl=stack.outputs["LetterFeedbackQueueUrl"], MessageBody=json.dumps(body)
    )


def told_of(event: dict[str, Any], letter: Letter, address: str) -> dict[str, Any]:
    """The event as SES would make it of that letter and that address."""
    mail = event["mail"]
    mail |= {"messageId": letter.message_id, "destination": [address]}
    for header in mail["headers"]:
        if header["name"] == "X-Tending-Letter":
            header["value"] = quote(f"{letter.letter}#{letter.about}", safe="#/:@")
    for part, recipients in (
        ("bounce", "bouncedRecipients"),
        ("complaint", "complainedRecipients"),
    ):
        if part in event:
            event[part][recipients] = [{"emailAddress": address}]
    if "delivery" in event:
        event["delivery"]["recipients"] = [address]
    return event
