"""Calendar entries: one event per session, in a file that every calendar program can take.

Times are UTC, so that each calendar shows them in its owner's own time and no time zone table has
to travel along. A later file about the same seat replaces or cancels what an earlier one put there.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

from icalendar import Calendar, Event, vCalAddress, vText

from shared.adapters.jinja_words import with_whom
from shared.domain.catalogue import Catalogue, Institute, Session
from shared.domain.languages import ENGLISH
from shared.domain.letter_facts import Attachment, LetterFacts
from shared.domain.letters import LetterKind
from shared.domain.registrations import Learner

_FIRST_SECOND: Final = datetime(2020, 1, 1, tzinfo=UTC)


def calendar(
    institute: Institute,
    sessions: Sequence[Session],
    learner: str,
    written_at: datetime,
    *,
    sequence: int,
    links: dict[str, str] | None = None,
    cancelled: bool = False,
    language: str = ENGLISH,
) -> bytes:
    """The file (RFC 5545, UTF-8, lines of at most 75 octets) for one learner's seats.

    `learner` is an id, `links` are joining links by session id. For the same session and learner
    an entry always has the same UID; of two files, the one with the higher `sequence` counts.
    """
    words = _words(language)
    made = Calendar()
    made.add("prodid", "-//Tending//Calendar entries//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "CANCEL" if cancelled else "PUBLISH")
    for session in sessions:
        entry = Event()
        entry.add("uid", f"{session.id}.{learner}@{institute.id}.tending")
        entry.add("dtstamp", written_at.astimezone(UTC))
        entry.add("sequence", sequence)
        entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
        entry.add("dtstart", session.starts_at)
        entry.add("dtend", session.ends_at)
        entry.add("summary", session.title)
        organizer = vCalAddress(f"mailto:{institute.contact}")
        organizer.params["CN"] = vText(institute.name)
        entry.add("organizer", organizer)
        link = None if cancelled else (links or {}).get(session.id)
        entry.add("location", link or words.online)
        if link:
            entry.add("url", link)
        entry.add("description", _description(institute, session, link, words))
        made.add_component(entry)
    return bytes(made.to_ical())


def attachment(
    facts: LetterFacts, catalogue: Catalogue, learner: Learner, language: str = ENGLISH
) -> tuple[Attachment, ...]:
    """The file for a letter: all its sessions to put down, or those still ahead to take away.

    Nothing when there is no session to say anything about.
    """
    letter = facts.letter
    cancelled = letter.letter in (LetterKind.REFUNDED, LetterKind.CLASS_CANCELLED)
    sessions = [
        session
        for session in facts.sessions
        if not cancelled or session.ends_at > letter.owed_at  # what was attended stays written down
    ]
    if not sessions:
        return ()
    content = calendar(
        catalogue.institute,
        sessions,
        learner.learner,
        letter.owed_at,
        sequence=sequence_at(letter.owed_at),
        links={session.id: facts.links.get(f"join:{session.id}", "") for session in sessions},
        cancelled=cancelled,
        language=language,
    )
    about = sessions[0].id if len(sessions) == 1 else catalogue.series.id
    return (
        Attachment(
            filename=f"{about}.ics",
            media_type="text/calendar",
            content=content,
            parameters={"method": "CANCEL" if cancelled else "PUBLISH", "charset": "utf-8"},
        ),
    )


def sequence_at(moment: datetime) -> int:
    """A number that grows with time: whole seconds since 2020, which fits 32 bits until 2088.

    A seat can be given back and bought again; counting changes would need a memory, time does not.
    """
    return max(0, int((moment - _FIRST_SECOND).total_seconds()))


class _Words(NamedTuple):
    """What an entry says beside what the catalogue says."""

    online: str
    join: str
    questions: str
    with_whom: Callable[[Session], str]


def _words(language: str) -> _Words:
    if language == ENGLISH:
        return _Words("Online", "Join", "Questions", with_whom)
    from shared.adapters.other_languages import spoken

    say = spoken(language)
    return _Words(say.words.online, say.words.join, say.words.questions, say.with_whom)


def _description(institute: Institute, session: Session, link: str | None, words: _Words) -> str:
    lines = (
        words.with_whom(session),
        f"{words.join}: {link}" if link else "",
        f"{words.questions}: {institute.contact}",
    )
    return "\n".join(line for line in lines if line)
