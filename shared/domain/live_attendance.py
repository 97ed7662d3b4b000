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
# How long moving from one room to another takes, at most.
_MOVED_WITHIN = timedelta(minutes=1)


class Says(StrEnum):
    """What an event says. PUT_OUT: the host sent somebody back to the waiting room."""

    JOINED = "joined"
    LEFT = "left"
    PUT_OUT = "put_out"
    ENDED = "ended"
    RECORDED = "recorded"
    REGISTERED = "registered"


class ZoomEvent(Value):
    """One event as Zoom tells it. `meeting` is the number that people dial, used again and again.

    `occurrence` is one holding of it; `lane` is one joining of one device within that, `in_room` if
    it is of a breakout room. For RECORDED, `files` are Zoom's ids of the files.
    """

    says: Says
    meeting: str
    occurrence: str
    at: datetime
    lane: str = ""
    in_room: bool = False
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
    in_room: bool = False
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


class ZoomRegistration(Record):
    """That whoever registered at Zoom under that id gave an address, whose id is `learner`.

    Each pair is a record of its own: an id that names two people names neither.
    """

    kind: ClassVar[str] = "zoom_registration"

    series: str
    registrant: str

    @staticmethod
    def partition_of(series: str) -> str:
        """The partition of everybody who registered at Zoom for a series."""
        return f"ZOOM_REGISTRATIONS#{series}"

    def key(self) -> Key:
        return Key(self.partition_of(self.series), f"{self.registrant}#{self.learner}")


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
    loose: list[tuple[str, LiveFact]] = []
    open_meetings = 0
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
            owner, visits, alone = _visits(lane, ended)
            loose += [(owner.participant, fact) for fact in alone]
            people[owner.participant] += [(owner, visit) for visit in visits]
    sightings = [
        _sighting(session, told)
        for _, told in sorted(people.items())
        if told and told[0][0].role is Role.ATTENDEE
    ]
    loose_ends = sum(not _told_elsewhere(fact, people[who]) for who, fact in loose)
    first_at, ended_at = min(starts, default=None), max(ends, default=None)
    return Heard(tuple(sightings), loose_ends, open_meetings, first_at, ended_at)


def _told_elsewhere(fact: LiveFact, visits: Iterable[tuple[LiveFact, Interval]]) -> bool:
    """Whether a room's fact without its counterpart is no gap: the meeting itself has that time.

    Who moves to a room leaves and joins the meeting at one moment; when a host closes all rooms,
    Zoom may say nothing of the rooms.
    """
    if not fact.in_room:
        return False
    inside = fact.at + (_MOVED_WITHIN if fact.says is Says.JOINED else -_MOVED_WITHIN)
    return any(visit.joined <= inside <= visit.left for _, visit in visits)


def _lanes(facts: Iterable[LiveFact]) -> list[list[LiveFact]]:
    """The facts of each joining of one device. Its name may change between joining and leaving."""
    lanes: dict[str, list[LiveFact]] = defaultdict(list)
    for fact in facts:
        if fact.says is not Says.ENDED:
            lanes[fact.lane].append(fact)
    return [lane for _, lane in sorted(lanes.items())]


def _visits(
    lane: Sequence[LiveFact], ended: datetime | None
) -> tuple[LiveFact, list[Interval], list[LiveFact]]:
    """Whose lane it is, when they were there, and which facts have no counterpart.

    Only a joining and the leaving next after it make an interval, so a lost leaving never credits
    time that was not told of. What is open when the meeting ends, ends with it; of a breakout room
    nobody knows when that ended.
    """
    in_order = sorted(lane, key=lambda fact: (fact.at, fact.says))
    opened: LiveFact | None = None
    put_out = False
    visits: list[Interval] = []
    alone: list[LiveFact] = []
    waiting = in_order.copy()
    while waiting:
        # Within one second: whoever is there leaves before joining again, whoever is not, joins.
        at_once = [fact for fact in waiting[:4] if fact.at == waiting[0].at]
        fits = (fact for fact in at_once if (fact.says is Says.JOINED) == (opened is None))
        fact = next(fits, at_once[0])
        waiting.remove(fact)
        if fact.says is Says.JOINED:
            alone += [opened] if opened is not None else []
            opened, put_out = fact, False
        elif opened is not None:
            visits.append(Interval(opened.at, fact.at))
            opened, put_out = None, fact.says is Says.PUT_OUT
        elif not put_out and fact.says is Says.LEFT:
            alone.append(fact)
    if opened is not None:
        alone.append(opened)
        if ended is not None and opened.at < ended and not opened.in_room:
            visits.append(Interval(opened.at, ended))
    known = [f for f in in_order if f.identities.registrant or f.identities.address]
    return (known or in_order)[0], visits, alone


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
