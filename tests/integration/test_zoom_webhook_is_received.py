"""Zoom's door: what Zoom signed is queued and kept; our key signs nothing for anybody else."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.catalogue_published.handler import publish
from functions.zoom_webhook.receive import handler
from functions.zoom_webhook.record import handler as record
from shared.adapters.zoom_signature import sign
from shared.domain.live_attendance import LiveFact
from tests.cloud import CONTEXT, ZOOM_SECRET, Cloud
from tests.gateway import proxy_event, queue_event
from tests.season import CLASS_1
from tests.zoom import MEETING, zoom_event

EVENTS = sorted(Path("events/zoom_webhook").glob("*.json"))
JOINED = zoom_event("meeting.participant_joined", CLASS_1.starts_at, name="ana@example.org")


def _delivery(
    body: bytes, *, secret: str = ZOOM_SECRET, age: int = 0, signed: bytes | None = None
) -> dict[str, Any]:
    now = int(time.time()) - age
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "X-Zm-Signature": sign(body if signed is None else signed, secret, now),
        "X-Zm-Request-Timestamp": str(now),
    }
    return proxy_event("POST", "/webhooks/zoom", {}, headers=headers, body=body.decode())


def _queued(cloud: Cloud) -> list[str]:
    received = cloud.sqs.receive_message(QueueUrl=cloud.zoom_events, MaxNumberOfMessages=10)
    return [message["Body"] for message in received.get("Messages", [])]


def _question(token: str) -> bytes:
    told = {"event": "endpoint.url_validation", "payload": {"plainToken": token}, "event_ts": 1}
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "file", [one for one in EVENTS if "validation" not in one.name], ids=lambda file: file.stem
)
def test_what_zoom_signed_is_queued_byte_for_byte(cloud: Cloud, file: Path) -> None:
    body = file.read_bytes()

    assert handler(_delivery(body), CONTEXT)["statusCode"] == 200

    assert _queued(cloud) == [body.decode()]


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda: _delivery(JOINED, secret="theirs"), id="another secret"),
        pytest.param(
            lambda: _delivery(JOINED + b" ", signed=JOINED), id="another body than was signed"
        ),
        pytest.param(lambda: _delivery(JOINED, age=900), id="too old"),
        pytest.param(lambda: _delivery(JOINED, age=-900), id="from the future"),
    ],
)
def test_what_zoom_did_not_sign_is_turned_away(
    cloud: Cloud, forged: Callable[[], dict[str, Any]]
) -> None:
    # Signed when it is sent, not when tests are collected: that may be a quarter of an hour ago.
    assert handler(forged(), CONTEXT)["statusCode"] == 400
    assert _queued(cloud) == []


def test_zooms_signed_question_is_answered_at_once_and_not_queued(cloud: Cloud) -> None:
    token = "qgg8vlvZRS6UYooatFL8Aw"

    answer = handler(_delivery(_question(token)), CONTEXT)

    digest = hmac.new(ZOOM_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"plainToken": token, "encryptedToken": digest}
    assert _queued(cloud) == []


def test_nobody_gets_a_forged_event_signed_by_asking_as_zoom_would(cloud: Cloud) -> None:
    """The attack: ask us to sign "v0:<time>:<event>" as a token, and send that event with it."""
    now = int(time.time())
    token = f"v0:{now}:{JOINED.decode()}"

    unsigned = handler(_delivery(_question(token), secret="theirs"), CONTEXT)
    plain = handler(_delivery(_question("abc"), secret="theirs"), CONTEXT)
    signed = handler(_delivery(_question(token)), CONTEXT)

    digest = hmac.new(ZOOM_SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()
    assert sign(JOINED, ZOOM_SECRET, now) == f"v0={digest}"  # an answer would be a signature
    for answer in (unsigned, plain, signed):
        assert answer["statusCode"] == 400
        assert "encryptedToken" not in answer["body"]
        assert digest not in answer["body"]


def test_an_event_that_mentions_the_question_is_an_event(cloud: Cloud) -> None:
    body = zoom_event(
        "meeting.participant_joined", CLASS_1.starts_at, name="endpoint.url_validation"
    )

    assert json.loads(handler(_delivery(body), CONTEXT)["body"]) == {"received": True}
    assert len(_queued(cloud)) == 1


def test_while_the_secret_is_rolled_the_question_is_answered_by_the_one_that_signed_it(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.payment_webhook.receive._kept", {})
    cloud.set_secret("ZOOM_WEBHOOK_SECRET_ID", {"signing_secrets": ["the new one", ZOOM_SECRET]})

    answer = json.loads(handler(_delivery(_question("abc")), CONTEXT)["body"])

    assert (
        answer["encryptedToken"]
        == hmac.new(ZOOM_SECRET.encode(), b"abc", hashlib.sha256).hexdigest()
    )


def test_an_event_of_a_published_class_is_kept_and_a_poisoned_one_comes_again(cloud: Cloud) -> None:
    catalogue = Path("events/catalogue_published/idha-2025.yaml").read_text(encoding="utf-8")
    told = catalogue.replace(
        f"joining_link: {CLASS_1.joining_link}",
        f"joining_link: {CLASS_1.joining_link}\n    zoom: {{meeting_id: 812 3456 7890}}",
        1,
    )
    assert told != catalogue
    publish(cloud.upload("catalogue/idha-2025.yaml", told.encode()), CONTEXT)
    event = queue_event(JOINED.decode(), '{"event": "meeting.ended"}')

    failed = record(event, CONTEXT)["batchItemFailures"]

    assert len(failed) == 1
    facts = list(cloud.records.find(f"SESSION#{CLASS_1.id}", LiveFact, LiveFact.PREFIX))
    assert [fact.name for fact in facts] == ["ana"]
    assert MEETING == "81234567890"
