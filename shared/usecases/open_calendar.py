"""One session for somebody's calendar, asked for on their own page."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.catalogue import Institute, Session
from shared.domain.entitlements import entitlements
from shared.domain.registrations import Registration
from shared.ports import Records
from shared.usecases.find_session import find_session
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound


@dataclass(frozen=True)
class CalendarEntry:
    """What the entry says; `link` is where they join."""

    institute: Institute
    session: Session
    learner: str
    link: str


def open_calendar(
    token: str, session: str, *, keys: list[bytes], records: Records, now: datetime
) -> CalendarEntry | NotFound:
    """The entry of a session that they can join; nothing of any other."""
    person = holder_of(token, keys=keys, records=records, now=now)
    found = find_session(session, records) if person is not None else None
    if person is None or found is None:
        return NotFound()
    registration = records.get(Registration.key_of(session, person.learner), Registration)
    if not entitlements(found.catalogue, session, registration, now).joining_link.granted:
        return NotFound()
    link = found.session.joining_link or ""
    return CalendarEntry(found.catalogue.institute, found.session, person.learner, link)
