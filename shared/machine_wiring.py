"""Builds what the machine room needs: a part of `wiring`, for that one function."""

import json
from functools import lru_cache
from typing import TYPE_CHECKING

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.adapters.sqs_dead_letters import SqsDeadLetters
    from shared.adapters.step_functions_runs import StepFunctionsRuns


@lru_cache
def dead_letters() -> "SqsDeadLetters":
    """The dead-letter queues, and where what lies in each goes."""
    from shared.adapters.sqs_dead_letters import SqsDeadLetters, queues_of

    queues = queues_of(settings.read(settings.MachineRoomSettings).dead_letters)
    return SqsDeadLetters(wiring.client("sqs"), wiring.client("lambda"), queues, _sweep)


@lru_cache
def failed_runs() -> "StepFunctionsRuns":
    """The state machines' runs that failed."""
    from shared.adapters.step_functions_runs import StepFunctionsRuns

    machines = json.loads(settings.read(settings.MachineRoomSettings).machines)
    return StepFunctionsRuns(wiring.client("stepfunctions"), machines)


def sweep_now() -> None:
    """Have every sweep run, beside its hour."""
    for function in json.loads(settings.read(settings.MachineRoomSettings).sweeps):
        _sweep(function)


def _sweep(function: str) -> None:
    """Have one of them run; nobody waits for it."""
    wiring.client("lambda").invoke(FunctionName=function, InvocationType="Event", Payload=b"{}")
