"""What forms have in common: fields as they were sent, words made safe, what is to be put right.

What cannot be taken is asked about in plain words, all of it at once, and nothing is cut silently.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from shared.domain.value import Value

# A field's name and every value that was sent under it.
Fields = Mapping[str, Sequence[str]]

_JOINERS = "\u200c\u200d"  # needed inside words of Persian, Hindi and other scripts
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


class FieldProblem(Value):
    """What is wrong with one field, and what would help."""

    field: str
    text: str


def problem(field: str, text: str) -> FieldProblem:
    """What is to be put right in that field."""
    return FieldProblem(field=field, text=text)


def one(fields: Fields, name: str) -> str:
    """The (first) value of a field; nothing if it was not sent."""
    values = fields.get(name) or ("",)
    return values[0]


def clean_text(text: str) -> str:
    """The text in NFC with its paragraphs, without what cannot be seen or turns the direction."""
    lines = re.split(r"\r\n|\r|\n", text)
    kept = (
        "".join(
            character
            for character in unicodedata.normalize("NFC", line.replace("\t", " "))
            if character in _JOINERS or unicodedata.category(character) not in _UNSEEN
        ).rstrip()
        for line in lines
    )
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def has_unseen(text: str) -> bool:
    """Whether there is something in it that cannot be seen: line ends, controls, overrides."""
    return any(
        unicodedata.category(character) in _UNSEEN
        for character in text
        if character not in _JOINERS
    )


def too_long(field: str, text: str, limit: int) -> list[FieldProblem]:
    """What to say of a text for which there is no room, if there is none."""
    if len(text) <= limit:
        return []
    return [
        problem(
            field,
            f"This has {len(text):,} characters, and we have room for {limit:,}. "
            "Could you shorten it?",
        )
    ]
