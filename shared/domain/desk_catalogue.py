"""What staff see of catalogues: the file that holds now, and what another would change."""

from datetime import datetime, timedelta
from typing import ClassVar

from shared.domain.catalogue_difference import Area, Change
from shared.domain.record import Key, Record
from shared.domain.value import Value

# A file is published within seconds. After this nobody waits for one that was applied before.
BEING_PUBLISHED = timedelta(minutes=2)


class CatalogueApplied(Record):
    """The last file that staff applied at the desk: over which revision, by whom.

    The upload that it caused is published like any other; until it is, no other is taken.
    """

    kind: ClassVar[str] = "catalogue_applied"

    series: str
    over: str
    revision: str
    by: str
    at: datetime

    @staticmethod
    def key_of(series: str) -> Key:
        """Where the last application of that series stands."""
        return Key(f"SERIES#{series}", "APPLIED")

    def key(self) -> Key:
        return self.key_of(self.series)

    def is_on_its_way(self, published: str, now: datetime) -> bool:
        """Whether it may still be published, over the revision that holds now."""
        return self.over == published != self.revision and now < self.at + BEING_PUBLISHED


class SeriesLine(Value):
    """A series in the list."""

    series: str
    title: str
    institute: str


class CatalogueView(Value):
    """The catalogue that holds: its text, if the file is where it was published from.

    `applied` is the last that staff applied here, if it is not what holds; `report` is what was
    said of the last upload, if that was refused.
    """

    series: str
    title: str
    institute: str
    revision: str
    published_at: datetime
    sessions: int
    prices: int
    file: str
    text: str
    applied: CatalogueApplied | None = None
    on_its_way: bool = False
    report: str = ""


class Asked(Value):
    """A question about a line of a file."""

    line: int
    text: str


class Otherwise(Value):
    """Somebody who would be decided otherwise by the rules of another file."""

    session: str
    name: str
    now: str
    then: str


class Tried(Value):
    """What trying the rules on one session came to: on how many of how many, and for how many.

    Where they were not tried on everybody, it was on those with the first ids. These are made with
    a secret key, so nobody is first by anything but chance.
    """

    session: str
    people: int
    tried: int
    otherwise: int

    @property
    def all(self) -> bool:
        """Whether they were tried on everybody."""
        return self.tried >= self.people


class ComparedView(Value):
    """What a file would change; nothing, if it has questions.

    `over` is the revision that it was compared with; empty for a series that is new. Where rules
    of credit change, `tried` says of each session what they would come to, and `otherwise` names
    the first of whom they would decide otherwise.
    """

    text: str
    series: str = ""
    title: str = ""
    over: str = ""
    same: bool = False
    questions: tuple[Asked, ...] = ()
    changes: tuple[Change, ...] = ()
    otherwise: tuple[Otherwise, ...] = ()
    tried: tuple[Tried, ...] = ()

    @property
    def areas(self) -> dict[str, list[Change]]:
        """The changes by the part of the file they are about, in the order of the file."""
        return {
            area.value: [change for change in self.changes if change.area is area]
            for area in Area
            if any(change.area is area for change in self.changes)
        }

    @property
    def unnamed(self) -> int:
        """How many more than are named would be decided otherwise, of those who were tried."""
        return sum(one.otherwise for one in self.tried) - len(self.otherwise)

    @property
    def letters(self) -> int:
        """How many letters people get because of it."""
        return sum(change.letters for change in self.changes)
