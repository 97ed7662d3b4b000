"""Look at everything that waits for a person, oldest first, as far as it is theirs to answer."""

from datetime import datetime

from shared.domain.desk_today import Entry, TodayView, kinds_for
from shared.domain.staff import Staff, may
from shared.domain.waiting_items import THEY_SAY, WaitingItem
from shared.ports import Records
from shared.usecases.reviewers import reviewer_id
from shared.usecases.suggest_acts import suggest_acts
from shared.usecases.what_waits import what_waits

# A page that is longer is not read; the rest is a link away, and moves up.
MOST = 25


def look_at_today(
    asks: Staff,
    *,
    records: Records,
    applications: Records,
    key: bytes,
    now: datetime,
    after: str = "",
    most: int = MOST,
) -> TodayView:
    """What waits for whoever asks: at most so many things, those behind `after`."""
    found = what_waits(
        records=records,
        applications=applications,
        now=now,
        most=most,
        after=after,
        kinds=kinds_for(asks),
        but_not_of=reviewer_id(asks.name, key),
    )
    return TodayView(
        entries=tuple(
            Entry(item=_for(asks, item), offered=suggest_acts(item, asks, records=records, now=now))
            for item in found.items
        ),
        in_all=found.in_all,
        after=found.after,
        at=now,
    )


def list_today(
    asks: Staff, *, records: Records, applications: Records, key: bytes, now: datetime
) -> tuple[WaitingItem, ...]:
    """All of it, to take away."""
    found = what_waits(
        records=records,
        applications=applications,
        now=now,
        kinds=kinds_for(asks),
        but_not_of=reviewer_id(asks.name, key),
    )
    return tuple(_for(asks, item) for item in found.items)


def _for(asks: Staff, item: WaitingItem) -> WaitingItem:
    """The item without what people wrote, for those who are not to read it."""
    if may(asks, "read what people wrote"):
        return item
    kept = tuple(fact for fact in item.evidence if fact.label != THEY_SAY)
    return item.model_copy(update={"evidence": kept})
