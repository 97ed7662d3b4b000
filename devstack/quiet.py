"""When is everything done? When no queue holds a message, no execution runs, and no letter is owed.

An execution that waits for people (for a report, for votes) or for the end of a session is quiet:
nothing will happen until somebody does something.
"""

import json
import time
from dataclasses import dataclass

from devstack import desk
from devstack.problems import Problem
from devstack.stack import Stack
from shared.domain.decisions_wanted import WAITING as DECISIONS
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.letters import WAITING, Letter, LetterStatus
from shared.domain.rounds import Round
from shared.domain.sessions import SessionState

_QUEUES = (
    "PaymentEventsQueueUrl",
    "EventbriteNoticesQueueUrl",
    "ZoomEventsQueueUrl",
    "RecordingFetchesQueueUrl",
)
_MACHINES = (
    "CloseStateMachineArn",
    "RecordingStateMachineArn",
    "RoundStateMachineArn",
    "NoticeStateMachineArn",
)
_CALM_LOOKS = 5  # in a row: an event on its way from a bucket to its function is seen nowhere


@dataclass(frozen=True)
class Unrest:
    """What is still on its way."""

    messages: int
    executions: int
    letters: int
    decisions: int

    @property
    def quiet(self) -> bool:
        return not (self.messages or self.executions or self.letters or self.decisions)

    def __str__(self) -> str:
        return (
            f"{self.messages} messages, {self.executions} executions, {self.letters} letters, "
            f"{self.decisions} decisions"
        )


def look(stack: Stack) -> Unrest:
    """What is on its way right now."""
    return Unrest(_messages(stack), _executions(stack), _letters(stack), _decisions(stack))


def settle(stack: Stack, timeout: float = 120) -> float:
    """Wait until everything is done; the seconds it took. Raises Problem when it takes longer."""
    began, calm = time.monotonic(), 0
    while True:
        unrest = look(stack)
        calm = calm + 1 if unrest.quiet else 0
        if calm == _CALM_LOOKS:
            return time.monotonic() - began
        if time.monotonic() - began > timeout:
            raise Problem(
                f"After {timeout:.0f} seconds there are still {unrest} on their way.",
                "Look at what they wait for: python -m devstack status, and .devstack/logs",
            )
        time.sleep(0.4)


def _messages(stack: Stack) -> int:
    sqs, total = stack.client("sqs"), 0
    for name in _QUEUES:
        answer = sqs.get_queue_attributes(
            QueueUrl=stack.outputs[name],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        total += sum(int(value) for value in answer["Attributes"].values())
    return total


def _executions(stack: Stack) -> int:
    """Executions that are at work, not those that wait for people or for the end of a session."""
    machines = (stack.outputs[output] for output in _MACHINES)
    sfn, busy = stack.client("stepfunctions"), 0
    for machine in machines:
        running = sfn.list_executions(stateMachineArn=machine, statusFilter="RUNNING")
        for execution in running["executions"]:
            busy += not _waits_for_people(stack, execution["name"], execution["executionArn"])
    return busy


def _waits_for_people(stack: Stack, name: str, arn: str) -> bool:
    execution = stack.client("stepfunctions").describe_execution(executionArn=arn)
    about = json.loads(execution["input"])
    if name.startswith("round-"):
        return _waits_for_votes(stack, about["series"], arn)
    session = about["session"]
    state = desk.records(stack).get(SessionState.key_of(session), SessionState)
    if state is None:
        return False
    if name.startswith("close-"):
        return state.task_token is not None and state.report is None
    return state.ends_at > desk.now(stack)


def _waits_for_votes(stack: Stack, series: str, arn: str) -> bool:
    """Whether the review has asked the reviewers, and has not been woken since."""
    state = desk.records(stack).get(Round.key_of(series), Round)
    history = stack.client("stepfunctions").get_execution_history(
        executionArn=arn, reverseOrder=True, maxResults=1
    )
    last = json.dumps(history["events"], default=str)
    return state is not None and state.task_token is not None and "waitForTaskToken" in last


def _decisions(stack: Stack) -> int:
    """People whose credit is to be decided again, and is not yet."""
    return len(desk.records(stack).waiting(DECISIONS, desk.now(stack), DecisionWanted))


def _letters(stack: Stack) -> int:
    now = desk.now(stack)
    return sum(
        letter.status in (LetterStatus.PENDING, LetterStatus.SENDING)
        for table in (desk.records(stack), desk.applications(stack))
        for letter in table.waiting(WAITING, now, Letter)
    )
