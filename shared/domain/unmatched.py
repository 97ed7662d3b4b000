"""That a session's attendance names people who are nobody registered: it waits until staff say who.

A count, no names: who they are is read from the attendance itself, as it is when somebody looks.
"""

from datetime import datetime
from typing import ClassVar

from shared.domain.record import Key, Record

WAITING = "unmatched"


class UnmatchedRows(Record):
    """How many people of one session's attendance staff must look at."""

    kind: ClassVar[str] = "unmatched_rows"

    session: str
    series: str
    people: int

    @staticmethod
    def key_of(session: str) -> Key:
        """Where that session's count stands."""
        return Key(f"SESSION#{session}", "UNMATCHED")

    def key(self) -> Key:
        return self.key_of(self.session)

    def counted(self, people: int, now: datetime) -> "UnmatchedRows":
        """The count as it is now. It waits since somebody was first not known."""
        waits = {"waiting": WAITING, "waiting_since": self.waiting_since or now.isoformat()}
        knows = {"waiting": None, "waiting_since": None}
        return self.model_copy(update={"people": people} | (waits if people else knows))
