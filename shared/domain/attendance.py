"""Presence: intervals in, one honest account out.

Sources list a row per device and rejoin, and several sources tell of one class, so rows overlap and
repeat. Presence is the union of their intervals, clipped to the session, to the second; printed
durations are never trusted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from shared.domain.catalogue import AttendancePolicy
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.record import Key, Record
from shared.domain.value import Value
from shared.domain.zones import say_time

RULE_VERSION = "attendance-3"
# Reasons that rest on a report without times.
UNTIMED = ("attended_untimed", "times_unknown")


class Interval(NamedTuple):
    """From joining (inclusive) to leaving (exclusive), both UTC."""

    joined: datetime
    left: datetime


class Presence(Value):
    """When somebody was there: disjoint intervals in order, within the session.

    `untimed` is somebody of whom a report says that they were there, and nothing says when.
    """

    intervals: tuple[Interval, ...]
    untimed: bool = False

    @property
    def seconds(self) -> int:
        """Time present, in seconds."""
        return sum(int((left - joined).total_seconds()) for joined, left in self.intervals)

    def longest_gap(self, latest: datetime, earliest: datetime) -> timedelta:
        """The longest absence between two intervals that matters.

        One that is over by `latest`, until when one may arrive, or that begins at `earliest`, from
        when on one may leave, does not: who had come late or left for good would have lost nothing,
        and to be there for longer must never cost anybody their credit.
        """
        gaps = (
            after.joined - before.left
            for before, after in zip(self.intervals, self.intervals[1:], strict=False)
            if after.joined > latest and before.left < earliest
        )
        return max(gaps, default=timedelta())


def presence(
    rows: Iterable[Interval], starts_at: datetime, ends_at: datetime, *, untimed: bool = False
) -> Presence:
    """The union of `rows` clipped to [starts_at, ends_at). Order and repetition do not matter."""
    clipped = (
        Interval(max(joined, starts_at), min(left, ends_at))
        for joined, left in rows
        if max(joined, starts_at) < min(left, ends_at)
    )
    within = union(clipped)
    return Presence(intervals=within, untimed=untimed and not within)


def union(rows: Iterable[Interval]) -> tuple[Interval, ...]:
    """Disjoint intervals in order that cover what the rows cover, without what lasts no time."""
    merged: list[Interval] = []
    for interval in sorted(row for row in rows if row.joined < row.left):
        if merged and interval.joined <= merged[-1].left:
            merged[-1] = Interval(merged[-1].joined, max(merged[-1].left, interval.left))
        else:
            merged.append(interval)
    return tuple(merged)


def decide_attendance(
    policy: AttendancePolicy, who: Presence, starts_at: datetime, ends_at: datetime, zone: str
) -> Decision:
    """Whether presence counts as having attended the whole session: all or nothing, all reasons."""
    latest = starts_at + timedelta(minutes=policy.grace_late)
    earliest = ends_at - timedelta(minutes=policy.grace_early)
    if who.untimed:
        return _decide_untimed(policy, ends_at - starts_at, say_time(latest, zone))
    if not who.intervals:
        return refused(
            RULE_VERSION,
            Reason(code="absent", text="You are not in the attendance record of this session."),
        )
    reasons = []
    first, last = who.intervals[0].joined, who.intervals[-1].left
    if first > latest:
        reasons.append(
            Reason(
                code="late",
                text=f"You joined at {say_time(first, zone)}; the class asks for arrival by "
                f"{say_time(latest, zone)}.",
            )
        )
    if last < earliest:
        reasons.append(
            Reason(
                code="left_early",
                text=f"You left at {say_time(last, zone)}; the class asks you to stay until "
                f"{say_time(earliest, zone)}.",
            )
        )
    gap = who.longest_gap(latest, earliest)
    if gap > timedelta(minutes=policy.longest_gap):
        away = int(gap.total_seconds() // 60)
        reasons.append(
            Reason(
                code="away",
                text=f"You were away for {away} minutes in a row; up to {policy.longest_gap} "
                "are fine.",
            )
        )
    minutes = who.seconds // 60
    if who.seconds < policy.least_minutes * 60:
        reasons.append(
            Reason(
                code="too_short",
                text=f"You were there for {minutes} minutes in all; the class asks for "
                f"{policy.least_minutes}.",
            )
        )
    if reasons:
        return refused(RULE_VERSION, *reasons)
    return granted(RULE_VERSION, "attended", f"You were there for {minutes} minutes.")


def _decide_untimed(policy: AttendancePolicy, lasts: timedelta, latest: str) -> Decision:
    """A report without times shows that somebody was there. It shows no more than that."""
    strictest = min(policy.grace_late, policy.grace_early, policy.longest_gap)
    if timedelta(minutes=strictest) >= lasts:
        return granted(RULE_VERSION, "attended_untimed", "You were there; no times were recorded.")
    return refused(
        RULE_VERSION,
        Reason(
            code="times_unknown",
            text="The attendance record says that you were there, but not from when to when, so "
            f"it does not show arrival by {latest}. We are asking for the times.",
        ),
    )


class PresenceRow(Record):
    """One person's intervals by one account. The learner may not (yet) be registered.

    An account is everything that all sources say of who was there, as it was understood at one
    time; `report` is its name (see AttendanceAccount).
    """

    kind: ClassVar[str] = "presence"

    session: str
    report: str
    learner: str
    rows: tuple[Interval, ...]
    untimed: bool = False

    @staticmethod
    def prefix_of(report: str) -> str:
        """The sort-key prefix of all rows of that account."""
        return f"PRESENCE#{report}#"

    @classmethod
    def key_of(cls, session: str, report: str, learner: str) -> Key:
        """Where that person stands in that account."""
        return Key(f"SESSION#{session}", cls.prefix_of(report) + learner)

    def key(self) -> Key:
        return self.key_of(self.session, self.report, self.learner)


class AttendanceAccount(Record):
    """What an account was made of: the report that counted then, and whether Zoom told live.

    Verdicts name the account they rest on, so an old one can be explained for ever.
    """

    kind: ClassVar[str] = "attendance_account"

    session: str
    account: str
    report: str | None = None
    live: bool
    made_at: datetime

    @staticmethod
    def key_of(session: str, account: str) -> Key:
        """Where that account of that session stands."""
        return Key(f"SESSION#{session}", f"ACCOUNT#{account}")

    def key(self) -> Key:
        return self.key_of(self.session, self.account)


class AttendanceReport(Record):
    """A report that was taken in whole: its hash, its file, and how many people it lists."""

    kind: ClassVar[str] = "attendance_report"

    session: str
    report: str
    file: str
    uploaded_at: datetime
    people: int

    @staticmethod
    def key_of(session: str, report: str) -> Key:
        """Where that report of that session stands."""
        return Key(f"SESSION#{session}", f"REPORT#{report}")

    def key(self) -> Key:
        return self.key_of(self.session, self.report)
