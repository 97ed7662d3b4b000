"""One-time alarms in EventBridge Scheduler, one per session, named by it.

Times are given in UTC: computed once from the session's zone; no change of clocks moves them.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient


@dataclass(frozen=True)
class CloseTarget:
    """What an alarm starts, as which role, and where it goes if that fails."""

    group: str
    function_arn: str
    role_arn: str
    dead_letter_arn: str


class CloseSchedules:
    """The alarms of a schedule group."""

    def __init__(self, client: "EventBridgeSchedulerClient", target: CloseTarget) -> None:
        self._client = client
        self._target = target

    def close_at(self, session: str, ends_at: datetime, at: datetime) -> None:
        schedule = {
            "Name": _name(session),
            "GroupName": self._target.group,
            "ScheduleExpression": f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": self._target.function_arn,
                "RoleArn": self._target.role_arn,
                "Input": json.dumps({"session": session, "ends_at": ends_at.isoformat()}),
                "DeadLetterConfig": {"Arn": self._target.dead_letter_arn},
                "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 86400},
            },
        }
        try:
            self._client.create_schedule(**schedule)  # type: ignore[arg-type]
        except self._client.exceptions.ConflictException:
            self._client.update_schedule(**schedule)  # type: ignore[arg-type]

    def cancel(self, session: str) -> None:
        try:
            self._client.delete_schedule(Name=_name(session), GroupName=self._target.group)
        except self._client.exceptions.ResourceNotFoundException:
            return


def _name(session: str) -> str:
    return f"close-{session}"
