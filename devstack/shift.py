"""Moves a catalogue in time, so that a season of last year can be played today.

Only the dates in the text change; notes, order and everything else stay as they were written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.adapters.catalogue_draft import Draft, read_draft
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue, Session
from shared.domain.catalogue_checks import CatalogueQuestions
from shared.domain.catalogue_texts import Path
from shared.domain.zones import to_utc

_HOUR = timedelta(hours=1)
_LONGEST = timedelta(hours=12)


def shift_catalogue(text: str, to: datetime) -> str:
    """The catalogue's text with the end of its first session moved to `to` (aware, any zone).

    The end is rounded to the nearest minute. The other sessions keep their distance by the calendar
    of the first session's zone; the scholarship deadline and the days on which prices hold move by
    as many days. A wall clock that a change of clocks skips or shows twice gives way by an hour.

    Raises CatalogueQuestions if the text is not a catalogue, ValueError if `to` has no zone.
    """
    if to.tzinfo is None:
        raise ValueError("The time to move to has no zone. Is it UTC, as in 2025-06-22T18:30Z?")
    text = text.removeprefix("\ufeff")
    catalogue, draft = read_catalogue(text.encode()), read_draft(text)
    end = (to.astimezone(UTC) + timedelta(seconds=30)).replace(second=0, microsecond=0)
    # Sessions that touch may overlap once one of them gave way; then all of them give way together.
    for hours in range(6):
        moved = _with_values(text, draft, dict(_moved(catalogue, end + hours * _HOUR)))
        try:
            read_catalogue(moved.encode())
        except CatalogueQuestions as found:
            questions = found
        else:
            return moved
    raise questions


def _moved(catalogue: Catalogue, end: datetime) -> Iterator[tuple[Path, str]]:
    """Each value that changes: its path and its new text."""
    shift = _Shift(catalogue.sessions[0], end)
    for at, session in enumerate(catalogue.sessions):
        starts, ends = shift.session(session)
        yield ("sessions", at, "starts"), f"{starts:%Y-%m-%d %H:%M}"
        yield ("sessions", at, "ends"), f"{ends:%Y-%m-%d %H:%M}"
    for at, offer in enumerate(catalogue.prices):
        for key, day in (("valid_from", offer.valid_from), ("valid_to", offer.valid_to)):
            if day is not None:
                yield ("prices", at, key), f"{day + timedelta(days=shift.days):%Y-%m-%d}"
    if round_ := catalogue.policies.scholarship:
        deadline = round_.deadline + timedelta(days=shift.days)
        while not _exists(deadline, round_.zone):
            deadline += _HOUR
        yield ("policies", "scholarship", "deadline"), f"{deadline:%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class _Shift:
    """A move by the calendar and the clock of the first session's zone."""

    first: Session
    end: datetime

    @property
    def _by(self) -> timedelta:
        wall = self.end.astimezone(ZoneInfo(self.first.zone)).replace(tzinfo=None)
        return wall - self.first.ends

    @property
    def days(self) -> int:
        """Whole days of the move, from the date of the first end to its new date."""
        return ((self.first.ends + self._by).date() - self.first.ends.date()).days

    def session(self, session: Session) -> tuple[datetime, datetime]:
        """The new start and end of a session, as wall clocks in its zone."""
        here = ZoneInfo(self.first.zone)
        wall = session.ends_at.astimezone(here).replace(tzinfo=None) + self._by
        end = self.end if session is self.first else wall.replace(tzinfo=here).astimezone(UTC)
        while not _is_plain(end, session.zone):
            end += _HOUR
        length = session.ends_at - session.starts_at
        # Of the starts that exist, the nearest that leaves the end where it is.
        start = next(
            start
            for hours in (0, *range(-1, -7, -1), *range(1, 7))
            if _is_plain(start := end - length + hours * _HOUR, session.zone)
            and timedelta(0) < end - start <= _LONGEST
        )
        return _wall(start, session.zone), _wall(end, session.zone)


def _wall(instant: datetime, zone: str) -> datetime:
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def _is_plain(instant: datetime, zone: str) -> bool:
    """Whether the clocks of the zone show this instant, and no other, in this way."""
    return _exists(_wall(instant, zone), zone)


def _exists(wall: datetime, zone: str) -> bool:
    try:
        to_utc(wall, zone)
    except ValueError:
        return False
    return True


def _with_values(text: str, draft: Draft, values: dict[Path, str]) -> str:
    """The text with those values in place of what stands there; nothing else changes."""
    for path in sorted(values, key=lambda path: draft.spans[path].start, reverse=True):
        span = draft.spans[path]
        text = text[: span.start] + values[path] + text[span.end :]
    return text
