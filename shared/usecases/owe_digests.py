"""Owe each institute's staff their morning letter, if something waits. Looked at every hour.

The letter's name is the institute and the day, so that it is owed once, whoever looks how often.
"""

from datetime import datetime

from shared.domain.digests import MOST_LISTED, due_day, listed
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.sessions import Series
from shared.domain.waiting_items import WaitingItem
from shared.ports import Records
from shared.usecases.owe_letters import owe_once
from shared.usecases.what_waits import what_waits

# Of what belongs to no series hears whoever runs the system, by this clock.
_OPERATOR, _OPERATORS_ZONE = "operator", "UTC"


def owe_digests(*, records: Records, applications: Records, now: datetime) -> int:
    """How many letters are owed that were not owed before."""
    items = what_waits(records=records, applications=applications, now=now).items
    known = {
        name: records.get(Series.key_of(name), Series)
        for name in {i.series for i in items if i.series}
    }
    by_institute: dict[str, list[WaitingItem]] = {}
    for item in items:
        series = known.get(item.series or "")
        whose = series.catalogue.institute.id if series else _OPERATOR
        by_institute.setdefault(whose, []).append(item)
    owed = 0
    for whose, theirs in sorted(by_institute.items()):
        of = [one for item in theirs if (one := known.get(item.series or "")) is not None]
        letter = _letter(whose, theirs, of, now)
        owed += letter is not None and owe_once(letter, records)
    return owed


def _letter(
    whose: str, items: list[WaitingItem], series: list[Series], now: datetime
) -> Letter | None:
    first = series[0].catalogue.institute if series else None
    day = due_day(items, first.zone if first else _OPERATORS_ZONE, now)
    if day is None:
        return None
    rest = len(items) - MOST_LISTED
    staff = dict.fromkeys(one for kept in series for one in kept.catalogue.institute.staff)
    return owe(
        LetterKind.STAFF_DIGEST,
        f"{whose}/{day.isoformat()}",
        now,
        series=series[0].series if series else None,
        listed=listed(items, now),
        lines=(f"And {rest} more.",) if rest > 0 else (),
        staff=tuple(staff),
    )
