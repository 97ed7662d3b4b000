"""What can be set for workflows while the local AWS runs: how long they pause, and what fails."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from devstack.stack import Stack

# Appended to the ARN under which an execution is started, it is the one in which the step fails.
FAILING = "#Failing"


@contextmanager
def workflows_wait(stack: Stack, scale: float) -> Iterator[None]:
    """While the block lasts, every pause of a workflow, also between tries, is so much shorter."""
    _set(stack, _SFN_WAIT_SCALE=scale)
    try:
        yield
    finally:
        _set(stack, _SFN_WAIT_SCALE=1.0)


@contextmanager
def a_step_fails(stack: Stack, machine: str, step: str) -> Iterator[None]:
    """While the block lasts, that step fails, whatever is tried, in executions so started."""
    error = {"Throw": {"Error": "OutOfOrder", "Cause": "For a test."}}
    _set(
        stack,
        _sfn_mock_config={
            "StateMachines": {machine: {"TestCases": {FAILING.removeprefix("#"): {step: "error"}}}},
            "MockedResponses": {"error": {"0-99": error}},
        },
    )
    try:
        yield
    finally:
        _set(stack, _sfn_mock_config={})


def _set(stack: Stack, **settings: Any) -> None:
    request = urllib.request.Request(  # noqa: S310 - loopback
        f"{stack.endpoint}/_ministack/config",
        data=json.dumps({f"stepfunctions.{key}": to for key, to in settings.items()}).encode(),
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
        assert len(json.load(answer)["applied"]) == len(settings)
