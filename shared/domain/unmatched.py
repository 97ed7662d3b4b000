"""That a session's attendance names people who are nobody registered: it waits until staff say who.

A count and ids, no names: who they are is read from the attendance itself when somebody looks.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from shared.domain.record import Key, Record
from shared.domain.value import Value

WAITING = "unmatched"


# More than these are looked through once these are done.
MOST_NAMED = 20


class UnmatchedRow(Value):
    """One of them: the participant, by which source, and which learner that may be if any."""

    participant: str
    source: str
    likely: str | None = None


class UnmatchedRows(Record):
    """How many people of one session's attendance staff must look at, and the first of them."""

    kind: ClassVar[str] = "unmatched_rows"

    session: str
    series: str
    people: int
    rows: tuple[UnmatchedRow, ...] = ()

    @staticmethod
    def key_of(session: str) -> Key:
        """Where that session's count stands."""
        return Key(f"SESSION#{session}", "UNMATCHED")

    def key(self) -> Key:
        return self.key_of(self.session)

    def counted(self, rows: Iterable[UnmatchedRow], now: datetime) -> "UnmatchedRows":
        """The count as it is now. It waits since somebody was first not known.

        Who somebody may be is kept, if it is not said again.
        """
        known = {row.participant: row.likely for row in self.rows}
        named = [
            row.model_copy(update={"likely": row.likely or known.get(row.participant)})
            for row in rows
        ]
        people = len(named)
        waits = {"waiting": WAITING, "waiting_since": self.waiting_since or now.isoformat()}
        knows = {"waiting": None, "waiting_since": None}
        count = {"people": people, "rows": tuple(named[:MOST_NAMED])}
        return self.model_copy(update=count | (waits if people else knows))
