"""Measure how long things have been waiting: letters to be sent, sends to be settled, staff to act.

Measured once an hour, after the sweep has done what it could: what is still old then is trouble.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.letters import WAITING, Letter, LetterStatus
from shared.domain.record import Record
from shared.domain.waiting_items import waits_since
from shared.ports import Records
from shared.usecases.what_waits import what_waits
from shared.usecases.what_waits_in_rounds import what_waits_in_rounds


@dataclass(frozen=True)
class Waiting:
    """How many minutes the oldest of each kind has waited, and how many sends are not settled."""

    oldest_owed_letter: int
    unsettled_sends: int
    oldest_for_staff: int


def measure_waiting(records: Records, now: datetime) -> Waiting:
    """What waits at this moment (a moment behind), but for scholarship rounds."""
    for_staff = what_waits(records=records, now=now, most=1).items
    return _measured(records, (item.since for item in for_staff), now)


def measure_rounds(applications: Records, now: datetime) -> Waiting:
    """The same of scholarship rounds, for who may look there."""
    for_staff = (one.record for one in what_waits_in_rounds(applications, now, lambda _: None))
    return _measured(applications, (_since(one) for one in for_staff), now)


def _measured(records: Records, for_staff: Iterable[datetime], now: datetime) -> Waiting:
    letters = records.waiting(WAITING, now, Letter)
    owed = [one for one in letters if one.status is LetterStatus.PENDING]
    return Waiting(
        oldest_owed_letter=_oldest((_since(one) for one in owed), now),
        unsettled_sends=sum(
            one.status in (LetterStatus.UNKNOWN, LetterStatus.SENDING) for one in letters
        ),
        oldest_for_staff=_oldest(for_staff, now),
    )


def _since(record: Record) -> datetime:
    return waits_since(record.waiting_since)


def _oldest(since: Iterable[datetime], now: datetime) -> int:
    """Whole minutes that the oldest has waited; 0 if nothing waits."""
    return max((int((now - one).total_seconds() // 60) for one in since), default=0)
