"""People's names and addresses: kept as they are, made safe, and never mistaken for another's."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.links import learner_id
from shared.domain.people import NAME_LIMIT, clean_address, clean_name, mailable, mask_name

KEY = b"a key for tests, thirty-two bytes"


@pytest.mark.parametrize(
    "name",
    [
        "Ana Ruiz-Gómez",
        "Madonna",
        "O'Neil",
        "A & B <3",
        "İstanbul Işık",
        "Groß",
        "Nguyễn Văn A",
        "प्रियंका मित्तक",
        "می\u200cخواهم",
        "രാമന്\u200d",
        "נועה",
        "田中太郎",
        "Usha (Usha Rao, LCSW)",
        "=SUM(A1)",
        "👩\u200d👩\u200d👧 Rao",
        "X Æ A-12",
    ],
)
def test_no_real_name_is_changed(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("what", "typed", "kept"),
    [
        ("space around", "  Ana   Ruiz ", "Ana Ruiz"),
        ("a second line", "Ana\r\nBcc: everyone@example.org", "Ana Bcc: everyone@example.org"),
        ("other line ends", "Ana\u2028Lucía\u0085Ruiz\x0bGómez", "Ana Lucía Ruiz Gómez"),
        ("a reversed direction", "Ana \u202egnikcah\u202c", "Ana gnikcah"),
        ("isolated direction", "\u2066Ana\u2069", "Ana"),
        ("zero-width space", "A\u200bna", "Ana"),
        ("a byte order mark", "\ufeffAna", "Ana"),
        ("a soft hyphen", "Ana\u00admaria", "Anamaria"),
        ("a null", "Ana\x00", "Ana"),
        ("half a character", "Ana\ud800", "Ana"),
        ("a private character", "Ana\ue000", "Ana"),
        ("an accent of its own", "Jose\u0301", "José"),
        ("an accent held apart", "Jose\u200b\u0301", "José"),
        ("nothing but joiners", "\u200d \u200c", ""),
        ("nothing", "", ""),
    ],
)
def test_what_is_no_part_of_a_name_is_taken_out(what: str, typed: str, kept: str) -> None:
    assert clean_name(typed) == kept, what


@pytest.mark.parametrize("name", ["x" * 5000, "Z" + "\u0301" * 5000, "Ana " * 2000])
def test_a_name_of_five_thousand_characters_is_cut_and_not_refused(name: str) -> None:
    assert 100 < len(clean_name(name)) <= NAME_LIMIT


@given(st.text(max_size=300))
def test_a_cleaned_name_is_one_line_in_one_form_and_stays_as_it_is(name: str) -> None:
    kept = clean_name(name)

    assert clean_name(kept) == kept
    assert unicodedata.normalize("NFC", kept) == kept
    assert kept == " ".join(kept.split())
    categories = {unicodedata.category(c) for c in kept if c not in "\u200c\u200d"}
    assert not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Amara Osei", "A•••• O•••"),
        ("Madonna", "M••••••"),
        ("Li", "L••"),
        ("X", "X••"),
        ("प्रियंका मित्तक", "प्••••••• मि•••••"),
        ("", ""),
    ],
)
def test_a_masked_name_shows_first_letters_only(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(max_size=60))
def test_a_masked_name_gives_away_one_letter_a_word(name: str) -> None:
    for word, masked in zip(clean_name(name).split(), mask_name(name).split(), strict=True):
        shown = masked.rstrip("•")
        assert word.startswith(shown)
        assert len([c for c in shown if not unicodedata.category(c).startswith("M")]) <= 1


@pytest.mark.parametrize(
    ("typed", "compared"),
    [
        ("ana@example.org", "ana@example.org"),
        ("  Ana@Example.ORG ", "ana@example.org"),
        ("jose\u0301@example.org", "josé@example.org"),
        ("ana@EXÄMPLE.org", "ana@exämple.org"),
        ("ana@xn--exmple-cua.org", "ana@exämple.org"),
    ],
)
def test_spellings_of_one_address_are_one_address(typed: str, compared: str) -> None:
    assert clean_address(typed) == compared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ana@example.org", "ana+ce@example.org"),
        ("ana@example.org", "a.na@example.org"),
        ("ana@example.org", "аna@example.org"),  # the first letter is Cyrillic
        ("strasse@example.org", "straße@example.org"),
        ("istanbul@example.org", "İstanbul@example.org"),
        ("ana@example.org", "ana@exаmple.org"),  # so is the third letter of the domain
    ],
)
def test_addresses_that_only_look_alike_stay_two_people(one: str, other: str) -> None:
    ids = {learner_id(clean_address(address) or "", KEY) for address in (one, other)}

    assert len(ids) == 2


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@example.org",
        "ana@localhost",
        "ana@example",
        "ana@example..org",
        "ana@[127.0.0.1]",
        '"ana ruiz"@example.org',
        "ana@example.org, bo@example.org",
        "ana@example.org\r\nBcc: bo@example.org",
        "ana\u200b@example.org",
        "ana@exam\u202eple.org",
        "\ud800@example.org",
        "x" * 5000 + "@example.org",
        "ana@" + "x" * 300 + ".org",
    ],
)
def test_what_is_no_address_is_none(typed: str) -> None:
    assert clean_address(typed) is None


_mailboxes = st.text(max_size=20).map("{}@example.org".format)


@given(st.one_of(st.text(max_size=80), st.emails(), _mailboxes))
def test_a_compared_address_stays_as_it_is_whatever_was_typed(typed: str) -> None:
    compared = clean_address(typed)

    if compared is not None:
        assert clean_address(compared) == compared
        assert "\n" not in compared and "\r" not in compared and " " not in compared


@pytest.mark.parametrize(
    ("address", "can"),
    [
        ("ana@example.org", True),
        ("ana@exämple.org", True),
        ("josé@example.org", False),
        ("名前@example.org", False),
    ],
)
def test_mail_reaches_any_domain_but_only_plain_mailboxes(address: str, can: bool) -> None:
    assert mailable(address) is can
