"""What Zoom tells while a class is held, and what that says of who was there.

Each event is a fact of its own; nothing is ever changed by the next one. Events come late, twice
and in any order, and the end of a meeting often comes before the last people's leaving, so
intervals are made from the whole set of facts each time they are asked for.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple

from shared.domain.attendance import Interval, union
from shared.domain.record import Key, Record
from shared.domain.reports import Role
from shared.domain.sightings import LIVE, Identities, Sighting
from shared.domain.value import Value

# How long after the start, or before the end, the first or last word from Zoom may be.
_HEARD_WITHIN = timedelta(minutes=15)


class Says(StrEnum):
    """What an event says. PUT_OUT: the host sent somebody back to the waiting room."""

    JOINED = "joined"
    LEFT = "left"
    PUT_OUT = "put_out"
    ENDED = "ended"
    RECORDED = "recorded"


class ZoomEvent(Value):
    """One event as Zoom tells it. `meeting` is the number that people dial, used again and again.

    `occurrence` is one holding of it; `lane` is one joining of one device within that. For
    RECORDED, `files` are Zoom's ids of the files.
    """

    says: Says
    meeting: str
    occurrence: str
    at: datetime
    lane: str = ""
    registrant: str = ""
    address: str = ""
    name: str = ""
    is_host: bool = False
    files: tuple[str, ...] = ()


class MeetingPointer(Record):
    """That a series holds sessions under that meeting number. The catalogue says which."""

    kind: ClassVar[str] = "meeting_pointer"

    meeting: str
    series: str

    @staticmethod
    def partition_of(meeting: str) -> str:
        """The partition of all series that use the number."""
        return f"MEETING#{meeting}"

    def key(self) -> Key:
        return Key(self.partition_of(self.meeting), self.series)


class LiveFact(Record):
    """One event about one session. The same event is the same record, however often it comes."""

    kind: ClassVar[str] = "live_fact"

    session: str
    says: Says
    at: datetime
    occurrence: str
    lane: str = ""
    participant: str = ""
    identities: Identities = Identities()
    name: str = ""
    address: str = ""
    role: Role = Role.ATTENDEE

    PREFIX: ClassVar[str] = "LIVE#"

    def key(self) -> Key:
        told = "\n".join((self.says, self.occurrence, self.lane, self.at.isoformat()))
        digest = hashlib.sha256(told.encode()).hexdigest()[:20]
        return Key(f"SESSION#{self.session}", f"{self.PREFIX}{self.participant or 'ALL'}#{digest}")


class ZoomRecording(Record):
    """That Zoom has a recording of a session, and its ids of the files. How to fetch them is not
    kept: that is a secret, and a short-lived one."""

    kind: ClassVar[str] = "zoom_recording"

    session: str
    meeting: str
    occurrence: str
    files: tuple[str, ...]
    recorded_at: datetime

    def key(self) -> Key:
        digest = hashlib.sha256(self.occurrence.encode()).hexdigest()[:20]
        return Key(f"SESSION#{self.session}", f"ZOOM_RECORDING#{digest}")


class Heard(NamedTuple):
    """What all facts say together, and what keeps them from being the whole story."""

    sightings: tuple[Sighting, ...]
    loose_ends: int
    open_meetings: int
    first_at: datetime | None
    ended_at: datetime | None

    def is_whole(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether Zoom told of the session from its start to its end, and nothing is missing.

        Every leaving has its joining and every joining its leaving, each meeting has ended, and the
        last of them not before the session. Whatever else would be a guess, and staff are asked.
        """
        if self.first_at is None or self.ended_at is None or self.loose_ends or self.open_meetings:
            return False
        heard_from_start = self.first_at <= starts_at + _HEARD_WITHIN
        return heard_from_start and self.ended_at >= ends_at - _HEARD_WITHIN


def hear(session: str, facts: Iterable[LiveFact], starts_at: datetime, ends_at: datetime) -> Heard:
    """What the facts say of a session: a function of their set.

    Holdings of the meeting that were over before the session, or began after it, do not matter.
    """
    by_occurrence: dict[str, list[LiveFact]] = defaultdict(list)
    for fact in {fact.key(): fact for fact in facts}.values():
        by_occurrence[fact.occurrence].append(fact)
    people: dict[str, list[tuple[LiveFact, Interval]]] = defaultdict(list)
    loose_ends = open_meetings = 0
    starts, ends = [], []
    for kept in by_occurrence.values():
        ended = min((fact.at for fact in kept if fact.says is Says.ENDED), default=None)
        first = min(fact.at for fact in kept)
        if first >= ends_at or (ended is not None and ended <= starts_at):
            continue
        starts.append(first)
        ends += [ended] if ended else []
        open_meetings += ended is None
        for lane in _lanes(kept):
            owner, visits, missing = _visits(lane, ended)
            loose_ends += missing
            people[owner.participant] += [(owner, visit) for visit in visits]
    sightings = [
        _sighting(session, told)
        for _, told in sorted(people.items())
        if told and told[0][0].role is Role.ATTENDEE
    ]
    first_at, ended_at = min(starts, default=None), max(ends, default=None)
    return Heard(tuple(sightings), loose_ends, open_meetings, first_at, ended_at)


def _lanes(facts: Iterable[LiveFact]) -> list[list[LiveFact]]:
    """The facts of each joining of one device. Its name may change between joining and leaving."""
    lanes: dict[str, list[LiveFact]] = defaultdict(list)
    for fact in facts:
        if fact.says is not Says.ENDED:
            lanes[fact.lane].append(fact)
    return [lane for _, lane in sorted(lanes.items())]


def _visits(
    lane: Sequence[LiveFact], ended: datetime | None
) -> tuple[LiveFact, list[Interval], int]:
    """Whose lane it is, when they were there, and how many facts have no counterpart.

    Only a joining and the leaving next after it make an interval, so a lost leaving never credits
    time that was not told of. What is open when the meeting ends, ends with it.
    """
    in_order = sorted(lane, key=lambda fact: (fact.at, fact.says))
    opened: LiveFact | None = None
    put_out = False
    visits: list[Interval] = []
    missing = 0
    waiting = in_order.copy()
    while waiting:
        # Within one second: whoever is there leaves before joining again, whoever is not, joins.
        at_once = [fact for fact in waiting[:4] if fact.at == waiting[0].at]
        fits = (fact for fact in at_once if (fact.says is Says.JOINED) == (opened is None))
        fact = next(fits, at_once[0])
        waiting.remove(fact)
        if fact.says is Says.JOINED:
            missing += opened is not None
            opened, put_out = fact, False
        elif opened is not None:
            visits.append(Interval(opened.at, fact.at))
            opened, put_out = None, fact.says is Says.PUT_OUT
        elif not put_out:
            missing += fact.says is Says.LEFT
    if opened is not None:
        missing += 1
        if ended is not None and opened.at < ended:
            visits.append(Interval(opened.at, ended))
    known = [f for f in in_order if f.identities.registrant or f.identities.address]
    return (known or in_order)[0], visits, missing


def _sighting(session: str, told: Sequence[tuple[LiveFact, Interval]]) -> Sighting:
    first = told[0][0]
    return Sighting(
        session=session,
        source=LIVE,
        participant=first.participant,
        learner=first.identities.address,
        identities=first.identities,
        name=first.name,
        address=first.address,
        role=first.role,
        rows=union(visit for _, visit in told),
    )
