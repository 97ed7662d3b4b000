"""Recordings that Zoom keeps: which of their files we want, for which class, how far one has come.

A file is taken over under the name that staff would give it. Whatever stands under that name stays:
staff have the last word, and so has the first recording of a class that was begun twice.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field

from shared.domain.catalogue import Session
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.record import Key, Record
from shared.domain.value import Value

RULE_VERSION = "cloud-recording-1"
# Longer than a worker lives: whoever finds an older claim may be sure that its holder is gone.
LEASE = timedelta(minutes=16)
# People open the room early and leave late: so much of a class is no recording of it. Of a session
# that is not to be recorded, every minute is one.
_TOUCH = timedelta(minutes=10)
_NAMES = {"MP4": "main.mp4", "M4A": "audio.m4a", "TRANSCRIPT": "captions.en.vtt"}
# Of several pictures of one class, the first of these that there is. What is shown matters most.
_VIEWS = (
    "shared_screen_with_speaker_view",
    "shared_screen_with_gallery_view",
    "speaker_view",
    "active_speaker",
    "gallery_view",
    "shared_screen",
)
_ZOOM = "zoom.us"


class CloudFile(Value):
    """One file at Zoom: its id there, its kind in Zoom's words, where it is, and its bytes."""

    id: str = Field(max_length=100)
    kind: str = Field(max_length=40)
    view: str = Field(default="", max_length=80)
    address: str = Field(max_length=2000, repr=False)
    size: int = Field(ge=0)


class CloudRecording(Value):
    """What Zoom says when a recording is ready. `token` opens its files for a day; it is a secret.

    `began` and `ended` are when it was recorded, if Zoom says so.
    """

    meeting: str
    occurrence: str
    began: datetime
    ended: datetime
    files: tuple[CloudFile, ...]
    token: str = Field(default="", repr=False)


class FetchState(StrEnum):
    """How far a file has come. LEFT: it stays at Zoom, and staff have been told why."""

    FETCHING = "fetching"
    DONE = "done"
    LEFT = "left"


class Fetch(Record):
    """One file of a recording on its way from Zoom. How it is fetched is kept nowhere.

    `upload` is S3's number of the upload that its parts belong to; which of them are there, S3 says
    when it is asked. While `claimed_until` is ahead, somebody is at it.
    """

    kind: ClassVar[str] = "cloud_fetch"

    session: str
    name: str
    file: str
    size: int
    state: FetchState = FetchState.FETCHING
    upload: str | None = None
    claimed_until: datetime | None = None
    why: Decision | None = None

    @staticmethod
    def key_of(session: str, name: str) -> Key:
        """Where the fetch of that file of that session stands."""
        return Key(f"SESSION#{session}", f"CLOUD_FETCH#{name}")

    def key(self) -> Key:
        return self.key_of(self.session, self.name)

    def goes_on_with(self, file: CloudFile) -> bool:
        """Whether the parts that are there are parts of that very file."""
        return (self.file, self.size) == (file.id, file.size)


class Chosen(NamedTuple):
    """The files that are wanted, by the name each gets, and whether there are further pictures."""

    files: dict[str, CloudFile]
    further: int


def choose(files: Iterable[CloudFile]) -> Chosen:
    """One picture, one sound, one transcript. Of two alike the longest; chat is nobody's business.

    A recording that was paused for long, or stopped and begun again, has several pictures of one
    kind: the others are counted, so that staff can look.
    """
    by_name: dict[str, list[CloudFile]] = {}
    for file in files:
        name = _NAMES.get(file.kind)
        if name is not None and file.size and may_be_asked(file.address):
            by_name.setdefault(name, []).append(file)
    chosen = {name: min(found, key=_rank) for name, found in sorted(by_name.items())}
    main = chosen.get("main.mp4")
    alike = [one for one in by_name.get("main.mp4", ()) if main and one.view == main.view]
    return Chosen(chosen, max(len(alike) - 1, 0))


def _rank(file: CloudFile) -> tuple[int, int, str]:
    view = file.view.lower().replace("(cc)", "")
    rank = _VIEWS.index(view) if view in _VIEWS else len(_VIEWS)
    return (rank, -file.size, file.id)


def whose(
    recording: CloudRecording, sessions: Iterable[Session]
) -> tuple[Session | None, Decision]:
    """The session that was recorded, or None and why it is not clear.

    `sessions` are all that are held in that meeting. A recording that runs into another session is
    nobody's: it may hold what was promised not to be recorded.
    """
    met = [
        one
        for one in sessions
        if _overlap(recording, one) > (_TOUCH if one.recorded else timedelta(0))
    ]
    if not met:
        return None, _no("no_session", "It was not recorded while one of your sessions was held.")
    if len(met) > 1:
        titles = " and ".join(f"“{one.title}”" for one in met)
        text = f"It runs through {titles}, and which part belongs to which is not for us to say."
        return None, _no("several_sessions", text)
    if not met[0].recorded:
        return None, _no("not_recorded", "The catalogue says that this session is not recorded.")
    return met[0], granted(RULE_VERSION, "recorded", "It was recorded while the session was held.")


def _overlap(recording: CloudRecording, session: Session) -> timedelta:
    return min(recording.ended, session.ends_at) - max(recording.began, session.starts_at)


def may_be_asked(address: str, host: str = _ZOOM) -> bool:
    """Whether an address is one of Zoom's own, over TLS, and says nothing else than where it is."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    name = parts.hostname or ""
    plain = address.isascii() and address.isprintable() and "\\" not in address
    ours = name == host or name.endswith(f".{host}")
    return bool(
        plain
        and ours
        and parts.scheme == "https"
        and port in (None, 443)
        and "@" not in parts.netloc
    )


def left(code: str, text: str) -> Decision:
    """Why a file stays at Zoom."""
    return _no(code, text)


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
