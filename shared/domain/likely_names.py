"""Which registrant a name in a report most likely is: a suggestion to staff, and never a credit."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

_LIKELY = 0.6


class Person(NamedTuple):
    """A registrant, as staff know them."""

    learner: str
    name: str
    address: str


def likeliest(name: str, address: str, people: Iterable[Person]) -> Person | None:
    """The registrant whose name or address is most like these, if any is like them at all."""
    scored = [(_likeness(name, address, person), person) for person in people]
    best = max(scored, key=lambda one: (one[0], one[1].learner), default=None)
    return best[1] if best is not None and best[0] >= _LIKELY else None


def _likeness(name: str, address: str, person: Person) -> float:
    """From 0 to 1. A first name alone that fits is likely; so is the part before the @."""
    seen, known = _words(name), _words(person.name)
    shared = len(set(seen) & set(known))
    by_words = shared / min(len(set(seen)), len(set(known))) if seen and known else 0.0
    by_letters = SequenceMatcher(None, " ".join(sorted(seen)), " ".join(sorted(known))).ratio()
    mine, theirs = (one.partition("@")[0].lower() for one in (address, person.address))
    by_address = SequenceMatcher(None, mine, theirs).ratio() if mine and theirs else 0.0
    return max(0.9 * by_words, by_letters if seen and known else 0.0, by_address)


def _words(name: str) -> list[str]:
    """The words of a name without accents, pronouns or letters of office."""
    bare = "".join(" " if mark in "(),-" else mark for mark in name.casefold())
    # Accents of Latin, Greek and Cyrillic; the vowel signs of other scripts are letters.
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", bare)
        if not "\u0300" <= letter <= "\u036f"
    )
    words = (word.strip(".'\"") for word in plain.split())
    return [word for word in words if len(word) > 1 and "/" not in word]
