"""One-time alarms in EventBridge Scheduler: closes of sessions, their notices, rounds' ends.

Each is named by what it is for. Times are given in UTC: computed once from the zone of the session
or the deadline; no change of clocks moves them.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.domain.alarms import of_close, of_notice, of_round
from shared.domain.notices import Notice

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient


_AT_ONCE = 8


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
        self._set(of_close(session), at, self._target.function_arn, told)

    def cancel(self, session: str) -> None:
        self.take_back(of_close(session))

    def tell_at(self, notice: Notice) -> None:
        told = {"session": notice.session, "notice": notice.name}
        self._set(of_notice(notice), notice.due_at, self._target.notice_function_arn, told)

    def round_at(self, series: str, closes_at: datetime) -> None:
        told = {"series": series, "closes_at": closes_at.isoformat()}
        self._set(of_round(series), closes_at, self._target.round_function_arn, told)

    def cancel_round(self, series: str) -> None:
        self.take_back(of_round(series))

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

    def take_back(self, name: str) -> None:
        try:
            self._client.delete_schedule(Name=name, GroupName=self._target.group)
        except self._client.exceptions.ResourceNotFoundException:
            return

    def standing(self) -> dict[str, datetime]:
        pages = self._client.get_paginator("list_schedules").paginate(GroupName=self._target.group)
        names = [one["Name"] for page in pages for one in page["Schedules"]]
        # A list says no times, so each is asked for; many at once, because a person waits.
        with ThreadPoolExecutor(_AT_ONCE) as asking:
            found = asking.map(self._rings_at, names)
        return {name: at for name, at in zip(names, found, strict=True) if at is not None}

    def _rings_at(self, name: str) -> datetime | None:
        try:
            told = self._client.get_schedule(Name=name, GroupName=self._target.group)
        except self._client.exceptions.ResourceNotFoundException:
            return None  # it rang meanwhile
        written = told["ScheduleExpression"].removeprefix("at(").removesuffix(")")
        return datetime.fromisoformat(written).replace(tzinfo=UTC)
