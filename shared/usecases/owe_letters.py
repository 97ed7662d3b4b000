"""Owe letters: each once, whoever asks, however often."""

from collections.abc import Iterable

from shared.domain.letters import Letter, LetterStatus
from shared.failures import Conflict
from shared.ports import Records


def owe_once(letter: Letter, records: Records) -> bool:
    """Owe the letter, if nobody owes it yet; True if it was this call that did."""
    try:
        owed = not_yet_owed([letter], records)
        if owed:
            records.commit(*owed)
    except Conflict:
        return False  # somebody else was quicker
    return bool(owed)


def not_yet_owed(letters: Iterable[Letter], records: Records) -> list[Letter]:
    """Those of the letters that nobody owes yet, to be committed with what caused them.

    One that was withdrawn, because it was not true for a while, is owed again.
    """
    found = []
    for letter in letters:
        known = records.get(letter.key(), Letter)
        if known is None:
            found.append(letter)
        elif known.status is LetterStatus.WITHDRAWN:
            found.append(letter.model_copy(update={"version": known.version}))
    return found
