"""What somebody sends to apply is taken as they meant it, or asked about in plain words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.money import Money
from shared.domain.scholarship_form import (
    FIELDS,
    OWN_WORDS_LIMIT,
    TEXT_LIMIT,
    Submission,
    read_form,
)
from tests.scholarships import form_of, round_catalogue

CATALOGUE = round_catalogue()


def read(**changes: list[str]) -> Submission:
    found = read_form(form_of("ana", **changes), CATALOGUE)
    assert isinstance(found, Submission), found
    return found


def asked(**changes: list[str]) -> list[str]:
    """The fields that something is asked about."""
    found = read_form(form_of("ana", **changes), CATALOGUE)
    assert not isinstance(found, Submission)
    assert all(problem.text.endswith((".", "?")) for problem in found)
    return [problem.field for problem in found]


def test_what_is_filled_in_is_taken() -> None:
    found = read(
        email=[" Ana@People.Example "], priorities=["Disabled", "Low income"], ask=["full"]
    )
    assert (found.name, found.address) == ("Ana", "ana@people.example")
    assert found.priorities == ("Disabled", "Low income")
    assert found.ask.full
    assert found.priority


@pytest.mark.parametrize(
    "name",
    ["O'Neil", "Nguyễn Thị Minh", "अनन्या", "X", "Jean-Luc d'Arc III", "李小龍", "A & B <3",
     "#panic", "محمد", "Ŝ"],
)  # fmt: skip
def test_no_name_is_refused(name: str) -> None:
    assert read(name=[name]).name == name


def test_a_name_is_one_line_and_turns_no_direction() -> None:
    assert read(name=["\u202eAna\u202c\r\n  Ruiz\x00"]).name == "Ana Ruiz"


def test_paragraphs_stay_and_what_cannot_be_seen_goes() -> None:
    found = read(text=["One.\r\n\r\n\r\n\r\nTwo\u200b \u202ethree.\x07\n"])
    assert found.text == "One.\n\nTwo three."


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("60", 6000), ("$60.00", 6000), ("60.5", 6050), ("1", 100), ("209.99", 20999),
     ("USD 45", 4500)],
)  # fmt: skip
def test_an_amount_is_read_as_people_type_it(typed: str, cents: int) -> None:
    assert read(ask=["partial"], could_pay=[typed]).ask.could_pay == Money(
        minor=cents, currency="USD"
    )


@pytest.mark.parametrize(
    "typed", ["", "0", "210", "500", "-5", "60.005", "sixty", "1e2", "٦٠", "6 0,0,0,0"]
)
def test_an_amount_that_cannot_be_meant_is_asked_about(typed: str) -> None:
    assert asked(ask=["partial"], could_pay=[typed]) == ["could_pay"]


def test_everything_is_asked_about_at_once() -> None:
    found = read_form({}, CATALOGUE)
    assert not isinstance(found, Submission)
    assert {problem.field for problem in found} == {"name", "email", "ask", "text", "consent"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("consent", "on"),
        ("email", "ana"),
        ("email", "ana@people"),
        ("email", "अना@people.example"),
        ("name", "\u202e \x00"),
        ("ask", "everything"),
        ("roles", "Queen"),
        ("priorities", "Left-handed"),
        ("profession", "Astronaut"),
        ("text", " \n "),
        ("text", "x" * (TEXT_LIMIT + 1)),
        ("own_words", "x" * (OWN_WORDS_LIMIT + 1)),
        ("name", "x" * 2000),
    ],
)
def test_what_cannot_be_taken_is_asked_about_where_it_stands(field: str, value: str) -> None:
    assert asked(**{field: [value]}) == [field]


def test_what_just_fits_is_taken_whole() -> None:
    assert len(read(text=["x" * TEXT_LIMIT]).text) == TEXT_LIMIT


def test_priority_is_given_also_to_whoever_says_it_in_their_own_words() -> None:
    assert read(own_words=["I live with my parents and three siblings."]).priority
    assert not read().priority


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from([*FIELDS, "token", "x"]), st.lists(st.text(), max_size=3)))
def test_whatever_is_sent_is_taken_or_asked_about(fields: dict[str, list[str]]) -> None:
    found = read_form(fields, CATALOGUE)
    if isinstance(found, Submission):
        assert found.name
        assert found.address
        assert "\x00" not in found.text
    else:
        assert found
        assert all(problem.text for problem in found)
