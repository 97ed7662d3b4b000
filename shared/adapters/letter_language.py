"""Which language a letter is written in, as a whole: never half in one and half in the other."""

from pathlib import Path
from typing import Final

from shared.domain.languages import ENGLISH
from shared.domain.letter_facts import LetterFacts

LETTERS: Final = Path(__file__).resolve().parents[1] / "templates" / "letters"


def language_of(facts: LetterFacts) -> str:
    """The first of the institute's languages that has this letter, in both of its forms."""
    catalogue, order = facts.catalogue, facts.order
    if catalogue is None:
        return ENGLISH
    # What a scholarship changes in a letter is so far said in English alone.
    if facts.award is not None or (order is not None and order.provider == "scholarship"):
        return ENGLISH
    for language in catalogue.institute.languages:
        if language == ENGLISH or _is_there(language, facts.letter.letter):
            return language
    return ENGLISH


def _is_there(language: str, kind: str) -> bool:
    return all((LETTERS / language / f"{kind}.{form}").is_file() for form in ("txt", "html"))
