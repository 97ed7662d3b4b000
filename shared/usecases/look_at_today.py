"""Look at everything that waits for a person, oldest first, as far as it is theirs to answer."""

from datetime import datetime

from shared.domain.desk_today import TodayView, Waits
from shared.domain.staff import Staff, may
from shared.ports import Records
from shared.usecases.waiting_payments import waiting_payments

# A page that is longer is not read; what is oldest comes first, and the rest moves up.
MOST = 50


def look_at_today(asks: Staff, *, records: Records, now: datetime) -> TodayView:
    """What waits for whoever asks, oldest first, at most MOST."""
    found = [one for one in waiting_for_staff(records=records, now=now) if may(asks, one.for_whom)]
    return TodayView(at=now, waits=tuple(found[:MOST]), more=max(0, len(found) - MOST))


def waiting_for_staff(*, records: Records, now: datetime) -> list[Waits]:
    """Everything that waits for a person, oldest first."""
    found = [*waiting_payments(records=records, now=now)]
    return sorted(found, key=lambda one: one.since)
