"""Letters under strain: names that try something, titles without end, facts that are missing."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.jinja_letters import JinjaComposer
from shared.adapters.jinja_words import after_dark, greeting, subject_line
from shared.domain.catalogue import PAPER, Catalogue, contrast
from shared.domain.letter_facts import Composed
from shared.domain.letters import LetterKind
from tests.catalogues import a_learner, classes_catalogue
from tests.reading import Reader
from tests.scholarship_mail import facts_of

COMPOSER = JinjaComposer()
# Greeted without a name are reviewers, of whom only addresses are known, and whoever reads at an
# address that may be somebody else's.
GREETED = [
    kind
    for kind in LetterKind
    if not kind.to_staff
    and not kind.value.startswith("review_")
    and kind is not LetterKind.ADDRESS_CONFIRM
]
DARK_PAPER = "#171513"
HOSTILE = [
    "O'Brien\r\nBcc: x@y",
    "\u202eevil\u202c Ltd",
    "🙂🙃🙂",
    "Wolfeschlegelsteinhausenbergerdorff " * 3,
    "A & B <3",
    "{{7*7}}",
    "{% raw %}",
    "{{ cycler.__init__.__globals__ }}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "प्रियंका मित्तक",
    "محمد علي",
]


def write(kind: LetterKind, catalogue: Catalogue | None = None, **changes: object) -> Composed:
    return COMPOSER.compose(facts_of(kind, catalogue or classes_catalogue(), **changes))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kind", GREETED)
def test_no_name_changes_anything_of_a_letter_but_the_greeting(kind: LetterKind, name: str) -> None:
    plain, hostile = write(kind), write(kind, learner=a_learner(name))
    assert Reader(hostile.html).tags == Reader(plain.html).tags
    assert Reader(hostile.html).attributes == Reader(plain.html).attributes
    assert hostile.subject == plain.subject
    changed = set(hostile.text.splitlines()) ^ set(plain.text.splitlines())
    assert changed == {"Hello Amara Osei,", greeting(name)}
    assert greeting(name) in " ".join(unescape(hostile.html).split())
    assert "\u202e" not in hostile.html + hostile.text and "49" not in greeting(name)


@pytest.mark.parametrize(
    "name", ["", " ", "WIN at https://spam.example", "www.spam.example", "a@b", "spam.example now"]
)
def test_a_name_that_is_empty_or_an_advertisement_is_greeted_without(name: str) -> None:
    assert greeting(name) == "Hello,"


@pytest.mark.parametrize("name", ["Dr. Ana Ruiz", "J.R. Ewing", "Kumar a/l Raj", "Bo"])
def test_an_ordinary_name_is_greeted_as_it_is(name: str) -> None:
    assert greeting(name) == f"Hello {name},"


@given(st.text(min_size=1, max_size=160), st.sampled_from(["Your seat: ", "Recording ready: "]))
def test_no_title_makes_a_subject_too_long_or_two_lines(title: str, before: str) -> None:
    subject = subject_line(before, title, ", Sep 14")
    assert len(subject) < 60
    assert subject.startswith(before) and subject.endswith(", Sep 14")


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if not kind.to_staff])
def test_a_letter_without_what_it_is_about_is_refused_rather_than_half_written(
    kind: LetterKind,
) -> None:
    with pytest.raises(ValueError, match=r"cannot be written without: .*learner"):
        write(kind, learner=None)


@pytest.mark.parametrize("accent", ["#0B5D5A", "#8A2F3C", "#7A1F5C", "#000000", "#1A237E"])
def test_every_colour_is_readable_by_day_and_by_night(accent: str) -> None:
    letter = write(LetterKind.CERTIFICATE, classes_catalogue(accent=accent))
    by_day = set(re.findall(r"[^-]color:(#[0-9A-F]{6})", letter.html))
    by_night = set(re.findall(r"[^-]color: (#[0-9A-F]{6}) !important", letter.html))
    assert {accent, "#1E1B18", "#5E574F"} < by_day
    assert {after_dark(accent), "#F2EDE4", "#B3AA9E"} < by_night
    on_buttons = {PAPER, DARK_PAPER}
    assert all(contrast(colour, PAPER) >= 4.5 for colour in by_day - on_buttons)
    assert all(contrast(colour, DARK_PAPER) >= 4.5 for colour in by_night - on_buttons)
    assert contrast(PAPER, accent) >= 4.5 and contrast(DARK_PAPER, after_dark(accent)) >= 4.5
