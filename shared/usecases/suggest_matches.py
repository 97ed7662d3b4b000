"""Who those may be whom nobody could match: suggestions for staff, which credit nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from shared.domain.likely_names import Person, likeliest
from shared.domain.registrations import Learner, Registration
from shared.ports import Records
from shared.usecases.find_attendance import Seen, unmatched_in
from shared.usecases.find_session import Found

# A letter is written while a close waits for it; a larger class is looked through by the command.
IN_A_LETTER = 500


@dataclass(frozen=True)
class Unmatched:
    """Somebody who was there and is nobody registered, and who that may be."""

    seen: Seen
    likely: Person | None


def find_unmatched(found: Found, records: Records, most: int | None = None) -> list[Unmatched]:
    """Everybody whom staff must look at, with a suggestion each.

    With `most`, nobody is suggested where more people than that are registered.
    """
    unmatched = unmatched_in(found, records)
    people: list[Person] = []
    if unmatched:
        stop = None if most is None else most + 1
        people = list(islice(registrants(found.state.session, records), stop))
    if most is not None and len(people) > most:
        people = []
    return [
        Unmatched(seen, likeliest(seen.sighting.name, seen.sighting.address, people))
        for seen in unmatched
    ]


def say_unmatched(unmatched: list[Unmatched]) -> tuple[str, ...]:
    """The same as lines of a letter to staff."""
    if not unmatched:
        return ()
    names = [one.seen.sighting.name or "(no name)" for one in unmatched]
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    lines = [f"These people are nobody who is registered, so they credit nobody: {shown}."]
    lines += [
        f"“{name}” (row {one.seen.sighting.participant[:9]}) may be {one.likely.name} "
        f"<{one.likely.address}>. Only you can say so."
        for name, one in zip(names[:20], unmatched, strict=False)
        if one.likely is not None
    ]
    return tuple(lines)


def registrants(session: str, records: Records) -> Iterator[Person]:
    """Everybody who has or had a seat in the session, by name and address."""
    partition, prefix = Registration.key_of(session, "")
    for registration in records.find(partition, Registration, prefix):
        person = records.get(Learner.key_of(registration.learner), Learner)
        if person is not None:
            yield Person(registration.learner, person.name, person.address)
