"""Recordings: what was put in the bucket, whether it is what it says, and who is told."""

import re
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.record import Key, Record

RULE_VERSION = "recording-1"
_MEDIA = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".vtt": "text/vtt"}
# The same shape that ids of sessions have, then one plain file name: nothing to climb out of.
_KEY = re.compile(r"^recordings/([a-z0-9][a-z0-9-]{1,38}[a-z0-9])/([^/\\]{1,150})$")


class RecordingStatus(StrEnum):
    """Whether a file may be watched."""

    READY = "ready"
    QUARANTINED = "quarantined"


class Recording(Record):
    """One file of one session's recording, by the bytes that were judged (its version)."""

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
        """Whether this is what people come to watch or hear, rather than its captions."""
        return self.status is RecordingStatus.READY and self.media_type != "text/vtt"


def split_key(object_key: str) -> tuple[str, str] | None:
    """(session id, file name) of an object key under recordings/, or None if it is none of ours."""
    match = _KEY.fullmatch(object_key)
    return (match[1], match[2]) if match else None


def judge_file(name: str, size: int, first_bytes: bytes) -> tuple[Decision, str | None]:
    """Whether a file is a recording by its name, size and first bytes, and its media type."""
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    media_type = _MEDIA.get(suffix)
    if media_type is None:
        return _no("unknown_type", f"'{name}' is not an .mp4, .m4a or .vtt file."), None
    if size == 0:
        return _no("empty", f"'{name}' is empty. Did its upload stop half-way?"), media_type
    if not _begins_like(media_type, first_bytes):
        said = "captions" if media_type == "text/vtt" else "a video or sound file"
        return _no("wrong_content", f"'{name}' is named like {said} and is not one."), media_type
    return granted(RULE_VERSION, "plausible", f"'{name}' looks as it should."), media_type


def _begins_like(media_type: str, first_bytes: bytes) -> bool:
    if media_type == "text/vtt":
        return first_bytes.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")
    return first_bytes[4:8] == b"ftyp"


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
