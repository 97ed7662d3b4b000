"""Owe letters: each once, whoever asks, however often."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.applications import Application
from shared.domain.awards import Award
from shared.domain.letters import Letter, LetterKind, LetterStatus, owe
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

    One that was withdrawn, because it was not true for a while, is owed again. The same letter
    twice is one.
    """
    found = []
    for letter in {letter.key(): letter for letter in letters}.values():
        known = records.get(letter.key(), Letter)
        if known is None:
            found.append(letter)
        elif known.status is LetterStatus.WITHDRAWN:
            found.append(letter.model_copy(update={"version": known.version}))
    return found


def letter_to(kind: LetterKind, about: Award | Application, now: datetime) -> Letter:
    """A letter to whoever applied."""
    return owe(
        kind,
        f"{about.series}/{about.reference}",
        now,
        learner=about.learner,
        series=about.series,
        reference=about.reference,
    )
