"""The Jinja environment that letters and pages share, and the phrases both must say alike.

Everything in here is a pure function of its arguments; the environment is made on first use.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from colorsys import hls_to_rgb, rgb_to_hls
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    pass_context,
    select_autoescape,
)
from jinja2.runtime import Context
from markupsafe import Markup

from shared.domain.catalogue import Policies, Session, contrast
from shared.domain.people import clean_name
from shared.domain.zones import (
    say_day,
    say_elsewhere,
    say_last_day,
    say_moment,
    say_short_day,
    say_span,
    say_time,
    zone_name,
)

# The accent of whoever has chosen none, and its twin on dark paper.
ACCENT: Final = "#0B5D5A"
_ACCENT_AFTER_DARK: Final = "#5CC2BB"
_DARK_PAPER: Final = "#171513"
# How far the accent must stand out from dark paper: enough for evenings, and still a colour.
_DARK_CONTRAST: Final = 6.0
# The most colourful an accent may be in the dark, where bright colours glare.
_CALM: Final = 0.55

# What stays on one line. Mail programs drop style sheets, pages refuse styles outside of theirs.
_WHOLE_IN_LETTERS: Final = Markup('<span style="white-space:nowrap;">{}</span>')
_WHOLE_ON_PAGES: Final = Markup('<span class="whole">{}</span>')
SUBJECT_LIMIT: Final = 59
_TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates"
_LIKE_AN_ADDRESS = re.compile(r"://|@|www\.|\w\.[a-z]{2,}")
_CAPTIONS = {"none": "", "automated": "automated captions", "human": "captions by a person"}
_PLURALS = {"class": "classes", "session": "sessions", "circle": "circles"}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The one environment of this process. Everything but `.txt` templates is escaped as HTML."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        finalize=_said,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"subject_line": subject_line}
    made.filters |= {
        "after_dark": after_dark,
        "counted": counted,
        "credit_name": credit_name,
        "day": say_day,
        "elsewhere": elsewhere(say_elsewhere),
        "elsewhere_at": elsewhere_at(say_elsewhere),
        "greeting": greeting,
        "kind_name": kind_name,
        "last_day": last_day,
        "listed": listed,
        "moment": moment,
        "short_day": say_short_day,
        "short_last_day": lambda ends, zone: say_short_day(ends - timedelta(seconds=1), zone),
        "start_time": lambda session: say_time(session.starts_at, session.zone),
        "span": lambda session: say_span(session.starts_at, session.ends_at, session.zone),
        "whole_pieces": whole_pieces,
        "whole_time": whole_time,
        "with_whom": with_whom,
    }
    return made


def elsewhere(say: Callable[[datetime, str, str], str]) -> Callable[..., str]:
    """The filter that says when a session starts by the reader's clock, or by usual ones."""

    @pass_context
    def said(context: Context, session: Session) -> str:
        return say(session.starts_at, session.zone, context.get("reader_zone") or "")

    return said


def elsewhere_at(say: Callable[[datetime, str, str], str]) -> Callable[..., str]:
    """The same of any moment, with the zone that stands beside it."""

    @pass_context
    def said(context: Context, instant: datetime, zone: str) -> str:
        return say(instant, zone, context.get("reader_zone") or "")

    return said


def _said(value: object) -> object:
    """Stops a letter that is about to say "None": better late than wrong."""
    if value is None:
        raise ValueError("A template was about to say nothing where a fact belongs.")
    return value


def subject_line(before: str, title: str, after: str = "") -> str:
    """A subject under 60 characters around as much of the title as fits.

    A title that is too long gives up its subtitle first, then whole words from its end.
    """
    return f"{before}{shorten(title, SUBJECT_LIMIT - len(before) - len(after))}{after}"


def shorten(title: str, room: int) -> str:
    """The title in at most `room` characters, cut where a reader would cut it."""
    title = " ".join(title.split())
    if len(title) <= room:
        return title
    main = title.split(": ")[0]
    # "Session 1" is no title; "What Emerges in Dialogue" is.
    if len(main) <= room and len(main.split()) > 2:
        return main
    cut = title[: room - 1]
    if " " in cut and title[room - 1] != " ":
        cut = cut[: cut.rfind(" ")]
    return cut.rstrip(" ,;:&–—-") + "…"


def listed(words: Iterable[str]) -> str:
    """ "Rupi Legha", "Rupi Legha and Robert Whitaker", "A, B and C"."""
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def kind_name(sessions: Sequence[Session]) -> str:
    """What to call these: "class", "classes", or "sessions" where kinds are mixed."""
    kinds = {session.kind for session in sessions}
    kind = kinds.pop() if len(kinds) == 1 else "session"
    return kind if len(sessions) == 1 else _PLURALS[kind]


def counted(sessions: Sequence[Session]) -> str:
    """ "1 class", "5 classes", "4 sessions"."""
    return f"{len(sessions)} {kind_name(sessions)}"


def with_whom(session: Session) -> str:
    """ "With Rupi Legha and Robert Whitaker · automated captions · ASL"."""
    access = (_CAPTIONS[session.captions], session.sign_language)
    return " · ".join((f"With {listed(session.faculty)}", *(one for one in access if one)))


def credit_name(policies: Policies) -> str:
    """What the certificate is worth, as the institute's people say it."""
    return "CE credits" if "CE" in policies.certificate.hours_label.split() else "a certificate"


def moment(instant: datetime, zone: str) -> str:
    """ "Saturday, November 15, 2025, 8:00 pm, India time"."""
    return say_moment(instant, zone)


def last_day(ends: datetime, zone: str) -> str:
    """ "the end of Friday, June 20, 2025, New York time", of the midnight that ends the day."""
    return f"the end of {say_last_day(ends, zone)}, {zone_name(zone)} time"


def greeting(name: str) -> str:
    """ "Hello Amara Osei," or, where the name is none or carries an address, "Hello,"."""
    name = name_to_greet(name)
    return f"Hello {name}," if name else "Hello,"


def name_to_greet(name: str) -> str:
    """The name, or "" where it is none or carries an address.

    Whoever pays chooses the name, and our letters must not carry their advertisements.
    """
    name = clean_name(name)
    return "" if _LIKE_AN_ADDRESS.search(name) else name


@pass_context
def whole_pieces(where: Context, text: str) -> Markup:
    """HTML in which a line breaks only after a " · "."""
    *first, last = text.split(" · ")
    whole = [_whole(where, f"{piece} ·") for piece in first]
    return Markup(" ").join((*whole, _whole(where, last)))


@pass_context
def whole_time(where: Context, text: str) -> Markup:
    """HTML of a day with a time, in which the time and its zone stay on one line."""
    day, hours, zone = text.rsplit(", ", 2)
    return Markup("{}, ").format(day) + _whole(where, f"{hours}, {zone}")


def _whole(where: Context, text: str) -> Markup:
    on_a_page = (where.name or "").startswith("pages/")
    return (_WHOLE_ON_PAGES if on_a_page else _WHOLE_IN_LETTERS).format(text)


@lru_cache(maxsize=32)
def after_dark(accent: str) -> str:
    """The accent on dark paper: the same hue, as much lighter as reading needs."""
    if accent.upper() == ACCENT:
        return _ACCENT_AFTER_DARK
    red, green, blue = (int(accent[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = rgb_to_hls(red, green, blue)
    for percent in range(int(lightness * 100), 101, 2):
        channels = hls_to_rgb(hue, percent / 100, min(saturation, _CALM))
        lighter = "#" + "".join(f"{round(255 * channel):02X}" for channel in channels)
        if contrast(lighter, _DARK_PAPER) >= _DARK_CONTRAST:
            return lighter
    return "#FFFFFF"
