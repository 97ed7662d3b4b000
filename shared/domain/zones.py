"""Times of an event: a wall clock and an IANA zone, and how people say them.

Abbreviations are never taken: "EST" on one institute's page means New York's summer clock, on the
other's it is wrong for one of four days. An event has a wall time and a named zone; UTC follows.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo, available_timezones

# Where the readers of a letter live; the event's own zone is named first.
READER_ZONES = ("America/New_York", "America/Los_Angeles", "Europe/London", "Asia/Kolkata")
_NAMES = {"Asia/Kolkata": "India", "UTC": "UTC"}
_AREAS = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
)


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant at which the clocks of `zone` show `wall` (naive).

    Raises ValueError when they never show it (spring gap) or show it twice (autumn fold).
    """
    here = ZoneInfo(zone)
    instant = wall.replace(tzinfo=here).astimezone(UTC)
    if instant.astimezone(here).replace(tzinfo=None) != wall:
        raise ValueError(f"the clocks of {zone} skip {wall:%H:%M} on {wall:%B %-d, %Y}")
    if wall.replace(tzinfo=here, fold=1).astimezone(UTC) != instant:
        raise ValueError(f"the clocks of {zone} show {wall:%H:%M} twice on {wall:%B %-d, %Y}")
    return instant


def days_later(instant: datetime, days: int, zone: str) -> datetime:
    """The same wall clock in `zone`, `days` calendar days later, as UTC.

    Across a change of clocks this is not 24 hours a day: people count days, not seconds. A wall
    time that the change skips moves forward with the clocks.
    """
    here = ZoneInfo(zone)
    wall = instant.astimezone(here).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=here).astimezone(UTC)


def days_before(instant: datetime, days: int, zone: str) -> datetime:
    """The same wall clock in `zone`, `days` calendar days earlier, as UTC.

    A wall time that a change of clocks skips, or shows twice, is taken for the later moment: what
    may be done until then may be done a little longer.
    """
    here = ZoneInfo(zone)
    wall = instant.astimezone(here).replace(tzinfo=None) - timedelta(days=days)
    return max(wall.replace(tzinfo=here, fold=fold).astimezone(UTC) for fold in (0, 1))


def end_of_day(instant: datetime, zone: str, days: int = 0) -> datetime:
    """The midnight (UTC) that ends the day, `days` calendar days after that of `instant`.

    The first moment that no longer belongs to the day: what is to be done "by" it is done before.
    """
    here = ZoneInfo(zone)
    day = instant.astimezone(here).date() + timedelta(days=days + 1)
    return datetime(day.year, day.month, day.day, tzinfo=here).astimezone(UTC)


def say_last_day(ends: datetime, zone: str) -> str:
    """The day that `ends` (see `end_of_day`) is the end of: "Friday, June 20, 2025"."""
    return say_day(ends - timedelta(seconds=1), zone)


@lru_cache(maxsize=1)
def zones_by_area() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every zone that a person can choose as theirs, by the part of the world it lies in."""
    zones = sorted(one for one in available_timezones() if one.split("/")[0] in _AREAS)
    return tuple(
        (area, tuple(several)) for area, several in groupby(zones, lambda one: one.split("/")[0])
    )


def can_be_chosen(zone: str) -> bool:
    """Whether that is one of them."""
    return any(zone in several for _, several in zones_by_area())


def zone_name(zone: str) -> str:
    """ "America/New_York" → "New York", "Asia/Kolkata" → "India"."""
    return _NAMES.get(zone, zone.rsplit("/", 1)[-1].replace("_", " "))


def say_day(instant: datetime, zone: str) -> str:
    """ "Sunday, September 14, 2025" on the calendar of `zone`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%A, %B %-d, %Y}"


def say_short_day(instant: datetime, zone: str) -> str:
    """ "Sep 14" on the calendar of `zone`."""
    return f"{instant.astimezone(ZoneInfo(zone)):%b %-d}"


def say_time(instant: datetime, zone: str) -> str:
    """ "9:30 pm" by the clocks of `zone`."""
    return _clock(instant.astimezone(ZoneInfo(zone)), with_half=True)


def say_moment(instant: datetime, zone: str) -> str:
    """ "Saturday, November 15, 2025, 8:00 pm, India time"."""
    return f"{say_day(instant, zone)}, {say_time(instant, zone)}, {zone_name(zone)} time"


def say_span(start: datetime, end: datetime, zone: str) -> str:
    """ "Sunday, September 14, 2025, 12:00–2:30 pm, New York time"."""
    first, last = (moment.astimezone(ZoneInfo(zone)) for moment in (start, end))
    same_half = f"{first:%p}" == f"{last:%p}"
    span = f"{_clock(first, with_half=not same_half)}–{_clock(last, with_half=True)}"
    return f"{first:%A, %B %-d, %Y}, {span}, {zone_name(zone)} time"


def say_elsewhere(start: datetime, zone: str, own: str = "") -> str:
    """ "9:00 am Los Angeles · 5:00 pm London · 9:30 pm India": the start in the readers' zones.

    A zone in which it is another day says so ("12:30 am India, Monday"). Who has told us their
    `own` zone reads that one alone: "9:45 pm Kathmandu, your time".
    """
    if own:
        same = start.astimezone(ZoneInfo(own)).utcoffset()
        if same == start.astimezone(ZoneInfo(zone)).utcoffset():
            return "the same by your clock"
        return f"{_say_there(start, zone, own)}, your time"
    return " · ".join(_say_there(start, zone, other) for other in READER_ZONES if other != zone)


def _say_there(start: datetime, zone: str, other: str) -> str:
    here, there = start.astimezone(ZoneInfo(zone)), start.astimezone(ZoneInfo(other))
    day = "" if there.date() == here.date() else f", {there:%A}"
    return f"{_clock(there, with_half=True)} {zone_name(other)}{day}"


def _clock(moment: datetime, *, with_half: bool) -> str:
    text = f"{moment:%-I:%M}"
    return f"{text} {moment:%p}".lower() if with_half else text
