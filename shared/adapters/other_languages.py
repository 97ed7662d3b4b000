"""Letters in other languages than English: dates, times, zones, money and lists as CLDR says them.

English has phrases of its own and never comes by here; what this takes to load, only letters in
another language pay for. What is not a matter of the calendar, such as the greeting, stands in the
language's own `words.json`, beside its letters.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import (
    format_date,
    format_interval,
    format_skeleton,
    format_time,
    get_timezone_location,
)
from babel.lists import format_list
from babel.numbers import format_currency
from jinja2 import Environment
from jinja2.filters import FILTERS
from pydantic import BaseModel, ConfigDict

from shared.adapters.jinja_words import elsewhere, elsewhere_at, environment, name_to_greet
from shared.adapters.letter_language import LETTERS
from shared.domain.catalogue import Session
from shared.domain.money import Money
from shared.domain.zones import READER_ZONES

# Countries with one clock are named by it: people say "India time", and seldom "Kolkata time".
_COUNTRIES: Final = {"Asia/Kolkata": "IN"}
# What a template may be told in another language: facts, and nothing that is said in English.
_FACTS: Final = frozenset(
    {
        *("letter", "catalogue", "institute", "accent", "language", "links", "series", "policies"),
        *("learner", "order", "sessions", "session", "tier", "certificate", "attached", "title"),
        *("upgrade", "joining", "closes_at", "soon", "days", "subject", "reader_zone"),
    }
)

# Filters that say nothing, and serve every language.
_WITHOUT_WORDS: Final = ("after_dark", "whole_pieces", "whole_time")


class Words(BaseModel):
    """`words.json` of a language: the few words that all of its letters share.

    Names of kinds are (one, several). `{name}`, `{people}` and `{when}` are put in.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    greeting: str
    nameless: str
    kinds: dict[str, tuple[str, str]]
    captions: dict[str, str]
    with_whom: str
    online: str
    join: str
    questions: str
    by_your_clock: str
    same_by_your_clock: str


class Spoken:
    """How one language says days, times, places, money and lists."""

    def __init__(self, language: str, words: Words) -> None:
        self.words = words
        self._locale = Locale.parse(language)
        self._clock = "Hm" if "H" in self._locale.time_formats["short"].pattern else "hm"

    def day(self, instant: datetime, zone: str) -> str:
        """ "domingo, 22 de junio de 2025"."""
        return str(format_date(instant.astimezone(ZoneInfo(zone)), "full", locale=self._locale))

    def short_day(self, instant: datetime, zone: str) -> str:
        """ "22 jun"."""
        here = ZoneInfo(zone)
        return str(format_skeleton("MMMd", instant.astimezone(here), here, locale=self._locale))

    def time(self, instant: datetime, zone: str) -> str:
        """ "14:30", or "2:30 pm" where people count to twelve."""
        here = ZoneInfo(zone)
        said = format_time(instant.astimezone(here), "short", tzinfo=here, locale=self._locale)
        return str(said)

    def place(self, zone: str) -> str:
        """ "Nueva York", "India"."""
        if zone in _COUNTRIES:
            return str(self._locale.territories[_COUNTRIES[zone]])
        return str(get_timezone_location(zone, locale=self._locale, return_city=True))

    def zone(self, zone: str) -> str:
        """ "hora de Nueva York"."""
        return str(self._locale.zone_formats["region"]) % self.place(zone)

    def moment(self, instant: datetime, zone: str) -> str:
        """ "sábado, 15 de noviembre de 2025, 20:00, hora de India"."""
        parts = (self.day(instant, zone), self.time(instant, zone), self.zone(zone))
        return ", ".join(parts)

    def span(self, session: Session) -> str:
        """ "domingo, 22 de junio de 2025, 12:00–14:30, hora de Nueva York"."""
        here = ZoneInfo(session.zone)
        starts, ends = session.starts_at.astimezone(here), session.ends_at.astimezone(here)
        hours = format_interval(starts, ends, self._clock, tzinfo=here, locale=self._locale)
        return ", ".join((self.day(starts, session.zone), str(hours), self.zone(session.zone)))

    def elsewhere(self, instant: datetime, zone: str, own: str = "") -> str:
        """ "9:00 Los Ángeles · 17:00 Londres · 21:30 India"; another day is said.

        By somebody's own clock alone, if they told us which that is.
        """
        if own:
            there = instant.astimezone(ZoneInfo(own))
            if there.utcoffset() == instant.astimezone(ZoneInfo(zone)).utcoffset():
                return self.words.same_by_your_clock
            said = self._there(instant, zone, own)
            return self.words.by_your_clock.replace("{when}", said)
        return " · ".join(
            self._there(instant, zone, other) for other in READER_ZONES if other != zone
        )

    def _there(self, instant: datetime, zone: str, other: str) -> str:
        there, here = instant.astimezone(ZoneInfo(other)), instant.astimezone(ZoneInfo(zone))
        day = "" if there.date() == here.date() else f", {self._weekday(there)}"
        return f"{self.time(instant, other)} {self.place(other)}{day}"

    def _weekday(self, there: datetime) -> str:
        return str(self._locale.days["stand-alone"]["wide"][there.weekday()])

    def money(self, money: Money) -> str:
        """ "210,00 US$"."""
        return str(format_currency(money.decimal, money.currency, locale=self._locale))

    def listed(self, words: Iterable[str]) -> str:
        """ "Rupi Legha y Robert Whitaker"."""
        return str(format_list(list(words), locale=self._locale))

    def greeting(self, name: str) -> str:
        """ "Hola, Amara Osei:"."""
        name = name_to_greet(name)
        return self.words.greeting.replace("{name}", name) if name else self.words.nameless

    def kind_name(self, sessions: Sequence[Session]) -> str:
        """ "clase", "clases"; what is mixed goes by "session"."""
        kinds = {session.kind for session in sessions}
        one, several = self.words.kinds[kinds.pop() if len(kinds) == 1 else "session"]
        return one if len(sessions) == 1 else several

    def with_whom(self, session: Session) -> str:
        """ "Con Rupi Legha y Robert Whitaker · subtítulos automáticos · ASL"."""
        people = self.words.with_whom.replace("{people}", self.listed(session.faculty))
        access = (self.words.captions[session.captions], session.sign_language)
        return " · ".join((people, *(one for one in access if one)))


@lru_cache(maxsize=8)
def spoken(language: str) -> Spoken:
    """That language as its folder has it."""
    path = LETTERS / language / "words.json"
    return Spoken(language, Words.model_validate_json(path.read_bytes()))


@lru_cache(maxsize=8)
def environment_in(language: str) -> Environment:
    """The environment of letters in that language: the same filters, and its own way to say them.

    A filter or a word that exists in English only is not there: a letter that needs one does not
    get written half in one language and half in the other.
    """
    say = spoken(language)
    english = environment()
    made = english.overlay(finalize=lambda value: _said(value, say))
    made.filters = dict(FILTERS)
    made.filters |= {name: english.filters[name] for name in _WITHOUT_WORDS}
    made.filters |= {
        "counted": lambda sessions: f"{len(sessions)} {say.kind_name(sessions)}",
        "day": say.day,
        "elsewhere": elsewhere(say.elsewhere),
        "elsewhere_at": elsewhere_at(say.elsewhere),
        "greeting": say.greeting,
        "kind_name": say.kind_name,
        "last_day": lambda ends, zone: say.day(ends - timedelta(seconds=1), zone),
        "listed": say.listed,
        "moment": say.moment,
        "short_day": say.short_day,
        "short_last_day": lambda ends, zone: say.short_day(ends - timedelta(seconds=1), zone),
        "span": say.span,
        "start_time": lambda session: say.time(session.starts_at, session.zone),
        "with_whom": say.with_whom,
    }
    return made


def facts_alone(words: dict[str, Any]) -> dict[str, Any]:
    """Of what templates may name, that which is not said in English."""
    return {name: value for name, value in words.items() if name in _FACTS}


def _said(value: object, say: Spoken) -> object:
    if value is None:
        raise ValueError("A template was about to say nothing where a fact belongs.")
    return say.money(value) if isinstance(value, Money) else value
