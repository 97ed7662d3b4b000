"""Runs of state machines in AWS Step Functions that ended in failure."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.domain.machine_room import FailedRun
from shared.failures import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient

_ENDED_BADLY: tuple[Any, ...] = ("FAILED", "TIMED_OUT", "ABORTED")
_NAME = re.compile(r"(?P<key>.+?)(-r(?P<number>\d+))?")
_LONGEST_NAME = 80
_STEPS_BACK = 40


class StepFunctionsRuns:
    """The runs of some machines, which are known by their names."""

    def __init__(self, client: "SFNClient", machines: Mapping[str, str]) -> None:
        self._client = client
        self._machines = machines

    def failed(self, most: int) -> list[FailedRun]:
        try:
            found = [one for name in self._machines for one in self._failed_of(name, most)]
            found.sort(key=lambda one: str(one.ended_at), reverse=True)
            return [self._told(one) for one in found[:most]]
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The workflows could not be looked at.") from error

    def run_again(self, machine: str, name: str) -> str | None:
        arn = self._machines[machine]
        following = _next(name)
        try:
            told = self._describe(arn, name)
            if told is None or told["status"] not in _ENDED_BADLY or self._describe(arn, following):
                return None
            self._client.start_execution(
                stateMachineArn=arn, name=following, input=told.get("input", "{}")
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return None
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The workflow could not be started.") from error
        return following

    def _failed_of(self, machine: str, most: int) -> Iterator[FailedRun]:
        arn = self._machines[machine]
        for status in _ENDED_BADLY:
            listed = self._client.list_executions(
                stateMachineArn=arn, statusFilter=status, maxResults=most
            )
            for run in listed["executions"]:
                if self._describe(arn, _next(run["name"])) is None:
                    yield FailedRun(
                        machine=machine,
                        name=run["name"],
                        status=run["status"],
                        ended_at=run.get("stopDate"),
                    )

    def _told(self, run: FailedRun) -> FailedRun:
        """The run with what failed in it: the last step that did, and the kind of its error."""
        arn = _execution(self._machines[run.machine], run.name)
        history = self._client.get_execution_history(
            executionArn=arn, reverseOrder=True, maxResults=_STEPS_BACK
        )
        error, step = "", ""
        for event in history["events"]:
            details = next(
                (one for name, one in event.items() if name.endswith("FailedEventDetails")), None
            )
            if isinstance(details, dict) and event["type"] != "ExecutionFailed":
                error = error or str(details.get("error", ""))
            if error and event["type"].endswith("StateEntered"):
                step = event["stateEnteredEventDetails"]["name"]
                break
        if not error:
            told = self._describe(self._machines[run.machine], run.name) or {}
            error = str(told.get("error", ""))
        return run.model_copy(update={"error": error, "step": step})

    def _describe(self, machine: str, name: str) -> dict[str, Any] | None:
        try:
            found = self._client.describe_execution(executionArn=_execution(machine, name))
        except self._client.exceptions.ExecutionDoesNotExist:
            return None
        return dict(found)


def _execution(machine: str, name: str) -> str:
    return f"{machine.replace(':stateMachine:', ':execution:')}:{name}"


def _next(name: str) -> str:
    """The name under which it runs the next time: a name is used once, so it gets a number."""
    found = _NAME.fullmatch(name)
    key, number = (found["key"], int(found["number"] or 1)) if found else (name, 1)
    suffix = f"-r{number + 1}"
    return key[: _LONGEST_NAME - len(suffix)] + suffix
