"""Measure how long things have been waiting: letters to be sent, sends to be settled, staff to act.

Measured once an hour, after the sweep has done what it could: what is still old then is trouble.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.certificates import Certificate
from shared.domain.letters import WAITING, Letter, LetterStatus
from shared.domain.mailboxes import WAITING as MAILBOXES
from shared.domain.mailboxes import Mailbox
from shared.domain.payments import REVIEW, Order
from shared.domain.record import Record
from shared.ports import Records


@dataclass(frozen=True)
class Waiting:
    """How many minutes the oldest of each kind has waited, and how many sends are not settled."""

    oldest_owed_letter: int
    unsettled_sends: int
    oldest_for_staff: int


def measure_waiting(records: Records, now: datetime) -> Waiting:
    """What waits at this moment (a moment behind)."""
    letters = records.waiting(WAITING, now, Letter)
    owed = [one for one in letters if one.status is LetterStatus.PENDING]
    for_staff: list[Record] = [
        *records.waiting(REVIEW, now, Order),
        *records.waiting("certificate", now, Certificate),
        *records.waiting(MAILBOXES, now, Mailbox),
    ]
    return Waiting(
        oldest_owed_letter=_oldest(owed, now),
        unsettled_sends=sum(
            one.status in (LetterStatus.UNKNOWN, LetterStatus.SENDING) for one in letters
        ),
        oldest_for_staff=_oldest(for_staff, now),
    )


def _oldest(waiting: Iterable[Record], now: datetime) -> int:
    """Whole minutes that the oldest has waited; 0 if nothing waits."""
    since = [datetime.fromisoformat(one.waiting_since) for one in waiting if one.waiting_since]
    return int((now - min(since)).total_seconds() // 60) if since else 0
