"""Seconds since the beginning of 1970, as far as a calendar goes: what providers date events by."""

from typing import Annotated, Final

from pydantic import Field

# The last second of the year 9999. What is behind it no library here can turn into a date.
LAST_SECOND: Final = 253_402_300_799

EpochSeconds = Annotated[int, Field(gt=0, le=LAST_SECOND)]
