"""One-time alarms in EventBridge Scheduler: closes of sessions, their notices, rounds' ends.

Each is named by what it is for. Times are given in UTC: computed once from the zone of the session
or the deadline; no change of clocks moves them.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.domain.notices import Notice, NoticeKind

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient


_SHORT = {
    NoticeKind.REMINDER: "before",
    NoticeKind.MOVED: "moved",
    NoticeKind.RECORDING_ENDS: "ends",
    NoticeKind.EVALUATION_WANTED: "asks",
}


@dataclass(frozen=True)
class CloseTarget:
    """What alarms start, as which role, and where they go if that fails."""

    group: str
    function_arn: str
    round_function_arn: str
    notice_function_arn: str
    role_arn: str
    dead_letter_arn: str


class CloseSchedules:
    """The alarms of a schedule group."""

    def __init__(self, client: "EventBridgeSchedulerClient", target: CloseTarget) -> None:
        self._client = client
        self._target = target

    def close_at(self, session: str, ends_at: datetime, at: datetime) -> None:
        told = {"session": session, "ends_at": ends_at.isoformat()}
        self._set(_close(session), at, self._target.function_arn, told)

    def cancel(self, session: str) -> None:
        self._take_back(_close(session))

    def tell_at(self, notice: Notice) -> None:
        told = {"session": notice.session, "notice": notice.name}
        self._set(_notice(notice), notice.due_at, self._target.notice_function_arn, told)

    def round_at(self, series: str, closes_at: datetime) -> None:
        told = {"series": series, "closes_at": closes_at.isoformat()}
        self._set(_round(series), closes_at, self._target.round_function_arn, told)

    def cancel_round(self, series: str) -> None:
        self._take_back(_round(series))

    def _set(self, name: str, at: datetime, function_arn: str, told: dict[str, str]) -> None:
        schedule = {
            "Name": name,
            "GroupName": self._target.group,
            "ScheduleExpression": f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "ActionAfterCompletion": "DELETE",
            "Target": {
                "Arn": function_arn,
                "RoleArn": self._target.role_arn,
                "Input": json.dumps(told),
                "DeadLetterConfig": {"Arn": self._target.dead_letter_arn},
                "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 86400},
            },
        }
        try:
            self._client.create_schedule(**schedule)  # type: ignore[arg-type]
        except self._client.exceptions.ConflictException:
            self._client.update_schedule(**schedule)  # type: ignore[arg-type]

    def _take_back(self, name: str) -> None:
        try:
            self._client.delete_schedule(Name=name, GroupName=self._target.group)
        except self._client.exceptions.ResourceNotFoundException:
            return


def _close(session: str) -> str:
    return f"close-{session}"


def _notice(notice: Notice) -> str:
    """At most 64 characters, as the scheduler takes them; one for each place in the plan."""
    return f"tell-{notice.session}-{_SHORT[notice.what]}-{notice.hours}"


def _round(series: str) -> str:
    return f"round-{series}"
