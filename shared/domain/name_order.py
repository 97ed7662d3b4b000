"""The order of people in a list: by their names as they write them, as people sort.

Case and accents are ignored, as in a printed list; a letter that is one of its own in the
institute's language keeps its place there. Which of somebody's names is the family's nobody told
us, so a name is sorted from its first word on. Whoever has no name stands at the end.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

from shared.domain.findings import words_of
from shared.domain.languages import Language

# A letter that no name ends in and that stands behind all of the alphabet.
_BEHIND = "\u02ee"
# Letters that stand behind another one, and are not that one with an accent.
_OWN_LETTERS: Final[Mapping[Language, Mapping[int, str]]] = {
    "es": str.maketrans({"ñ": f"n{_BEHIND}"})
}
# Letters that are no other one with an accent, and stand where these do.
_WRITTEN_OUT: Final[Mapping[int, str]] = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)

Place = tuple[bool, tuple[str, ...], str]


def place_of(name: str, learner: str, language: Language) -> Place:
    """What a list is sorted by. Of two with one name the id decides, so that no page changes."""
    letters = unicodedata.normalize("NFC", name).casefold().translate(_WRITTEN_OUT)
    words = tuple(words_of(letters.translate(_OWN_LETTERS.get(language, {}))))
    return not words, words, learner
