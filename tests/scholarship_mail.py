"""What letters of every kind are made from, and that both forms of one say the same."""

import re

from devstack.samples.letters import awarded, facts_of
from shared.domain.letter_facts import Composed
from tests.reading import Reader

__all__ = ["awarded", "facts_of", "said_in_both"]


def said_in_both(letter: Composed, *said: str) -> None:
    """Whoever reads the text and whoever reads the HTML is told the same."""
    html = re.sub(r" ([.,;])", r"\1", Reader(letter.html).text)
    text = " ".join(letter.text.split())
    for words in said:
        assert words in text, words
        assert words in html, words
