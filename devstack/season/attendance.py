"""Zoom's report of a session, as Zoom would write it, for the people who came."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from devstack.season.people import Person
from shared.domain.catalogue import Session

_HEADINGS = (
    *("Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)", "Guest"),
    *("Recording disclaimer response", "In waiting room"),
)


def zoom_report(session: Session, people: Iterable[Person]) -> bytes:
    """The report in Zoom's newer layout: byte-order mark, CRLF, the zone's wall clock."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for person in people:
        if person.stay == "never came":
            continue
        early = session.starts_at - timedelta(minutes=6)
        at_door = session.starts_at - timedelta(minutes=2)
        writer.writerow(_row(person, early, at_door, session, waiting=True))
        for joined, left in _visits(person, session):
            writer.writerow(_row(person, joined, left, session, waiting=False))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _visits(person: Person, session: Session) -> Iterator[tuple[datetime, datetime]]:
    starts, ends = session.starts_at, session.ends_at
    half = starts + (ends - starts) / 2
    door = starts - timedelta(minutes=2)
    after = ends + timedelta(minutes=1)
    match person.stay:
        case "left after half":
            yield door, half
        case "two devices":
            # The laptop drops out for some minutes; the phone was there all along that time.
            yield door, half
            yield half - timedelta(minutes=20), half + timedelta(minutes=25)
            yield half + timedelta(minutes=5), after
        case _:
            yield door, after


def _row(
    person: Person, joined: datetime, left: datetime, session: Session, *, waiting: bool
) -> list[str]:
    zone = ZoneInfo(session.zone)
    times = [f"{moment.astimezone(zone):%m/%d/%Y %I:%M:%S %p}" for moment in (joined, left)]
    minutes = str(round((left - joined).total_seconds() / 60))
    return [person.name, person.address, *times, minutes, "Yes", "OK", "Yes" if waiting else "No"]
