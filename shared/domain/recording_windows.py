"""Staff's choice for a recording that came late: how long it may be watched after all.

A choice is made once for everybody, with who made it and why. What it comes to stands in the
catalogue that everything is decided by (see `Series`), so pages, letters and notices agree.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.domain.value import Value
from shared.domain.zones import days_later


class Late(StrEnum):
    """What can be chosen."""

    EXTEND_ALL = "extend-all"
    FROM_RELEASE = "from-release"
    DO_NOT_SHARE = "do-not-share"


class WindowChoice(Value):
    """So many days more for everybody, so many from the choice on, or shared with nobody."""

    choice: Late
    days: int | None = Field(default=None, ge=1, le=3650)
    by: str
    why: str
    at: datetime

    def end(self, planned: datetime, zone: str) -> datetime:
        """When the window ends (UTC) that was planned to end then. No choice makes it shorter."""
        if self.choice is Late.EXTEND_ALL:
            return days_later(planned, self.days or 0, zone)
        if self.choice is Late.FROM_RELEASE:
            return max(planned, days_later(self.at, self.days or 0, zone))
        return planned
