"""Find who was there: everybody whom a source names, and who they are."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from shared.domain.live_attendance import Heard, LiveFact, ZoomRegistration, hear
from shared.domain.matching import Alias, Match, match
from shared.domain.people import clean_name
from shared.domain.registrations import Registration
from shared.domain.reports import Role
from shared.domain.sightings import Sighting
from shared.ports import Records
from shared.usecases.find_session import Found
from shared.usecases.who_is import person_of


@dataclass(frozen=True)
class Seen:
    """One participant by one source, and who that is, as far as it is known."""

    sighting: Sighting
    match: Match


def seen_in(found: Found, records: Records) -> Iterator[Seen]:
    """Everybody whom a source names, and who they are."""
    session = found.state.session
    aliases, registered_as = _aliases(found, records), _registered_as(found, records)

    def has_seat(learner: str) -> bool:
        person = person_of(learner, records)
        return records.get(Registration.key_of(session, person), Registration) is not None

    for sighting in _sightings(found, records):
        found_to_be = match(sighting.identities, aliases, registered_as, has_seat)
        if found_to_be.learner is not None:
            # Both addresses of one person are that person.
            learner = person_of(found_to_be.learner, records)
            found_to_be = found_to_be._replace(learner=learner)
        yield Seen(sighting, found_to_be)


def hear_live(found: Found, records: Records) -> Heard:
    """What Zoom's live events say of the session."""
    session, held = found.state.session, found.session
    facts = records.find(f"SESSION#{session}", LiveFact, LiveFact.PREFIX)
    return hear(session, facts, held.starts_at, held.ends_at)


def unmatched_in(found: Found, records: Records) -> list[Seen]:
    """Whom staff must look at: nobody registered, by all that is known. Each participant once.

    Host, panel and whoever bears the name of a teacher is there to teach. That a name is enough to
    be left out of this list credits nobody.
    """
    session = found.state.session
    partition, prefix = Registration.key_of(session, "")
    registered = {kept.learner for kept in records.find(partition, Registration, prefix)}
    teachers = {clean_name(name).casefold() for name in found.session.faculty}
    people: dict[str, Seen] = {}
    for seen in seen_in(found, records):
        sighting = seen.sighting
        if seen.match.dismissed or seen.match.learner in registered:
            continue
        if sighting.role is not Role.ATTENDEE or sighting.name.casefold() in teachers:
            continue
        people.setdefault(sighting.participant, seen)
    return sorted(people.values(), key=lambda seen: (seen.sighting.lines, seen.sighting.name))


def _sightings(found: Found, records: Records) -> Iterator[Sighting]:
    state = found.state
    if state.uploaded is not None:
        prefix = Sighting.prefix_of(state.uploaded)
        yield from records.find(f"SESSION#{state.session}", Sighting, prefix)
    yield from hear_live(found, records).sightings


def _registered_as(found: Found, records: Records) -> dict[str, str]:
    """With which address each registered at Zoom, where one id names one address alone."""
    series = found.series.series
    several: dict[str, set[str]] = defaultdict(set)
    for kept in records.find(ZoomRegistration.partition_of(series), ZoomRegistration):
        several[kept.registrant] |= {kept.learner} if kept.learner else set()
    return {registrant: min(ids) for registrant, ids in several.items() if len(ids) == 1}


def _aliases(found: Found, records: Records) -> dict[str, Alias]:
    """What staff confirmed, for the series and, before that, for this session alone."""
    scopes = (found.series.series, found.state.session)
    return {
        alias.identity: alias
        for scope in scopes
        for alias in records.find(Alias.partition_of(scope), Alias)
    }
