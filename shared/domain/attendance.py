"""Presence: intervals in, one honest account out.

Reports list a row per device and rejoin, so rows overlap and repeat. Presence is the union of their
intervals, clipped to the session, to the second; printed durations are never trusted.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple

from shared.domain.catalogue import AttendancePolicy
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.record import Key, Record
from shared.domain.value import Value
from shared.domain.zones import say_time

RULE_VERSION = "attendance-1"


class Interval(NamedTuple):
    """From joining (inclusive) to leaving (exclusive), both UTC."""

    joined: datetime
    left: datetime


class Presence(Value):
    """When somebody was there: disjoint intervals in order, within the session."""

    intervals: tuple[Interval, ...]

    @property
    def seconds(self) -> int:
        """Time present, in seconds."""
        return sum(int((left - joined).total_seconds()) for joined, left in self.intervals)

    @property
    def longest_gap(self) -> timedelta:
        """The longest absence between two intervals."""
        gaps = (
            after.joined - before.left
            for before, after in zip(self.intervals, self.intervals[1:], strict=False)
        )
        return max(gaps, default=timedelta())


def presence(rows: Iterable[Interval], starts_at: datetime, ends_at: datetime) -> Presence:
    """The union of `rows` clipped to [starts_at, ends_at). Order and repetition do not matter."""
    clipped = sorted(
        Interval(max(joined, starts_at), min(left, ends_at))
        for joined, left in rows
        if max(joined, starts_at) < min(left, ends_at)
    )
    merged: list[Interval] = []
    for interval in clipped:
        if merged and interval.joined <= merged[-1].left:
            merged[-1] = Interval(merged[-1].joined, max(merged[-1].left, interval.left))
        else:
            merged.append(interval)
    return Presence(intervals=tuple(merged))


def decide_attendance(
    policy: AttendancePolicy, who: Presence, starts_at: datetime, ends_at: datetime, zone: str
) -> Decision:
    """Whether presence counts as having attended the whole session: all or nothing, all reasons."""
    if not who.intervals:
        return refused(
            RULE_VERSION,
            Reason(code="absent", text="You are not in the attendance report of this session."),
        )
    reasons = []
    first, last = who.intervals[0].joined, who.intervals[-1].left
    latest = starts_at + timedelta(minutes=policy.grace_late)
    earliest = ends_at - timedelta(minutes=policy.grace_early)
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
    if who.longest_gap > timedelta(minutes=policy.longest_gap):
        away = int(who.longest_gap.total_seconds() // 60)
        reasons.append(
            Reason(
                code="away",
                text=f"You were away for {away} minutes in a row; up to {policy.longest_gap} "
                "are fine.",
            )
        )
    if reasons:
        return refused(RULE_VERSION, *reasons)
    minutes = who.seconds // 60
    return granted(RULE_VERSION, "attended", f"You were there for {minutes} minutes.")


class PresenceRow(Record):
    """One person's intervals by one report. The learner may not (yet) be registered."""

    kind: ClassVar[str] = "presence"

    session: str
    report: str
    learner: str
    rows: tuple[Interval, ...]

    @staticmethod
    def prefix_of(report: str) -> str:
        """The sort-key prefix of all rows of that report."""
        return f"PRESENCE#{report}#"

    @classmethod
    def key_of(cls, session: str, report: str, learner: str) -> Key:
        """Where that person's rows by that report stand."""
        return Key(f"SESSION#{session}", cls.prefix_of(report) + learner)

    def key(self) -> Key:
        return self.key_of(self.session, self.report, self.learner)


class AttendanceReport(Record):
    """A report that was taken in whole: its hash, its size, the names of rows without address."""

    kind: ClassVar[str] = "attendance_report"

    session: str
    report: str
    uploaded_at: datetime
    people: int
    unmatched: tuple[str, ...] = ()

    @staticmethod
    def key_of(session: str, report: str) -> Key:
        """Where that report of that session stands."""
        return Key(f"SESSION#{session}", f"REPORT#{report}")

    def key(self) -> Key:
        return self.key_of(self.session, self.report)
