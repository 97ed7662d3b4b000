"""What the words of a catalogue give away: a time in an abbreviated zone, a number of classes that
is not the number listed, two spellings of one name. Found by reading, asked as questions.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, get_close_matches

from shared.domain.catalogue_values import ABBREVIATIONS, shown
from shared.domain.zones import zone_name

Path = tuple[str | int, ...]

_NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
)  # fmt: skip
_LONG = "|".join(name for name in ABBREVIATIONS if len(name) > 2)
_SHORT = "|".join(name for name in ABBREVIATIONS if len(name) == 2)
_HALF = r"(?i:[ap]\.?m\b\.?)"
_CLOCK = rf"(?<!\w)(?:\d\d?[:.]\d\d\s*{_HALF}?|\d\d?\s*{_HALF}|(?i:noon|midnight))"
# "12 pm EST", "7.30 AM EST", "12:00 (EST)", "noon ET", "EST 12:00"; "15 PT" alone may be a place.
_ABBREVIATED = re.compile(
    rf"(?:{_CLOCK}|(?<!\w)\d\d?)[\s(]*\b(?P<after>{_LONG})\b"
    rf"|{_CLOCK}[\s(]*\b(?P<short>{_SHORT})\b"
    rf"|\b(?P<before>{_LONG})\W{{1,3}}{_CLOCK}"
)
_ALL_OF_THEM = re.compile(
    rf"(?i)\ball (?:of )?(?:the |our )?(?P<number>\d+|{'|'.join(_NUMBERS)})\s+"
    r"(?:\w+\s+)?(?P<noun>class(?:es)?|sessions?|courses?|workshops?)\b"
)


def text_checks(written: object, counts: set[int]) -> Iterator[tuple[Path, str]]:
    """(path, question) for each text in plain data that contradicts the rest.

    `counts` are the numbers that "all five classes" may mean; empty if they are not known.
    """
    for path, text in _texts(written, ()):
        if found := _ABBREVIATED.search(text):
            name = found["after"] or found["short"] or found["before"]
            yield (
                path,
                f"{shown(found[0])}: {name} beside a time is read in more than one way. Could this"
                f" say {zone_name(ABBREVIATIONS[name])} time, or leave the time out?",
            )
        found = _ALL_OF_THEM.search(text) if counts else None
        if found and _number(found["number"]) not in counts:
            yield (
                path,
                f"{shown(found[0])} stands here, and the file lists {max(counts)}. Which is right?",
            )


def closest(typed: str, known: Sequence[str]) -> str | None:
    """What was probably meant by `typed`, if anything known looks like it."""
    return next(iter(get_close_matches(typed[:60], known, 1, 0.6)), None)


def did_you_mean(typed: str, known: Sequence[str], otherwise: str = "") -> str:
    """ " Did you mean idha-2025-5?" when something known is close, else `otherwise`."""
    meant = closest(typed, known)
    return f" Did you mean {meant}?" if meant else otherwise


def same_person(one: str, other: str) -> bool:
    """Whether two names look like two spellings of one, or one of them with a title added."""
    first, second = one.casefold(), other.casefold()
    words, more = sorted((set(_words(first)), set(_words(second))), key=len)
    if len(words) > 1 and words <= more:
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() > 0.92


def _words(name: str) -> list[str]:
    return re.findall(r"\w+", name)


def _texts(written: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(written, str):
        yield path, written
    elif isinstance(written, dict):
        for key, value in written.items():
            yield from _texts(value, (*path, key))
    elif isinstance(written, list):
        for at, value in enumerate(written):
            yield from _texts(value, (*path, at))


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word.lower())
