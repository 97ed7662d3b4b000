"""Letters as plain text: whoever reads no HTML reads a letter, too, and not what is left of one."""

import re

import pytest

from devstack.previews import Preview, previews
from tests.reading import Reader

LETTERS = list(previews())
# One paragraph is one line, which every mail program folds to its own width; longer than this, it
# is a wall.
LONGEST = 340
every_letter = pytest.mark.parametrize("one", LETTERS, ids=lambda one: one.name)


def glued(text: str) -> list[str]:
    """Addresses that a mail program would open with a full stop or a quote at their end."""
    found = re.findall(r"\S*https?://\S+", text)
    return [one for one in found if not one.startswith("http") or one[-1] in ".,;:!?)]”»\"'"]


def markup(text: str) -> list[str]:
    """What only a browser understands."""
    return re.findall(r"</?[a-z]+[ >/]|&[a-z]+;|&#\d+;", text)


@every_letter
def test_links_stand_free_and_can_be_clicked(one: Preview) -> None:
    assert glued(one.letter.text) == []


@every_letter
def test_no_paragraph_is_a_wall_and_no_gap_a_hole(one: Preview) -> None:
    lines = one.letter.text.splitlines()
    assert [line for line in lines if len(line) > LONGEST] == []
    assert "\n\n\n" not in one.letter.text
    assert [line for line in lines if line != line.rstrip()] == []


@every_letter
def test_text_is_text(one: Preview) -> None:
    assert markup(one.letter.text) == []


@every_letter
def test_both_forms_name_the_same_days_sums_and_numbers(one: Preview) -> None:
    figures = r"\d[\d:.,]*\d|\d"
    without_links = re.sub(r"https?://\S+", "", one.letter.text)
    text = set(re.findall(figures, without_links + one.letter.subject))
    html = set(re.findall(figures, Reader(one.letter.html).text))
    assert html - text == set()
    assert text - html == set()


def test_what_would_spoil_a_letter_is_noticed() -> None:
    """The negative control: a full stop after a link, markup that was left over."""
    assert glued("See (https://a.example/x) or https://a.example/y.") != []
    assert markup("Tom &amp; <b>Jerry</b>") == ["&amp;", "<b>", "</b>"]
    assert glued("See https://a.example/x today") == markup("3 < 5 & so on") == []
