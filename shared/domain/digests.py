"""The morning letter to staff: when it is due, and what it says of what waits.

Whatever has waited since before seven o'clock, by the institute's own clocks, is told that day by
the first look after it. What comes later is told the next morning, so there is one letter a day.

It names nobody: what lies in mailboxes cannot be taken away when somebody asks for that. Who it is
about stands on the page that each line leads to.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from shared.domain.letters import Listed
from shared.domain.waiting_items import WaitingItem, WaitingKind

_HOUR = time(7)
# More than this nobody reads in a letter; the page shows them all.
MOST_LISTED = 20


# Of these kinds the title says who it is about; a letter says it without.
_TITLES: Mapping[WaitingKind, str] = {
    WaitingKind.ADDRESS: "Letters to somebody come back",
    WaitingKind.CERTIFICATE: "A certificate is not printed",
    WaitingKind.APPEAL: "Somebody asks for a decision to be looked at again",
}
# And of these the reason may: what could not be printed, or what a mail service answered.
_REASONS_ON_THE_PAGE = (WaitingKind.CERTIFICATE, WaitingKind.LETTER, WaitingKind.ROUND_LETTER)


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
            title=_TITLES.get(item.kind, item.title),
            why=" ".join((*_reasons(item), f"It has waited for {say_wait(item.since, now)}.")),
            act=item.act,
            anchor=item.anchor,
        )
        for item in items[:MOST_LISTED]
    )


def _reasons(item: WaitingItem) -> tuple[str, ...]:
    return () if item.kind in _REASONS_ON_THE_PAGE else item.reasons


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
