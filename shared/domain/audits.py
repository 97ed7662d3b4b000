"""What staff did at the desk: one record an act, which says who, when, why and what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.domain.record import Key, Record


class CameOf(StrEnum):
    """What came of an act. `begun` stays if the machine died half-way: then look at the thing."""

    BEGUN = "begun"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Audit(Record):
    """An act of staff. `about` are ids, never names; `by` is who was signed in.

    `form` tells one form from another, and nothing of what stood in it.
    """

    kind: ClassVar[str] = "audit"

    number: str
    act: str
    about: tuple[str, ...]
    by: str
    at: datetime
    why: str
    form: str = ""
    came_of: CameOf = CameOf.BEGUN

    def key(self) -> Key:
        return Key(day_key(self.at), f"{self.at.isoformat()}#{self.number}")


def day_key(at: datetime) -> str:
    """The partition of everything that was done on a day (UTC)."""
    return f"AUDIT#{at.date().isoformat()}"
