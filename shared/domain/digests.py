"""The morning letter to staff: when it is due, and what it says of what waits.

Whatever has waited since before seven o'clock, by the institute's own clocks, is told that day by
the first look after it. What comes later is told the next morning, so there is one letter a day.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from shared.domain.letters import Listed
from shared.domain.waiting_items import WaitingItem

_HOUR = time(7)
# More than this nobody reads in a letter; the page shows them all.
MOST_LISTED = 20


def due_day(items: Sequence[WaitingItem], zone: str, now: datetime) -> date | None:
    """The day whose letter is due now, by the clocks of `zone`; None if none is."""
    here = now.astimezone(ZoneInfo(zone))
    morning = datetime.combine(here.date(), _HOUR, ZoneInfo(zone)).astimezone(UTC)
    if now < morning or all(item.since > morning for item in items):
        return None
    return here.date()


def listed(items: Sequence[WaitingItem], now: datetime) -> tuple[Listed, ...]:
    """The first of the items as a letter names them."""
    return tuple(
        Listed(
            title=item.title,
            why=" ".join((*item.reasons, f"It has waited for {say_wait(item.since, now)}.")),
            act=item.act,
            anchor=item.anchor,
        )
        for item in items[:MOST_LISTED]
    )


def say_wait(since: datetime, now: datetime) -> str:
    """How long that is, in whole days or hours: "3 days", "an hour"."""
    hours = max(0, int((now - since).total_seconds() // 3600))
    if hours >= 48:
        return f"{hours // 24} days"
    if hours >= 24:
        return "a day"
    if hours >= 2:
        return f"{hours} hours"
    return "an hour" if hours else "less than an hour"
