"""What a certificate says: kept exactly, bounded, and safe to print."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.domain.certificate_text import CertificateText, as_printed
from shared.domain.printing import UnprintableText

INDIA = timezone(timedelta(hours=5, minutes=30))


def a_text(**changes: Any) -> CertificateText:
    words: dict[str, Any] = {
        "institute": "Mad in South Asia",
        "name": "Ana Ruiz-Gómez",
        "sentence": "has completed all parts of the live unit",
        "title": "Becoming a Social Justice-Informed Practitioner",
        "details": "November 1 to 29, 2025 · live online · 7 hours",
        "faculty": ("Priyanka Mittak, PhD",),
        "objectives": ("Name what power does in a conversation",),
        "statements": ("Nobody paid us to say this.",),
        "signatory_name": "Priyanka Mittak, PhD",
        "signatory_office": "Trainer",
        "number": "MISA-2025-2XF8",
        "public_url": "https://tending.example.org/c/2XF8WN5C",
        "issued_at": datetime(2025, 11, 29, 15, 0, tzinfo=UTC),
    }
    return CertificateText(**{**words, **changes})


def test_a_stored_certificate_reads_back_exactly() -> None:
    text = a_text(issued_at=datetime(2025, 11, 29, 20, 30, 15, 999999, tzinfo=INDIA))
    stored = text.model_dump_json()
    assert CertificateText.model_validate_json(stored) == text
    assert CertificateText.model_validate_json(stored).model_dump_json() == stored


@given(name=st.text(max_size=120), title=st.text(max_size=250))
def test_whatever_people_type_reads_back_exactly_or_is_refused(name: str, title: str) -> None:
    try:
        text = a_text(name=name, title=title)
    except ValidationError:
        lengths = len(str(as_printed(name))), len(str(as_printed(title)))
        assert 0 in lengths or lengths[0] > 120 or lengths[1] > 250
        return
    assert CertificateText.model_validate_json(text.model_dump_json()) == text


@given(st.text())
def test_cleaning_a_text_twice_changes_nothing_more(words: str) -> None:
    assert as_printed(as_printed(words)) == as_printed(words)


def test_letters_are_composed_even_around_a_hidden_direction_mark() -> None:
    assert as_printed("Go\u200e\u0301mez") == "G\u00f3mez"


@pytest.mark.parametrize(
    "name",
    [
        "Ana Ruiz-Gómez",
        "bell hooks",
        "Bo",
        "प्रियंका मित्तक",
        "عبد الرحمن محمود",
        "O'Brien",
        "X Æ A-12",
    ],
)
def test_a_name_is_kept_as_its_owner_types_it(name: str) -> None:
    assert a_text(name=name).name == unicodedata.normalize("NFC", name)


def test_a_joiner_inside_a_word_is_spelling_and_stays() -> None:
    assert a_text(name="क्\u200dष").name == "क्\u200dष"


def test_control_and_direction_characters_never_reach_the_page() -> None:
    name = "\ufeffAna\u202e\u0007 \t\r\nRuiz\u2066\u00a0\u2028Gómez\ud800 "
    assert a_text(name=name).name == "Ana Ruiz Gómez"


def test_the_moment_of_issue_is_kept_in_utc_to_the_second() -> None:
    text = a_text(issued_at=datetime(2025, 11, 29, 20, 30, 15, 999999, tzinfo=INDIA))
    assert text.issued_at == datetime(2025, 11, 29, 15, 0, 15, tzinfo=UTC)
    assert text.issued_at.utcoffset() == timedelta(0)


def test_the_words_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError):
        a_text().name = "Somebody Else"  # type: ignore[misc]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": " \u202e\n"},
        {"name": "x" * 121},
        {"name": None},
        {"title": "x" * 251},
        {"objectives": ("one",) * 9},
        {"objectives": ("x" * 251,)},
        {"faculty": ("one",) * 9},
        {"statements": ("one",) * 6},
        {"accent": "teal"},
        {"language": "English"},
        {"public_url": "javascript:alert(1)"},
        {"public_url": "https://example.org/with space"},
        {"issued_at": datetime(2025, 11, 29, 15, 0)},  # noqa: DTZ001
        {"seal": "golden"},
        {"stamp": "X"},
    ],
)
def test_a_text_that_no_page_could_carry_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_text(**changes)


def test_what_cannot_be_printed_is_described_without_repeating_a_name() -> None:
    refusal = UnprintableText("王小明ไ\ue000")
    assert refusal.characters == "王小明ไ\ue000"
    assert "5 of its characters (CJK, THAI, UNNAMED)" in str(refusal)
    assert not any(letter in repr(refusal) for letter in refusal.characters)
