"""Owe letters: each once, whoever asks, however often."""

from collections.abc import Iterable

from shared.domain.letters import Letter
from shared.failures import Conflict
from shared.ports import Records


def owe_once(letter: Letter, records: Records) -> bool:
    """Owe the letter, if nobody owes it yet; True if it was this call that did."""
    if not_yet_owed([letter], records):
        try:
            records.commit(letter)
        except Conflict:
            return False  # somebody else was quicker
        return True
    return False


def not_yet_owed(letters: Iterable[Letter], records: Records) -> list[Letter]:
    """Those of the letters that nobody owes yet, to be committed with what caused them."""
    return [letter for letter in letters if records.get(letter.key(), Letter) is None]
