"""That the institute cancelled a class, and how far everybody who holds a seat has been seen to."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from shared.domain.record import Key, Record

WAITING = "cancellation"


class Cancellation(Record):
    """One cancelled class. It waits until everybody was seen to, page by page.

    `after` is the place of the last registration that was seen to. `back` adds up what goes back,
    in minor units by currency, `people` those who held a seat, `for_staff` those of them whose
    money a person must move.
    """

    kind: ClassVar[str] = "cancellation"

    session: str
    series: str
    why: str
    at: datetime
    after: str = ""
    people: int = 0
    for_staff: int = 0
    back: dict[str, int] = Field(default_factory=dict)
    done_at: datetime | None = None

    @staticmethod
    def key_of(session: str) -> Key:
        """Where the cancellation of that class stands."""
        return Key(f"SESSION#{session}", "CANCELLATION")

    def key(self) -> Key:
        return self.key_of(self.session)


def cancel(session: str, series: str, why: str, now: datetime) -> Cancellation:
    """A class that was just cancelled, before anybody was seen to."""
    return Cancellation(
        session=session,
        series=series,
        why=why,
        at=now,
        waiting=WAITING,
        waiting_since=now.isoformat(),
    )
