"""By what people are found: pieces of their name, their addresses, the number of a certificate.

What is personal stands in a key as a keyed hash and nothing else: without the key nobody can tell
what it was made of. A hash finds only what was written whole, so each word of a name leaves one for
its first three letters and one for its first five. What was found is compared with the name as it
is now; so a finding that is older than a name, or than an erasure, leads nowhere.
"""

import re
import unicodedata
from typing import ClassVar

from shared.domain.keyed_ids import keyed_id
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Key, Record

# By how many first letters a word is found. Fewer find only a word that has no more.
_LETTERS = (3, 5)
# A longer name is found by its first words.
_MOST_WORDS = 4
_MOST_ASKED = 3


class Finding(Record):
    """That a word leads to a person, or with `scope` to a certificate of theirs.

    The person is not called `learner`: nothing of this belongs on their page.
    """

    kind: ClassVar[str] = "finding"

    word: str
    person: str
    scope: str = ""

    @staticmethod
    def partition_of(word: str) -> str:
        """The partition of everybody to whom that word leads."""
        return f"FOUND#{word}"

    def key(self) -> Key:
        return Key(self.partition_of(self.word), self.person)


def words_of(name: str) -> list[str]:
    """The words of a name as they are compared: without case and accents, in order.

    Accents of Latin, Greek and Cyrillic go; the vowel signs of other scripts are letters.
    """
    apart = unicodedata.normalize("NFKD", clean_name(name).casefold())
    plain = "".join(one for one in apart if not "\u0300" <= one <= "\u036f")
    spaced = "".join(" " if unicodedata.category(one)[0] in "PSZ" else one for one in plain)
    return list(dict.fromkeys(spaced.split()))


def fits(asked: str, name: str) -> bool:
    """Whether every word asked for begins a word of the name."""
    words = words_of(name)
    return all(any(word.startswith(one) for word in words) for one in words_of(asked))


def asked_by(asked: str, key: bytes) -> list[str]:
    """The words under each of which everybody stands who may fit what is asked; none if nothing is.

    Whoever looks takes the one under which fewest stand. Words that are too short to be the
    beginning of another are asked by only where there is none longer.
    """
    words = words_of(asked)
    long = [word for word in words if len(word) >= _LETTERS[0]] or words
    return [_hashed("name", _pieces(word)[-1], key) for word in long[:_MOST_ASKED]]


def findings_of_name(name: str, person: str, key: bytes) -> list[Finding]:
    """Everything by which that name is found."""
    pieces = [piece for word in words_of(name)[:_MOST_WORDS] for piece in _pieces(word)]
    return [
        Finding(word=_hashed("name", piece, key), person=person) for piece in dict.fromkeys(pieces)
    ]


def _pieces(word: str) -> list[str]:
    """What of a word it is found by, shortest first."""
    return [word[:letters] for letters in _LETTERS if letters <= len(word)] or [word]


def address_word(address: str, key: bytes) -> str | None:
    """The word under which whoever has that address stands; None if it is none."""
    cleaned = clean_address(address)
    return _hashed("address", cleaned, key) if cleaned else None


def number_typed(asked: str) -> str | None:
    """The number of a certificate, however it was typed: in small letters, with spaces or dashes.

    None if it does not end as these numbers do. Letters that no number has are those that look
    like its figures.
    """
    found = _NUMBER.fullmatch(_DASHES.sub("-", asked).upper())
    if found is None:
        return None
    groups = (found[name].translate(_LOOKS_LIKE) for name in ("first", "second"))
    return "-".join(("".join(found["whose"].split()), found["year"], *groups))


_DASHES = re.compile("[\u2010-\u2015\u2212_]")
_NUMBER = re.compile(
    r"(?:CERTIFICATE\b)?\s*(?:NUMBER\b|NO\b\.?|NR\b\.?|#)?[\s:]*(?P<whose>\S.*?)"
    r"[\s-]*(?P<year>\d{4})[\s-]*(?P<first>[0-9A-Z]{4})[\s-]*(?P<second>[0-9A-Z]{4})"
)
_LOOKS_LIKE = str.maketrans("OIL", "011")


def number_word(number: str) -> str:
    """The word under which the certificate of that number stands: numbers are printed on it."""
    return "number-" + "".join(number.upper().split())


def _hashed(what: str, text: str, key: bytes) -> str:
    return keyed_id(f"found.{what}.{text}", key)
