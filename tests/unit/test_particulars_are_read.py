"""What a person tells us of themselves: what is taken as typed, and what is asked about first."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.forms import FieldProblem
from shared.domain.licensing_states import STATES, say_state
from shared.domain.particulars import (
    MOST_LICENCES,
    NUMBER_LIMIT,
    Declared,
    Licence,
    Particulars,
    check_form,
    filled_in,
    read_form,
)
from shared.domain.people import NAME_LIMIT
from tests.record_samples import NOW

PROFESSIONS = ("Psychologists", "Social Workers")


def declared(**typed: str) -> Declared | tuple[FieldProblem, ...]:
    """What a form says in which those fields were typed ("state_0" is "state-0")."""
    fields = {name.replace("_0", "-0").replace("_1", "-1"): [text] for name, text in typed.items()}
    return check_form(read_form(fields), PROFESSIONS)


def asked_about(**typed: str) -> dict[str, str]:
    """Which fields are asked about, and in which words."""
    found = declared(**typed)
    assert not isinstance(found, Declared)
    return {one.field: one.text for one in found}


def a_licence(**changes: str) -> dict[str, str]:
    row = {"profession_0": "Social Workers", "state_0": "NY", "number_0": "LCSW-R 012345"}
    return row | changes


def test_a_licence_is_kept_as_it_was_typed() -> None:
    assert declared(**a_licence(number_0="  lcsw-r  012/345 ")) == Declared(
        certificate_name=None,
        licences=(Licence(profession="Social Workers", state="NY", number="lcsw-r  012/345"),),
    )


def test_somebody_may_be_licensed_in_several_states_and_professions() -> None:
    second = {"profession_1": "Psychologists", "state_1": "NJ", "number_1": "35SI00123400"}

    found = declared(**a_licence(), **second)

    assert isinstance(found, Declared)
    assert [(one.profession, one.state) for one in found.licences] == [
        ("Social Workers", "NY"),
        ("Psychologists", "NJ"),
    ]


def test_the_same_licence_twice_is_one() -> None:
    again = {name.replace("_0", "_1"): text for name, text in a_licence().items()}

    found = declared(**a_licence(), **again)

    assert isinstance(found, Declared) and len(found.licences) == 1


def test_a_profession_that_the_catalogue_does_not_name_is_told_in_ones_own_words() -> None:
    found = declared(
        profession_0="other", other_0="Peer specialist", state_0="none", certificate_name="Ana Ruiz"
    )

    assert found == Declared(
        certificate_name="Ana Ruiz",
        licences=(Licence(profession="Peer specialist", state="none"),),
    )


def test_a_form_that_says_nothing_is_a_declaration_of_nothing() -> None:
    assert declared() == Declared(certificate_name=None, licences=())


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"profession_0": ""}, "profession-0", "Which profession"),
        ({"profession_0": "Astronauts"}, "profession-0", "Which profession"),
        ({"profession_0": "other"}, "other-0", "What is your profession called?"),
        ({"other_0": "Nurse"}, "profession-0", "Which one is it?"),
        ({"profession_0": "other", "other_0": "N\x00urse"}, "other-0", "called?"),
        ({"profession_0": "other", "other_0": "x" * 81}, "other-0", "80 letters"),
        ({"state_0": ""}, "state-0", "Where was this license given?"),
        ({"state_0": "XX"}, "state-0", "Where was this license given?"),
        ({"state_0": "none"}, "state-0", "Which of them is so?"),
        ({"number_0": ""}, "number-0", "What is the number"),
        ({"number_0": "01\r\nBcc: x"}, "number-0", "cannot be seen"),
        ({"number_0": "01\u202e23"}, "number-0", "cannot be seen"),
        ({"number_0": "1" * (NUMBER_LIMIT + 1)}, "number-0", "40 characters"),
        ({"certificate_name": "Ana\r\nBcc: x@example.org"}, "certificate_name", "cannot be seen"),
        ({"certificate_name": "\u202eAna"}, "certificate_name", "cannot be seen"),
        ({"certificate_name": "A" * (NAME_LIMIT + 1)}, "certificate_name", "120 letters"),
    ],
)
def test_what_cannot_be_meant_is_asked_about_in_its_field(
    typed: dict[str, str], field: str, says: str
) -> None:
    asked = asked_about(**a_licence(**typed))

    assert list(asked) == [field]
    assert says in asked[field]


@pytest.mark.parametrize(
    "name", ["Ana", "José María Ñandú", "अनन्या शर्मा", "محمد علي", "O’Brien-Łęcka, PhD", "X Æ"]
)
def test_every_name_is_somebodys_name(name: str) -> None:
    found = declared(certificate_name=unicodedata.normalize("NFD", name))

    assert isinstance(found, Declared)
    assert found.certificate_name == unicodedata.normalize("NFC", name)


def test_everything_that_is_to_be_put_right_is_said_at_once() -> None:
    assert set(asked_about(certificate_name="\u202e", state_0="NY", profession_1="other")) == {
        "certificate_name", "profession-0", "number-0", "other-1", "state-1",
    }  # fmt: skip


def test_a_form_with_more_rows_than_there_are_is_cut_to_those() -> None:
    fields = {f"number-{at}": [str(at)] for at in range(MOST_LICENCES + 5)}

    assert len(read_form(fields).rows) == MOST_LICENCES


def test_what_was_told_comes_back_into_the_form_and_says_the_same_again() -> None:
    told = declared(
        **a_licence(), profession_1="other", other_1="Nurse", state_1="other", number_1="PIN 12A"
    )
    assert isinstance(told, Declared)
    kept = Particulars(learner="l-1", told_at=NOW, **dict(told))

    assert check_form(filled_in(kept, PROFESSIONS), PROFESSIONS) == told


def test_a_profession_that_the_catalogue_has_dropped_is_not_lost() -> None:
    told = declared(**a_licence())
    assert isinstance(told, Declared)
    kept = Particulars(learner="l-1", told_at=NOW, **dict(told))

    assert check_form(filled_in(kept, ()), ()) == told


def test_every_state_has_its_name() -> None:
    assert len(STATES) == 56
    assert (say_state("NY"), say_state("none")) == ("New York", "no license")
    assert say_state("other") == "outside the United States"


@given(st.dictionaries(st.sampled_from([
    "certificate_name", "profession-0", "other-0", "state-0", "number-0", "number-1", "state-7",
]), st.lists(st.text(max_size=150), min_size=1, max_size=2)))  # fmt: skip
def test_whatever_is_typed_is_taken_whole_or_asked_about(fields: dict[str, list[str]]) -> None:
    found = check_form(read_form(fields), PROFESSIONS)

    if isinstance(found, Declared):
        for text in (found.certificate_name or "", *(one.number for one in found.licences)):
            assert not any(unicodedata.category(letter) == "Cc" for letter in text)
    else:
        assert all(one.text and one.field for one in found)
