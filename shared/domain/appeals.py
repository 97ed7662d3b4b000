"""Appeals: somebody asks for a decision about them to be looked at again by a person.

An appeal is a record from the moment it is asked for; what they wrote stands in it and nowhere
else. It waits as "appeal" until staff have answered, however late that is.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from shared.domain.appeal_policy import AppealPolicy
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.overrides import About
from shared.domain.record import Key, Record
from shared.domain.zones import say_day

RULE_VERSION = "appeals-1"
WAITING = "appeal"
REASON_LIMIT = 3000
# After so many reminders nobody is reminded any more by letter; the list of what waits still is.
MOST_REMINDERS = 8
# What a part of a unit alone never earns is no decision to question.
_NO_DECISION = frozenset({"part_of_unit"})


class AppealOutcome(StrEnum):
    """How staff answered."""

    UPHELD = "upheld"
    CHANGED = "changed"
    # Its person took everything away, so there is nobody to answer.
    CLOSED = "closed"


class Appeal(Record):
    """One appeal about one decision. `number` counts those of one person about one scope.

    `about` is what was refused: the attendance, or the credit. `decided_at` is when. `reason` is
    what its person wrote; `why` is what staff answered, and its person reads it.
    """

    kind: ClassVar[str] = "appeal"

    scope: str
    series: str
    learner: str
    number: int
    about: About
    reason: str
    decided_at: datetime
    asked_at: datetime
    answer_by: datetime
    task_token: str | None = None
    reminded: int = 0
    reminded_at: datetime | None = None
    outcome: AppealOutcome | None = None
    answered_at: datetime | None = None
    by: str | None = None
    why: str = ""

    @staticmethod
    def partition_of(scope: str) -> str:
        """The partition that holds all appeals about a scope."""
        return f"APPEALS#{scope}"

    @classmethod
    def key_of(cls, appeal: str) -> Key:
        """Where the appeal of that id stands; nowhere, for what is no such id."""
        scope, _, rest = appeal.partition("/")
        return Key(cls.partition_of(scope), rest.replace("/", "#"))

    def key(self) -> Key:
        return self.key_of(self.id)

    @property
    def id(self) -> str:
        """What acts name it by: "<scope>/<learner>/<number>"."""
        return f"{self.scope}/{self.learner}/{self.number:03d}"

    @property
    def open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.outcome is None

    def overdue(self, now: datetime) -> bool:
        """Whether its answer should be there by now."""
        return self.open and now >= self.answer_by

    def execution(self, again: str = "") -> str:
        """The business key of its run, at most 80 characters; `again` sets a later one apart."""
        name = f"appeal-{self.scope[:30]}-{self.learner[:25]}-{self.number:03d}"
        return name + (f"-{again}" if again else "")

    def answered(self, outcome: AppealOutcome, *, by: str, why: str, now: datetime) -> "Appeal":
        """The appeal once staff have spoken: nothing waits for it any more."""
        told = {"outcome": outcome, "by": by, "why": why, "answered_at": now}
        return self.model_copy(
            update={**told, "waiting": None, "waiting_since": None, "task_token": None}
        )


def refused_about(verdict: Verdict) -> About | None:
    """What of a verdict went against its person; None if nothing did."""
    codes = {reason.code for reason in verdict.earned.reasons}
    if not verdict.attended.granted and verdict.scope != verdict.series:
        return "attendance"
    if not verdict.earned.granted and not codes <= _NO_DECISION:
        return "credit"
    return None


def may_appeal(
    verdict: Verdict | None,
    latest: Appeal | None,
    policy: AppealPolicy,
    zone: str,
    now: datetime,
) -> Decision:
    """Whether that person can ask for this decision to be looked at again now.

    `latest` is their last appeal about the same scope.
    """
    if verdict is None:
        return _no("not_decided", "Nothing has been decided yet.")
    if latest is not None and latest.open:
        day = say_day(latest.answer_by, zone)
        return _no("asked", f"You have asked. We answer by {day}.")
    if refused_about(verdict) is None:
        return _no("granted", "This was decided for you. There is nothing to look at again.")
    if latest is not None and latest.answered_at and verdict.decided_at <= latest.answered_at:
        return _no("answered", "We have looked at it again, and this is the answer.")
    if now >= verdict.decided_at + timedelta(days=policy.within_days):
        return _no("over", f"A decision can be questioned for {policy.within_days} days.")
    return granted(RULE_VERSION, "open", "Tell us what we should look at.")


def wait_seconds(appeal: Appeal, policy: AppealPolicy, now: datetime) -> int:
    """How long to wait for the answer before staff are reminded (again)."""
    if not appeal.overdue(now):
        return max(60, int((appeal.answer_by - now).total_seconds()))
    return policy.remind_days * 86400


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
