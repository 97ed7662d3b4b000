"""What every state machine keeps to, so that it can be read aloud and nothing falls out of it."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from tests.from_template import machine, template

MACHINES = sorted(
    logical_id
    for logical_id, resource in template()["Resources"].items()
    if resource["Type"] == "AWS::Serverless::StateMachine"
)
TRANSIENT = {
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
}
# Ids, times, sizes and a token: what tasks may be told. Never a name or an address.
TOLD = {
    "session", "ends_at", "report", "task_token", "scope", "learner",
    "key", "object_version", "size", "uploaded_at", "people", "partition", "sort", "sha256",
    "failed", "series", "closes_at", "notice", "cause", "appeal",
}  # fmt: skip


class State(NamedTuple):
    """One state of a machine, by name, and the Map it is in, if it is in one."""

    machine: str
    name: str
    what: dict[str, Any]
    within: dict[str, Any] | None


@cache
def _definition(logical_id: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(machine(logical_id)[0])
    return loaded


def _states(of: str, part: dict[str, Any], within: dict[str, Any] | None = None) -> Iterator[State]:
    for name, what in part["States"].items():
        yield State(of, name, what, within)
        if what["Type"] == "Map":
            yield from _states(of, what["ItemProcessor"], what)


STATES = [state for name in MACHINES for state in _states(name, _definition(name))]
TASKS = [state for state in STATES if state.what["Type"] == "Task"]
WORKING = [state for state in STATES if state.what["Type"] in ("Task", "Map")]


def every(states: list[State]) -> pytest.MarkDecorator:
    """Try each of these states on its own."""
    return pytest.mark.parametrize("state", states, ids=lambda one: f"{one.machine}: {one.name}")


def test_all_machines_of_the_template_are_looked_at() -> None:
    assert MACHINES == [
        "Appeal",
        "NoticeDue",
        "RecordingUploaded",
        "ScholarshipRound",
        "SessionClose",
    ]
    assert len(TASKS) == 28


@pytest.mark.parametrize("logical_id", MACHINES)
def test_a_machine_says_what_it_is_for_and_ends_some_day(logical_id: str) -> None:
    definition = _definition(logical_id)

    assert definition["Comment"].endswith(".")
    assert 0 < definition["TimeoutSeconds"] <= 366 * 86400
    assert definition.get("QueryLanguage", "JSONPath") == "JSONPath"


@pytest.mark.parametrize("logical_id", MACHINES)
def test_what_the_template_fills_in_is_what_the_machine_leaves_open(logical_id: str) -> None:
    definition, names = machine(logical_id)

    assert set(re.findall(r"\$\{(.*?)\}", definition)) == set(names)
    assert definition.count("${") == len(re.findall(r'"\$\{\w+\}"', definition)), (
        "every substitution is a whole value, so that nothing it holds is read as a definition"
    )


@pytest.mark.parametrize("logical_id", MACHINES)
def test_every_state_can_be_reached_and_every_way_leads_to_a_state(logical_id: str) -> None:
    definition = _definition(logical_id)
    maps = [state.what for state in STATES if state.what["Type"] == "Map"]
    for part in (definition, *(one["ItemProcessor"] for one in maps)):
        reached, ahead = set(), [part["StartAt"]]
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += _next_of(part["States"][name])
        assert reached == set(part["States"])


def _next_of(state: dict[str, Any]) -> list[str]:
    choices = state.get("Choices", []) + state.get("Catch", [])
    names = [choice["Next"] for choice in choices]
    return names + [state[key] for key in ("Next", "Default") if key in state]


@every(STATES)
def test_a_state_says_in_a_sentence_what_it_is(state: State) -> None:
    assert state.what["Comment"].endswith((".", "?"))
    assert state.name[0].isupper() and not state.name.isalnum()


@every(STATES)
def test_a_state_goes_on_or_ends(state: State) -> None:
    ends = state.what.get("End", False) or state.what["Type"] in ("Succeed", "Fail")
    assert ends is ("Next" not in state.what and state.what["Type"] != "Choice")
    if state.what["Type"] == "Choice":
        assert "Default" in state.what
    if state.what["Type"] == "Fail":
        assert state.what["Error"] and state.what["Cause"].endswith(".")


@every(WORKING)
def test_what_is_busy_is_asked_again_with_jitter(state: State) -> None:
    again = [one for one in state.what["Retry"] if one.get("MaxAttempts") != 0]

    assert again
    for one in again:
        assert set(one["ErrorEquals"]) >= TRANSIENT
        assert one["JitterStrategy"] == "FULL"
        assert one["MaxAttempts"] >= 3
        assert one["BackoffRate"] >= 2
        assert one["MaxDelaySeconds"] <= 300
        assert "States.ALL" not in one["ErrorEquals"], "a mistake of ours is not repaired by time"


@every(WORKING)
def test_what_fails_for_good_leads_to_a_state_with_a_name(state: State) -> None:
    if state.within is not None and "Catch" not in state.what:
        assert "Catch" in state.within, "a child's failure is its Map's to name"
        return
    caught = state.what["Catch"]
    assert "States.ALL" in caught[-1]["ErrorEquals"]
    for one in caught:
        assert one["ResultPath"], "what went in must not be lost with the error"


@every(TASKS)
def test_a_task_ends_in_time(state: State) -> None:
    if "TimeoutSecondsPath" in state.what:
        assert state.what["Resource"].endswith(".waitForTaskToken")
        assert state.what["TimeoutSecondsPath"].startswith("$.")
    else:
        assert 0 < state.what["TimeoutSeconds"] <= 900


@every(TASKS)
def test_a_task_is_told_ids_only_and_exactly_what_it_needs(state: State) -> None:
    told = state.what["Parameters"]

    assert set(told) == {"FunctionName", "Payload"}
    assert re.fullmatch(r"\$\{\w+Arn\}", told["FunctionName"])
    assert {key.removesuffix(".$") for key in _keys(told["Payload"])} <= TOLD
    assert "$" not in told["Payload"].values(), "never the whole state"


def _keys(of: dict[str, Any]) -> Iterator[str]:
    for key, value in of.items():
        yield key
        if isinstance(value, dict):
            yield from _keys(value)


@every(WORKING)
def test_what_a_state_answers_has_a_place_of_its_own_or_none(state: State) -> None:
    assert "ResultPath" in state.what
    place = state.what["ResultPath"]
    assert place is None or re.fullmatch(r"\$\.\w+", place)
    if place is not None:
        assert state.what["ResultSelector"], "of an answer, only what is asked for is kept"


MAPS = [state for state in STATES if state.what["Type"] == "Map"]


@every(MAPS)
def test_people_are_a_roster_in_a_bucket_with_one_child_each(state: State) -> None:
    assert state.what["ItemReader"]["ReaderConfig"] == {"InputType": "JSONL"}
    assert state.what["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert 1 <= state.what["MaxConcurrency"] <= 40
    assert state.what["ToleratedFailurePercentage"] == 100, "one person never stops the others"
    assert state.what["ResultWriter"]["Parameters"]["Prefix"].startswith("results/")
    assert state.what["ResultPath"] is None
