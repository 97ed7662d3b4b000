"""Measure how long things have been waiting: letters to be sent, sends to be settled, staff to act.

Measured once an hour, after the sweep has done what it could: what is still old then is trouble.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.letters import WAITING, Letter, LetterStatus
from shared.ports import Records
from shared.usecases.what_waits import what_waits


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
    for_staff = what_waits(records=records, now=now, most=1).items
    return Waiting(
        oldest_owed_letter=_oldest((_since(one) for one in owed), now),
        unsettled_sends=sum(
            one.status in (LetterStatus.UNKNOWN, LetterStatus.SENDING) for one in letters
        ),
        oldest_for_staff=_oldest((item.since for item in for_staff), now),
    )


def _since(letter: Letter) -> datetime:
    return datetime.fromisoformat(letter.waiting_since or letter.owed_at.isoformat())


def _oldest(since: Iterable[datetime], now: datetime) -> int:
    """Whole minutes that the oldest has waited; 0 if nothing waits."""
    return max((int((now - one).total_seconds() // 60) for one in since), default=0)
