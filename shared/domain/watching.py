"""Watching: which of a session's files is what, and what a viewer is shown of them.

Files are told apart by their names; what else a folder holds is for nobody to watch. Where one
thing came twice, the newest counts.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from shared.domain.catalogue import Catalogue, Session
from shared.domain.recording_files import TEXT_LIMIT
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.value import Value

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}")


class Role(StrEnum):
    """What a file is to its viewers. The word stands in addresses."""

    MAIN = "main"
    SIGNED = "asl"
    SOUND = "audio"
    TRANSCRIPT = "transcript"
    SLIDES = "slides"

    @property
    def plays(self) -> bool:
        """Whether it is played, rather than read."""
        return self in _PLAYED


_PLAYED = (Role.MAIN, Role.SIGNED, Role.SOUND)
_MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".txt": "text/plain; charset=utf-8",
    ".pdf": "application/pdf",
}


class Programme(Value):
    """What there is of one session: a file for each role, captions by their language."""

    files: dict[Role, Recording] = Field(default_factory=dict)
    captions: dict[str, Recording] = Field(default_factory=dict)

    @property
    def played(self) -> tuple[Role, ...]:
        """What can be played, what most people come for first."""
        return tuple(role for role in _PLAYED if role in self.files)

    def wished(self, wish: str) -> Role | None:
        """What to play for somebody who asked for `wish`; the first there is for anything else."""
        named = [role for role in self.played if role == wish]
        return next(iter((*named, *self.played)), None)


class WatchView(Value):
    """The watch page: what plays now, what else there is, and until when.

    `media_origin` is the place that our media addresses lead on to ("https://bucket.example").
    """

    token: str
    catalogue: Catalogue
    session: Session
    programme: Programme
    role: Role
    closes_at: datetime | None
    media_origin: str


def group_files(recordings: Iterable[Recording], language: str = "en") -> Programme:
    """The files of one session by what they are. `language` is that of captions that name none."""
    ready = [one for one in recordings if one.status is RecordingStatus.READY]
    ready.sort(key=lambda one: (one.uploaded_at, one.name))
    files: dict[Role, Recording] = {}
    for one in ready:
        role = _role_of(one.name)
        if role is not None:
            files[role] = one
    return Programme(files=files, captions=_captions(ready, files.get(Role.MAIN), language))


def media_type_of(recording: Recording) -> str:
    """What the bytes of a file with a role were judged to be."""
    return _MEDIA_TYPES[_split(recording.name)[1]]


def _role_of(name: str) -> Role | None:
    stem, suffix = _split(name)
    match suffix:
        case ".mp4":
            return Role.SIGNED if stem == "asl" else Role.MAIN
        case ".m4a":
            return Role.SOUND
        case ".txt" if stem == "transcript":
            return Role.TRANSCRIPT
        case ".pdf" if stem == "slides":
            return Role.SLIDES
        case _:
            return None


def _captions(
    ready: list[Recording], main: Recording | None, language: str
) -> dict[str, Recording]:
    """Captions that are named so, or like the video; or the only ones there are."""
    named = [one for one in ready if _split(one.name)[1] == ".vtt"]
    stems = {"captions", *([_split(main.name)[0]] if main else [])}
    found: dict[str, Recording] = {}
    for one in named:
        stem, tag = _language_of(one.name, language)
        if (stem in stems or len(named) == 1) and one.size <= TEXT_LIMIT:
            found[tag] = one
    return found


def _language_of(name: str, language: str) -> tuple[str, str]:
    """ "captions.es.vtt" → ("captions", "es"), "main.vtt" → ("main", the language given)."""
    stem, dot, tag = _split(name)[0].rpartition(".")
    return (stem, tag) if dot and _LANGUAGE.fullmatch(tag) else (_split(name)[0], language)


def _split(name: str) -> tuple[str, str]:
    """A name's stem and suffix, in small letters."""
    stem, dot, suffix = name.lower().rpartition(".")
    return (stem, f".{suffix}") if dot else (suffix, "")
