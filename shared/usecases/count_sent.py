"""Count what comes from one place within a stretch of time, and say when it is too much.

A count is committed with what was sent, so that nothing is counted that was not taken.
"""

from datetime import datetime, timedelta

from shared.domain.applications import SentCount
from shared.ports import Records

_COUNTS_KEPT = timedelta(days=2)


class TooMany(Exception):
    """More came from there than is taken within a time. Nothing was stored."""


def one_more(
    origin: str, stretch: str, limit: int, *, records: Records, now: datetime
) -> SentCount:
    """One more from there, to be committed with what came. Raises TooMany."""
    kept = records.get(SentCount.key_of(origin, stretch), SentCount)
    count = kept or SentCount(origin=origin, stretch=stretch)
    if count.sent >= limit:
        raise TooMany
    until = int((now + _COUNTS_KEPT).timestamp())
    return count.model_copy(update={"sent": count.sent + 1, "expires_at": until})
