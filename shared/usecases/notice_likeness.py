"""Notice that somebody who gets a seat looks like somebody who has one, and ask staff once.

Who leaves the same trace stands in one record for each trace and series. It is changed in the
commit of the seat, so of two who pay in the same moment the second sees the first. Nothing is held
back from either.
"""

from datetime import datetime

from shared.domain.keyed_ids import keyed_id
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.likeness import (
    MOST_ALIKE,
    WAITING,
    Face,
    Likeness,
    Trace,
    alike,
    matched,
    traces,
)
from shared.domain.matching import Alias
from shared.domain.people import clean_name
from shared.domain.record import Record
from shared.domain.registrations import Learner
from shared.ports import Records


def notice_likeness(
    series: str, learner: str, face: Face, *, records: Records, identity_key: bytes, now: datetime
) -> list[Record]:
    """What is to be committed with the seat: traces, pairs to be decided, and letters to staff."""
    changes: list[Record] = []
    others: set[str] = set()
    for trace in traces(face):
        name = _hashed(series, trace, identity_key)
        known = records.get(Trace.key_of(series, name), Trace) or Trace(series=series, trace=name)
        if learner in known.learners or len(known.learners) >= MOST_ALIKE:
            continue
        others |= set(known.learners)
        everybody = (*known.learners, learner)
        changes.append(known.model_copy(update={"learners": tuple(sorted(everybody))}))
    said = records.get(Alias.key_of(series, learner), Alias)
    by_staff = said.now.learner if said else None
    if by_staff and by_staff != learner:
        others.add(by_staff)
    for other in sorted(others):
        changes += _asked(series, (learner, face), other, other == by_staff, records, now)
    return changes


def _asked(
    series: str,
    seen: tuple[str, Face],
    other: str,
    was_matched: bool,
    records: Records,
    now: datetime,
) -> list[Record]:
    learner, face = seen
    person = records.get(Learner.key_of(other), Learner)
    key = Likeness.key_of(series, learner, other)
    if person is None or records.get(key, Likeness) is not None:
        return []
    their_face = Face(person.name, person.address)
    found = matched(alike(face, their_face)) if was_matched else alike(face, their_face)
    if found is None:
        return []
    one, two = sorted((learner, other))
    pair = Likeness(
        series=series,
        pair=(one, two),
        noticed_at=now,
        found=found,
        waiting=WAITING,
        waiting_since=now.isoformat(),
    )
    return [pair, _letter(pair, (face, their_face), now)]


def _letter(pair: Likeness, faces: tuple[Face, Face], now: datetime) -> Letter:
    people = sorted(f"{clean_name(face.name)} <{face.address}>" for face in faces)
    return owe(
        LetterKind.STAFF_SAME_PERSON,
        f"{pair.series}/{'+'.join(pair.pair)}",
        now,
        series=pair.series,
        facts=tuple(Fact(label="Person", value=one) for one in people),
        lines=tuple(reason.text for reason in pair.found.reasons),
    )


def _hashed(series: str, trace: str, key: bytes) -> str:
    return keyed_id(f"trace.{series}.{trace}", key)
