"""Handing over again what failed, once its cause is mended: dead letters and failed workflows.

The machine room of the staff desk does it one by one; this does all of it, with the same adapters
and from the same list of queues and machines: the one that the template gives to that function.
Whatever is handed over comes in through the same doors as before, where doing it again is harmless.
"""

import json
from collections import Counter
from dataclasses import dataclass
from functools import partial

from devstack.functions import invoke_named
from devstack.stack import Stack
from shared.adapters.sqs_dead_letters import SqsDeadLetters, queues_of
from shared.adapters.step_functions_runs import StepFunctionsRuns
from shared.domain.machine_room import HandedBack

_AT_ONCE = 100
# What Step Functions lists at once.
_MOST_RUNS = 1000
# Such a run was stopped by somebody, who knows why.
_STOPPED = "ABORTED"


@dataclass(frozen=True)
class Redriven:
    """How much of each kind was handed over again.

    `letters` are notices that a letter could not be sent, or a request for money back not handed
    over; the letters and the requests themselves wait in the table.
    """

    payment_events: int
    calls: int
    letters: int
    workflows: int


def redrive(stack: Stack) -> Redriven:
    """Hand everything over again that lies in a dead-letter queue or ended in failure."""
    told = stack.client("lambda").get_function_configuration(
        FunctionName=stack.function("StaffMachineRoom")
    )["Environment"]["Variables"]
    handed = _hand_back(stack, told["DEAD_LETTERS"])
    return Redriven(
        payment_events=handed[HandedBack.QUEUE],
        calls=handed[HandedBack.CALL],
        letters=handed[HandedBack.SWEEP],
        workflows=_run_again(stack, told["MACHINES"]),
    )


def _hand_back(stack: Stack, written: str) -> "Counter[HandedBack]":
    queues = queues_of(written)
    # The sweep is waited for: whoever redrives wants to see what it found.
    sweep = partial(invoke_named, stack, payload={})
    letters = SqsDeadLetters(stack.client("sqs"), stack.client("lambda"), queues, sweep)
    handed: Counter[HandedBack] = Counter()
    for name, queue in queues.items():
        while again := letters.hand_back(name, _AT_ONCE):
            handed[queue.hands_back] += again
    return handed


def _run_again(stack: Stack, written: str) -> int:
    """Start each workflow again whose last run failed. A name is used once, so it gets a number."""
    runs = StepFunctionsRuns(stack.client("stepfunctions"), json.loads(written))
    failed = [run for run in runs.failed(_MOST_RUNS) if run.status != _STOPPED]
    return sum(runs.run_again(run.machine, run.name) is not None for run in failed)
