"""What staff may upload from their browser, and under which name it lies in the session's folder.

The server chooses the place, so nothing can be put elsewhere; what a file really is, is judged when
it has come, as for every other upload.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.recording_files import TEXT_LIMIT
from shared.domain.value import Value

# What S3 takes by one form. Larger files go in parts: by the console or the command line.
LARGEST: Final = 5 * 1024**3
_REPORT_LIMIT: Final = 64 * 1024**2
_SLIDES_LIMIT: Final = 500 * 1024**2


class HandUpload(StrEnum):
    """What a file is. The word stands in the address of its form."""

    ATTENDANCE = "attendance"
    VIDEO = "video"
    SIGNED = "sign-language"
    SOUND = "sound"
    CAPTIONS = "captions"
    TRANSCRIPT = "transcript"
    SLIDES = "slides"


class Kind(Value):
    """One kind: what to call it, how its file's name ends, its media type, how large it may be.

    `begins` is with which bytes it begins, from which byte on, as far as a browser can see it.
    """

    what: HandUpload
    title: str
    suffix: str
    media_type: str
    most: int
    begins: str = ""
    begins_at: int = 0
    of_recording: bool = True


KINDS: Final = {
    kind.what: kind
    for kind in (
        Kind(
            what=HandUpload.ATTENDANCE,
            title="Attendance report",
            suffix=".csv",
            media_type="text/csv",
            most=_REPORT_LIMIT,
            of_recording=False,
        ),
        Kind(
            what=HandUpload.VIDEO,
            title="Video",
            suffix=".mp4",
            media_type="video/mp4",
            most=LARGEST,
            begins="ftyp",
            begins_at=4,
        ),
        Kind(
            what=HandUpload.SIGNED,
            title="Video with sign language",
            suffix=".mp4",
            media_type="video/mp4",
            most=LARGEST,
            begins="ftyp",
            begins_at=4,
        ),
        Kind(
            what=HandUpload.SOUND,
            title="Sound alone",
            suffix=".m4a",
            media_type="audio/mp4",
            most=LARGEST,
            begins="ftyp",
            begins_at=4,
        ),
        Kind(
            what=HandUpload.CAPTIONS,
            title="Captions",
            suffix=".vtt",
            media_type="text/vtt",
            most=TEXT_LIMIT,
            begins="WEBVTT",
        ),
        Kind(
            what=HandUpload.TRANSCRIPT,
            title="Transcript",
            suffix=".txt",
            media_type="text/plain",
            most=TEXT_LIMIT,
        ),
        Kind(
            what=HandUpload.SLIDES,
            title="Slides",
            suffix=".pdf",
            media_type="application/pdf",
            most=_SLIDES_LIMIT,
            begins="%PDF-",
        ),
    )
}
_NAMES = {
    HandUpload.VIDEO: "main.mp4",
    HandUpload.SIGNED: "asl.mp4",
    HandUpload.SOUND: "audio.m4a",
    HandUpload.CAPTIONS: "captions.en.vtt",
    HandUpload.TRANSCRIPT: "transcript.txt",
    HandUpload.SLIDES: "slides.pdf",
}


class UploadForm(Value):
    """A form that a browser sends straight to the bucket: its address, its hidden fields."""

    url: str
    fields: dict[str, str]


def place_for(what: HandUpload, session: str, now: datetime) -> str:
    """The object key: of a recording always the same, so that a better file replaces a worse one.

    Reports are kept side by side; the one that was uploaded last counts.
    """
    if what is HandUpload.ATTENDANCE:
        return f"attendance/{session}/desk-{now:%Y%m%dT%H%M%SZ}.csv"
    return f"recordings/{session}/{_NAMES[what]}"
