"""Recordings: what was put in the bucket, whether it is what it says, and what became of it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.domain.decisions import Decision
from shared.domain.record import Key, Record
from shared.domain.recording_files import PLAYED


class RecordingStatus(StrEnum):
    """Whether a file may be watched. One that waits is good, and its session is not released."""

    READY = "ready"
    WAITING = "waiting"
    QUARANTINED = "quarantined"
    DELETED = "deleted"


EXPIRED = "expired_recording"
# What the lifecycle of the bucket deletes by.
LABEL, DELETE, KEEP = "tending", "expired", "kept"


class Recording(Record):
    """One file of one session's recording, by the bytes that were judged (its version).

    It waits as "expired_recording" from when it was labelled to be deleted until it is gone.
    """

    kind: ClassVar[str] = "recording"

    session: str
    name: str
    object_key: str
    object_version: str
    media_type: str | None = None
    size: int
    uploaded_at: datetime
    status: RecordingStatus
    judged: Decision
    # Set when every entitled person is owed a letter; the sweep looks for those without.
    announced_at: datetime | None = None
    expired_at: datetime | None = None
    deleted_at: datetime | None = None

    @staticmethod
    def prefix_of() -> str:
        """The sort-key prefix of all recordings of a session."""
        return "RECORDING#"

    @classmethod
    def key_of(cls, session: str, name: str) -> Key:
        """Where that file of that session stands."""
        return Key(f"SESSION#{session}", cls.prefix_of() + name)

    def key(self) -> Key:
        return self.key_of(self.session, self.name)

    @property
    def playable(self) -> bool:
        """Whether this is what people come to watch or hear, and may."""
        return self.status is RecordingStatus.READY and self.plays

    @property
    def plays(self) -> bool:
        """Whether this is what people come to watch or hear, rather than what goes with it."""
        return self.is_good and self.media_type in PLAYED

    @property
    def is_good(self) -> bool:
        """Whether it is what its name says, and still there."""
        return self.judged.granted and self.status is not RecordingStatus.DELETED

    @property
    def identity(self) -> str:
        """What tells these bytes from others under the same key: the version, else the time."""
        return self.object_version or self.uploaded_at.isoformat()

    def to_delete(self, now: datetime) -> "Recording":
        """The file once it is labelled to be deleted."""
        changes = {"expired_at": now, "waiting": EXPIRED, "waiting_since": now.isoformat()}
        return self.model_copy(update=changes)

    def to_keep(self) -> "Recording":
        """The file once that label is taken back."""
        changes = {"expired_at": None, "waiting": None, "waiting_since": None}
        return self.model_copy(update=changes)

    def deleted(self, now: datetime) -> "Recording":
        """The file once it was seen to be gone."""
        changes = {"status": RecordingStatus.DELETED, "deleted_at": now}
        return self.model_copy(update=changes | {"waiting": None, "waiting_since": None})


def when_deleted(files: Iterable[Recording]) -> datetime | None:
    """When the last of what could be watched was deleted; None while something is there."""
    played = [one for one in files if one.judged.granted and one.media_type in PLAYED]
    gone = [one.deleted_at for one in played if one.deleted_at is not None]
    return max(gone) if gone and len(gone) == len(played) else None
