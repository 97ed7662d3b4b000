"""What every kept record has in common: an identity, a version, and what it waits for.

A record is a frozen value. It is changed by making a new one from it (`model_copy`) and committing
that; the version it was read at travels with it, so a commit never overwrites what it has not seen.
"""

from typing import ClassVar, NamedTuple

from pydantic import ConfigDict

from shared.domain.value import Value


class Key(NamedTuple):
    """Where a record stands: its partition and its place within it. Never holds personal data."""

    partition: str
    sort: str


class Record(Value):
    """Base of everything that is kept.

    `version` counts the commits of this record; 0 means it was never stored.
    `learner` puts a record on that person's page; `waiting` lists it under that word until it is
    cleared, ordered by `waiting_since` (ISO 8601, UTC).
    """

    model_config = ConfigDict(extra="ignore")

    kind: ClassVar[str]

    version: int = 0
    learner: str | None = None
    waiting: str | None = None
    waiting_since: str | None = None
    expires_at: int | None = None

    def key(self) -> Key:
        """This record's identity."""
        raise TypeError(f"{type(self).__name__} does not say where it is kept.")

    def committed(self) -> "Record":
        """This record as it stands after a commit that saved it."""
        return self.model_copy(update={"version": self.version + 1})
