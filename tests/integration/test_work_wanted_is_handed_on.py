"""What a record asks for is handed to whoever does it, by ids alone."""

import json
from typing import Any

import pytest

from functions.work_wanted.handler import hand_on
from shared import wiring
from tests.cloud import CONTEXT, Cloud
from tests.gateway import stream_event


def _item(kind: str, **more: str) -> dict[str, Any]:
    told = {"pk": "PK", "sk": "SK", "kind": kind, **more}
    return {name: {"S": value} for name, value in told.items()}


@pytest.fixture
def calls(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Which functions are called with what; what is called "broken" cannot be."""
    monkeypatch.setenv("DECIDE_AGAIN_FUNCTION", "decide-again")
    monkeypatch.setenv("REFUNDS_FUNCTION", "refunds")
    monkeypatch.setenv("SET_ALARM_FUNCTION", "set-alarm")
    made: list[tuple[str, Any]] = []

    class Lambda:
        @staticmethod
        def invoke(**call: Any) -> None:
            payload = json.loads(call["Payload"])
            if "broken" in str(payload):
                raise ConnectionError("nobody answers")
            assert call["InvocationType"] == "Event"
            made.append((call["FunctionName"], payload))

    monkeypatch.setattr(wiring, "client", lambda _service, **_: Lambda)
    return made


def test_each_kind_of_work_goes_to_whoever_does_it(calls: list[tuple[str, Any]]) -> None:
    hand_on(
        stream_event(
            _item("decision_wanted", learner="L1"),
            _item("refund_request", order="stripe-pi_1", request="r-1", state="asked"),
            _item("cancellation", session="s-1"),
            _item("notice", session="s-1", what="recording_ends"),
        ),
        CONTEXT,
    )

    assert [name for name, _ in calls] == ["decide-again", "refunds", "refunds", "set-alarm"]


def test_only_ids_are_handed_on(calls: list[tuple[str, Any]]) -> None:
    item = _item("refund_request", order="stripe-pi_1", request="r-1", note="My mother is ill.")
    hand_on(stream_event(item), CONTEXT)

    ((_, payload),) = calls
    (record,) = payload["Records"]
    assert record["dynamodb"]["NewImage"] == {
        name: item[name] for name in ("kind", "order", "request")
    }
    assert "mother" not in json.dumps(payload)


def test_one_that_cannot_be_handed_on_comes_again_alone(calls: list[tuple[str, Any]]) -> None:
    answer = hand_on(
        stream_event(_item("cancellation", session="broken"), _item("cancellation", session="s")),
        CONTEXT,
    )

    assert len(answer["batchItemFailures"]) == 1
    assert len(calls) == 1
