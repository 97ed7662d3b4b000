"""Running state machines in AWS Step Functions."""

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class StepFunctions:
    """Executions of one state machine, named by business keys."""

    def __init__(self, client: "SFNClient", machine_arn: str) -> None:
        self._client = client
        self._machine_arn = machine_arn

    def start(self, name: str, data: dict[str, str]) -> bool:
        try:
            self._client.start_execution(
                stateMachineArn=self._machine_arn, name=name, input=json.dumps(data, sort_keys=True)
            )
        except self._client.exceptions.ExecutionAlreadyExists:
            return False
        return True

    def resume(self, task_token: str, data: dict[str, str]) -> bool:
        return resume(self._client, task_token, data)


def resume(client: "SFNClient", task_token: str, data: dict[str, str]) -> bool:
    """Let the execution that waits under the token go on; False if it no longer waits.

    The token alone says which execution, so that a step of a machine need not know the machine.
    """
    gone = (
        client.exceptions.TaskTimedOut,
        client.exceptions.TaskDoesNotExist,
        client.exceptions.InvalidToken,
    )
    try:
        client.send_task_success(taskToken=task_token, output=json.dumps(data))
    except gone:
        return False
    return True
