"""Times as reports write them. Which number is the month is found out of all rows, never guessed.

A report writes its times by its account's settings and country: 9/14/2025 or 14/09/2025 or
2025-09-14, with AM and PM or without, with the month's name, or with an offset. An order counts
only if every time of the file can be read in it. If two orders are left, the day of the session
decides; if both of them fit it, staff are asked.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import NamedTuple

from shared.domain.reports import Expected, ReportQuestion, ReportQuestions
from shared.domain.zones import to_utc

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?"
    r"(?:\s*(?P<half>[ap])\.?\s?m\.?)?(?:\s*(?P<offset>z|utc|[+-]\d\d:?\d\d))?"
)
_NUMBERS = re.compile(
    rf"(?P<one>\d{{1,4}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?P=mark)(?P<three>\d{{1,4}})"
    rf"(?:,?\s+|t){_CLOCK}",
    re.ASCII | re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(?:(?P<before>\d{{1,2}})[\s-]+)?(?P<month>[a-z]{{3,9}})\.?(?:[\s-]+(?P<after>\d{{1,2}}))?"
    rf"[\s,-]+(?P<year>\d{{4}}),?\s+{_CLOCK}",
    re.ASCII | re.IGNORECASE,
)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


class Order(Enum):
    """What the three numbers of a date are, in their order; with the way to say so."""

    MONTH_FIRST = "month/day/year"
    DAY_FIRST = "day/month/year"
    YEAR_FIRST = "year/month/day"


class Written(NamedTuple):
    """A time as it stands in the file: numbers that still need an order, or none if it has one."""

    text: str
    line: int
    numbers: tuple[int, int, int]
    orders: tuple[Order, ...]
    clock: tuple[int, int, int]
    offset: timedelta | None

    def in_order(self, order: Order) -> datetime:
        """The wall clock it means in that order; aware, if it was written with an offset.

        Raises ValueError if there is no such day.
        """
        one, two, three = self.numbers
        match order if len(self.orders) > 1 else self.orders[0]:
            case Order.MONTH_FIRST:
                month, day, year = one, two, three
            case Order.DAY_FIRST:
                day, month, year = one, two, three
            case Order.YEAR_FIRST:
                year, month, day = one, two, three
        moment = datetime(year + (2000 if year < 100 else 0), month, day, *self.clock)  # noqa: DTZ001
        return moment if self.offset is None else moment.replace(tzinfo=timezone(self.offset))


def read_time(text: str, line: int) -> Written | None:
    """A time as it is written, or None if it is none."""
    if len(text) > 60:
        return None
    found = _NUMBERS.fullmatch(text)
    if found is not None:
        numbers = (found["one"], found["two"], found["three"])
        orders = _orders(numbers)
    else:
        found = _NAMED.fullmatch(text)
        if found is None or (found["before"] is None) == (found["after"] is None):
            return None
        month = _month(found["month"])
        if month is None:
            return None
        numbers = (found["year"], str(month), found["before"] or found["after"])
        orders = (Order.YEAR_FIRST,)
    clock = _clock(found)
    if clock is None or not orders:
        return None
    one, two, three = (int(number) for number in numbers)
    written = Written(text, line, (one, two, three), orders, clock, _offset(found["offset"]))
    return written if any(_is_day(written, order) for order in orders) else None


def find_order(
    visits: Sequence[tuple[Written, Written]], others: Sequence[Written], expected: Expected
) -> Order:
    """The one order in which the whole file is written. `others` are times outside the rows.

    Raises ReportQuestions if there is none, or if more than one fits the file and the session.
    """
    times = [*(time for visit in visits for time in visit), *others]
    open_ones = [time for time in times if len(time.orders) > 1]
    if not open_ones:
        return Order.YEAR_FIRST  # nothing needs it
    fits = [order for order in Order if all(_is_day(time, order) for time in open_ones)]
    if not fits:
        raise ReportQuestions(_disagreement(open_ones))
    if len(fits) > 1:
        there = [order for order in fits if _meets(visits, others, order, expected)]
        fits = there or fits[:1]  # met in none: then the session is not the report's, in any order
    if len({tuple(time.in_order(order) for time in open_ones) for order in fits}) > 1:
        ways = " or ".join(order.value for order in fits)
        example = open_ones[0]
        asked = (
            f"'{example.text}' can be {ways}, and each would be in this session. Which is it? "
            "Write the dates as 2025-09-14, please."
        )
        raise ReportQuestions((ReportQuestion(example.line, asked),))
    return fits[0]


def as_utc(written: Written, order: Order, zone: str) -> datetime:
    """The instant that was meant. Raises ValueError if clocks never show it, or show it twice."""
    moment = written.in_order(order)
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    try:
        return to_utc(moment, zone)
    except OverflowError:
        raise ValueError("no calendar goes that far") from None


def _orders(numbers: tuple[str, str, str]) -> tuple[Order, ...]:
    one, _, three = (len(number) for number in numbers)
    if one == 4 and three <= 2:
        return (Order.YEAR_FIRST,)
    if one <= 2 and three == 4:
        return (Order.MONTH_FIRST, Order.DAY_FIRST)
    if one <= 2 and three == 2:
        return (Order.MONTH_FIRST, Order.DAY_FIRST, Order.YEAR_FIRST)
    return ()


def _month(name: str) -> int | None:
    found = [n for n, month in enumerate(_MONTHS, 1) if month.startswith(name.lower())]
    if name.lower() == "sept":
        return 9
    return found[0] if len(found) == 1 else None


def _clock(found: re.Match[str]) -> tuple[int, int, int] | None:
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _offset(written: str | None) -> timedelta | None:
    if written is None:
        return None
    if written.lower() in ("z", "utc"):
        return timedelta()
    hours, minutes = int(written[1:3]), int(written[-2:])
    offset = timedelta(hours=min(hours, 23), minutes=min(minutes, 59))
    return -offset if written[0] == "-" else offset


def _is_day(time: Written, order: Order) -> bool:
    if order not in time.orders:
        return False
    try:
        time.in_order(order)
    except ValueError:
        return False
    return True


def _meets(
    visits: Sequence[tuple[Written, Written]],
    others: Iterable[Written],
    order: Order,
    expected: Expected,
) -> bool:
    """Whether, in that order, anybody was there in the session (or anything said of it is)."""
    spans = [*visits, *((other, other) for other in others)]
    for joined, left in spans:
        try:
            first, last = (as_utc(time, order, expected.zone) for time in (joined, left))
        except ValueError:
            continue
        if first < expected.ends_at and last > expected.starts_at:
            return True
    return False


def _disagreement(times: Sequence[Written]) -> list[ReportQuestion]:
    """Two lines that cannot both be right."""
    for order in Order:
        against = next((time for time in times if not _is_day(time, order)), None)
        for_it = next((time for time in times if _is_day(time, order)), None)
        if against is not None and for_it is not None:
            asked = (
                f"'{against.text}' is written in another order than '{for_it.text}' in line "
                f"{for_it.line}. Which is the month?"
            )
            return [ReportQuestion(against.line, asked)]
    return [ReportQuestion(times[0].line, f"'{times[0].text}' is no day.")]
