"""What a catalogue is spelt with: zones, times, colours, ids, links, amounts, as people type them.

Everything may arrive as the text somebody typed, and nothing is guessed from it: a time has a named
zone, an amount has no decimal point. What cannot be meant is answered with a question.
"""

import re
import unicodedata
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from shared.domain.money import Money
from shared.domain.zones import to_utc

ABBREVIATIONS = {
    "EST": "America/New_York", "EDT": "America/New_York", "ET": "America/New_York",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "PT": "America/Los_Angeles",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver",
    "MDT": "America/Denver", "IST": "Asia/Kolkata", "GMT": "Europe/London",
    "BST": "Europe/London", "CET": "Europe/Berlin", "CEST": "Europe/Berlin",
}  # fmt: skip
ID_PATTERN = r"^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$"
LINK_PATTERN = r"^https://[^\s<>\"']{3,300}$"
CURRENCY_PATTERN = r"^[A-Z]{3}$"
PAPER = "#FBF8F3"
MONEY_POINT = "money_point"  # the amount was not a whole number; its words depend on the currency
_WRITTEN_MOMENT = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[ T]+(\d\d?):(\d\d)(?::00)?(?P<rest>.*)", re.ASCII | re.DOTALL
)
_AREA_CITY = re.compile(r"[A-Z][A-Za-z_]*(/[A-Za-z0-9_+-]+){1,2}", re.ASCII)
_OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Part(BaseModel):
    """A part of a catalogue. A misspelt key is a question to its writer, never silently nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def shown(value: object) -> str:
    """A value as a question quotes it: 'EST', one line, at most 60 characters, all printable."""
    text = " ".join(str(value).split())
    text = "".join(character if character.isprintable() else "·" for character in text)
    return f"'{text[:57]}…'" if len(text) > 60 else f"'{text}'"


def question(text: str, about: str = "") -> PydanticCustomError:
    """A question from a check of a whole part; `about` is the key of the part that it is about."""
    return PydanticCustomError("question", "{text}", {"text": text, "about": about})


def exists(wall: datetime, zone: str, about: str) -> datetime:
    """The instant of a wall clock; asks which one is meant when a change of clocks hides it."""
    try:
        return to_utc(wall, zone)
    except ValueError as error:
        raise question(f"{error}. Which time is meant?", about) from None


def minor_digits(currency: str) -> int:
    """Digits after the point of a currency: 2 for USD, 0 for JPY."""
    return len(str(Money(minor=0, currency=currency)).partition(".")[2])


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two "#RRGGBB" colours by WCAG 2.2 (1 to 21)."""

    def luminance(colour: str) -> float:
        channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _zone(value: str) -> str:
    meant = ABBREVIATIONS.get(value.upper())
    if meant is None and _AREA_CITY.fullmatch(value) and _is_zone(value):
        return value
    if meant is None:
        meant = _closest_zone(value)
    if meant is None:
        raise ValueError(
            f"{shown(value)} is not a time zone. Could you give it as Area/City, like Asia/Kolkata?"
        )
    raise ValueError(f"{shown(value)} is not a time zone. Did you mean {meant}?")


def _is_zone(value: str) -> bool:
    # Opening the one zone costs far less than listing all of them, and every cold start pays it.
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _closest_zone(value: str) -> str | None:
    from difflib import get_close_matches  # only a slip needs it, and every cold start loads us

    zones = {zone.lower(): zone for zone in available_timezones() if "/" in zone}
    zones |= {zone.rsplit("/", 1)[-1]: zones[zone] for zone in sorted(zones, reverse=True)}
    typed = value.lower().replace(" ", "_")[:60]
    close = get_close_matches(typed, zones, 1, 0.8)
    return zones[close[0]] if close else None


def _moment(value: object) -> object:
    """Local date and time as people write it, 2025-06-22 12:00, or as JSON does, with a T."""
    moment = value if isinstance(value, datetime) else _read_moment(value)
    if moment.tzinfo or moment.second or moment.microsecond:
        raise ValueError(
            f"{shown(value)} says more than a wall clock. Could you write it like 2025-06-22 12:00,"
            " and leave the rest to the zone?"
        )
    if not 2000 <= moment.year <= 2100:
        raise ValueError(f"{shown(value)} is in the year {moment.year}. Is that the right year?")
    return moment


def _read_moment(value: object) -> datetime:
    found = _WRITTEN_MOMENT.fullmatch(str(value).strip())
    rest = found["rest"].strip() if found else ""
    if rest.strip("()").upper() in ABBREVIATIONS:
        raise ValueError(
            f"{shown(value)} ends in {shown(rest.strip('()'))}, which is not a time zone. Could you"
            f" leave it out here and write 'zone: {ABBREVIATIONS[rest.strip('()').upper()]}'?"
        )
    if found and re.fullmatch(r"Z|[+-]\d\d:?(\d\d)?", rest):
        raise ValueError(
            f"{shown(value)} carries its own distance from UTC, and the zone already says that."
            " Could you write just the date and time, like 2025-06-22 12:00?"
        )
    if found and not rest:
        try:
            year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
            written = f"{year}-{month:02}-{day:02} {hour:02}:{minute:02}"
            return datetime.fromisoformat(written)
        except ValueError:
            raise ValueError(
                f"{shown(value)} is not on the calendar or the clock. Which day and time is meant?"
            ) from None
    raise ValueError(
        f"{shown('' if value is None else value)} is not a date and time."
        " Could you write it like 2025-06-22 12:00?"
    )


def _day(value: object) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        # Anything but this form could be read as seconds since 1970.
        if isinstance(value, str) and re.fullmatch(r"20\d\d-\d\d-\d\d", value):
            return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{shown(value)} is not on the calendar. Which day is meant?") from None
    raise ValueError(f"{shown(value)} is not a date. Could you write it like 2025-06-01?")


def _minor(value: object) -> object:
    """Minor units, whole: 60.00 must never become 60 cents."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
        return int(value)
    raise PydanticCustomError(MONEY_POINT, "the amount is not in minor units")


def _accent(value: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", value):
        raise ValueError(f"{shown(value)} is not a colour. Could you write it like '#0B5D5A'?")
    if contrast(value, PAPER) < 4.5:
        raise ValueError(
            f"{shown(value)} is too pale to read on our paper ({contrast(value, PAPER):.1f}:1, and "
            "people need 4.5:1). Is there a darker one?"
        )
    return value


def _printable(value: str) -> str:
    for character in value:
        hidden = unicodedata.category(character) in ("Cc", "Cs") and character != "\n"
        if hidden or character in _OVERRIDES:
            raise ValueError(
                f"{shown(value)} holds a character that cannot be printed (U+{ord(character):04X})."
                " Could you type it again?"
            )
    return value


def _one_line(value: str) -> str:
    return " ".join(_printable(" ".join(value.split())).split())


def _number(value: object) -> object:
    return 1 if value == "1" else value


Zone = Annotated[str, AfterValidator(_zone)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Day = Annotated[date, BeforeValidator(_day)]
Accent = Annotated[str, AfterValidator(_accent)]
Amount = Annotated[int, BeforeValidator(_minor), Field(ge=0, le=10**9)]
Currency = Annotated[str, StringConstraints(pattern=CURRENCY_PATTERN)]
Format = BeforeValidator(_number)
Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=400),
    AfterValidator(_printable),
]
# A line stands in subjects, headers and file names of downloads: never more than one.
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=160),
    AfterValidator(_one_line),
]
Name = Annotated[  # as much of a name as a certificate has room for
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120),
    AfterValidator(_one_line),
]
ShortName = Annotated[  # it begins every certificate's number, and numbers are short
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=24),
    AfterValidator(_one_line),
]
Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    AfterValidator(_one_line),
]
Objective = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=250),
    AfterValidator(_one_line),
]
# Ids stand in keys, schedule names and execution names: short, plain, and never personal.
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Link = Annotated[str, StringConstraints(pattern=LINK_PATTERN)]
