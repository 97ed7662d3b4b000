"""The files of a recording: where they lie, what their names say they are, and whether they are.

Video and sound are told by their first bytes, whatever their size; what is text is read whole.
"""

import re
import unicodedata

from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.webvtt import first_problem

RULE_VERSION = "recording-2"
FOLDER = "recordings/"
NO_SESSION = "unknown"
_HEAD = 64  # bytes that tell a file's type
# What fits into one answer of a page. Captions of a whole day are a tenth of it.
TEXT_LIMIT = 4 * 1024 * 1024
_LONGEST_NAME = 150
_MEDIA = {
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".vtt": "text/vtt",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}
PLAYED = frozenset({"video/mp4", "audio/mp4"})
# What is shown beside the recording goes by its name: anything else might be anybody's notes.
_ONLY_NAMED = {".txt": "transcript.txt", ".pdf": "slides.pdf"}
_SAID = {
    "video/mp4": "a video",
    "audio/mp4": "a sound file",
    "text/vtt": "captions",
    "text/plain": "a transcript",
    "application/pdf": "slides",
}
# The same shape that ids of sessions have, then one plain file name: nothing to climb out of.
_KEY = re.compile(r"recordings/([a-z0-9][a-z0-9-]{1,38}[a-z0-9])/([^/\\]+)")
_JOINERS = "\u200c\u200d"  # without which Hindi and Persian cannot be spelled


def split_key(object_key: str) -> tuple[str, str] | None:
    """(session id, file name) of an object key under recordings/, or None if it is none of ours."""
    match = _KEY.fullmatch(object_key)
    return (match[1], match[2]) if match and not _doubt(match[2]) else None


def place_of(object_key: str) -> tuple[str, str]:
    """The same of any key; what is none of ours belongs to no session, under all of its name."""
    return split_key(object_key) or (NO_SESSION, object_key.removeprefix(FOLDER))


def is_folder(object_key: str, size: int) -> bool:
    """Whether it is what a console makes for an empty folder, rather than a file."""
    return size == 0 and object_key.endswith("/")


def shown_key(object_key: str) -> str:
    """A key as it can be read without harm: what cannot be seen is named, what is long is cut."""
    seen = "".join(f"[U+{ord(one):04X}]" if _is_hidden(one) else one for one in object_key)
    return seen if len(seen) <= 200 else f"{seen[:150]}…{seen[-40:]}"


def judge_place(object_key: str) -> Decision | None:
    """Why no file can be taken from such a place; None where there is nothing to say against it."""
    if split_key(object_key) is not None:
        return None
    session, _, name = object_key.removeprefix(FOLDER).partition("/")
    if not name:
        return _no("no_folder", "It lies in no session's folder: recordings/<session>/main.mp4.")
    doubt = _doubt(name)
    if doubt:
        return _no("doubtful_name", doubt)
    if "/" in name:
        return _no(
            "deeper_folder",
            f"There is no session '{shown_key(object_key.removeprefix(FOLDER).rpartition('/')[0])}'"
            ". A file lies in its session's folder itself, in no folder within.",
        )
    text = f"There is no session '{shown_key(session)}'. Is the folder named like the session?"
    return _no("unknown_session", text)


def how_much(name: str, size: int) -> int:
    """How many of a file's first bytes are needed to judge it."""
    media_type = _MEDIA.get(_suffix(name))
    whole = media_type is not None and media_type.startswith("text/") and size <= TEXT_LIMIT
    return size if whole else min(size, _HEAD)


def judge_file(name: str, size: int, content: bytes) -> tuple[Decision, str | None]:
    """Whether a file is what its name says, and its media type.

    `content` is as much of it as `how_much` asks for.
    """
    suffix = _suffix(name)
    media_type = _MEDIA.get(suffix)
    if media_type is None:
        kinds = "an .mp4, .m4a or .vtt file, transcript.txt or slides.pdf"
        return _no("unknown_type", f"'{name}' is not {kinds}."), None
    if name.lower() != _ONLY_NAMED.get(suffix, name.lower()):
        text = f"'{name}' would be shown to nobody. Is it {_SAID[media_type]}, and could it be "
        return _no("unknown_name", f"{text}named {_ONLY_NAMED[suffix]}?"), None
    if size == 0:
        return _no("empty", f"'{name}' is empty. Did its upload stop half-way?"), media_type
    problem = _problem(media_type, size, content)
    if problem is not None:
        code, text = problem
        return _no(code, f"'{name}' {text}"), media_type
    return granted(RULE_VERSION, "plausible", f"'{name}' looks as it should."), media_type


def _problem(media_type: str, size: int, content: bytes) -> tuple[str, str] | None:
    other = "wrong_content", f"is named like {_SAID[media_type]} and is not one."
    match media_type:
        case "video/mp4" | "audio/mp4":
            return None if content[4:8] == b"ftyp" else other
        case "application/pdf":
            return None if content.startswith(b"%PDF-") else other
    if size > TEXT_LIMIT:
        return "too_large", f"is larger than {_SAID[media_type]} ever are. Is it another file?"
    if media_type == "text/plain":
        return _problem_of_text(content)
    if not content.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return other
    broken = first_problem(content)
    return ("broken_captions", f"has a mistake on {broken}") if broken else None


def _problem_of_text(content: bytes) -> tuple[str, str] | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return "wrong_content", f"is not UTF-8 text (line {line}). Could it be saved as UTF-8?"
    if "\0" in text:
        return "wrong_content", "is named like a transcript and is not one."
    return None


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name else ""


def _doubt(name: str) -> str | None:
    """What is wrong with the name itself, whatever the file holds."""
    if any(_is_hidden(one) for one in name):
        return "Its name has characters in it that cannot be seen. Could it be typed anew?"
    if re.search(r"%2f|%5c|\\", name, re.IGNORECASE) or ".." in name.split("/"):
        return "Its name has a path in it. Could it be a plain name, such as main.mp4?"
    if len(name) > _LONGEST_NAME:
        return f"Its name is longer than {_LONGEST_NAME} characters. Could it be main.mp4?"
    return None


def _is_hidden(character: str) -> bool:
    """Whether it is a control, a change of direction, or otherwise nothing to be seen."""
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
    return hidden and character not in _JOINERS


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))
