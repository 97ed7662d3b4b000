"""Every slip in a catalogue file comes back as a question a coordinator can answer, on its line."""

import re
import typing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import BaseModel, ValidationError

from shared.adapters.catalogue_yaml import MOST_BYTES, read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.catalogue_checks import CatalogueQuestions, cross_checks
from shared.domain.catalogue_wording import ASKED, PLACES, questions_about

HERE = Path(__file__).parent
SAMPLE = (HERE / "test_catalogue_sample.yaml").read_text()
# Words of programs and of blame; none may reach a coordinator.
JARGON = re.compile(
    r"(?i)field required|input should|extra inputs|\bvalid|\binvalid|\berrors?\b|\buser\b|pydantic"
    r"|\bnull\b|(?-i:\bNone\b)|\bdict|\btuple|\bstr\b|\bint\b|\bdecimal\b(?! point)|\bboolean"
    r"|\bstring|\bscalar|\bmapping|\btoken|\bparse|\bkey\b|type=|\balias|\banchor\b|\btag\b|traceback|<|>"
)


class Slip(NamedTuple):
    """One edit of the sample, and what is asked about it."""

    name: str
    text: str
    asked: list[str]


def _slips() -> list[Slip]:
    slips = []
    for block in (HERE / "test_catalogue_slips.txt").read_text().strip().split("\n\n")[1:]:
        name, *rows = block.split("\n")
        of = {sign: [row[2:] for row in rows if row[0] == sign] for sign in "@-+="}
        before, nth = "\n".join(["", *of["-"], ""]), int(of["@"][0]) if of["@"] else 1
        parts = f"\n{SAMPLE}".split(before)
        assert len(parts) > nth, f"'{name}' edits what the sample does not say"
        edited = before.join(parts[:nth]) + "\n".join(["", *of["+"], ""]) + before.join(parts[nth:])
        slips.append(Slip(name, edited[1:], of["="]))
    return slips


SLIPS = _slips()


def asked(text: str | bytes) -> list[str]:
    """What is asked about a file; nothing if it is taken."""
    try:
        read_catalogue(text.encode() if isinstance(text, str) else text)
    except CatalogueQuestions as found:
        return str(found).split("\n")
    return []


def plain(question: str) -> str:
    """A question without what it quotes from the file."""
    return re.sub(r"'[^']*'", "''", question)


def test_the_sample_itself_is_taken() -> None:
    assert asked(SAMPLE) == []


def test_the_slips_are_many_and_each_has_its_own_name() -> None:
    assert len({slip.name for slip in SLIPS}) == len(SLIPS) >= 90


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name.replace(" ", "_"))
def test_a_slip_is_asked_about_on_its_line_in_plain_words(slip: Slip) -> None:
    assert asked(slip.text) == slip.asked
    for question in slip.asked:
        assert question.endswith("?")
        assert not JARGON.search(plain(question))


def test_all_slips_of_a_file_are_asked_about_at_once_in_order_of_lines() -> None:
    text = SAMPLE
    for before, after in (
        ("zone: America/New_York\n    faculty: [Rae", "zone: EST\n    faculty: [Rae"),
        ("    captions: automated\n", ""),
        ("sessions: [idha-2025-5]", "sessions: [idha-2025-6]"),
        ("amount: 6000", "amount: 60.00"),
        ("    days_before: 7\n", "    days_before: 7\n    days_before: 8\n"),
        ("  certificate:\n", "  reminders: [24]\n  certificate:\n"),
        ("before it starts.", "before 12 pm EST."),
        ("short_name: IDHA", "short_name:"),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    assert [question.partition(":")[0] for question in asked(text)] == [
        f"Line {line}" for line in (6, 20, 25, 51, 57, 64, 65, 66)
    ]


def test_a_wrong_zone_does_not_make_a_session_unknown_to_its_prices() -> None:
    assert len(asked(SAMPLE.replace("zone: America/New_York", "zone: EST"))) == 3


def test_recordings_kept_though_none_is_made_are_asked_about() -> None:
    text = SAMPLE.replace("recorded: true", "recorded: false").replace(
        "  certificate:\n", "  recording:\n    days_after_event: 14\n  certificate:\n"
    )
    assert asked(text) == [
        "Line 67: recordings may be watched for 14 days, and no session is recorded."
        " Should a session say 'recorded: true', or can this line go?"
    ]


def test_one_link_may_sell_one_price_after_another_but_not_two_at_once() -> None:
    text = SAMPLE.replace("plink_1Rq5xTendGeneralClassFive", "plink_1Rq4xTendGeneralClassFour")
    early = text.replace("currency: USD", "currency: USD\n    valid_to: 2025-05-31", 1)
    head, _, tail = early.rpartition("currency: USD")
    assert asked(f"{head}currency: USD\n    valid_from: 2025-06-01{tail}") == []
    assert len(asked(f"{head}currency: USD\n    valid_from: 2025-05-31{tail}")) == 1


def test_two_people_of_nearly_one_name_may_teach_if_both_are_listed() -> None:
    text = SAMPLE.replace("[Charmaine Harris", "[Nkem Ndefoe")
    assert len(asked(text)) == 1
    names = "  faculty: [Rae Johnson, Nkem Ndefo, Nkem Ndefoe, Russell Razzaque]\n"
    assert asked(text.replace("  accessibility:", f"{names}  accessibility:")) == []


@pytest.mark.parametrize(
    ("before", "after", "read"),
    [
        ("name: IDHA Training Team", "name: NO", lambda c: c.institute.signatory.name == "NO"),
        ("title: General\n", "title: 2025\n", lambda c: c.tiers[0].title == "2025"),
        ("recorded: true", "recorded: yes", lambda c: c.sessions[0].recorded is True),
        ("starts: 2025-08-24 12:00", "starts: 2025-08-24 12:00:00", lambda c: True),
        ("starts: 2025-08-24 12:00", "starts: '2025-08-24T12:00'", lambda c: True),
        ("starts: 2025-08-24 12:00", "starts: 2025-08-24  9:30", lambda c: True),
        ("days_before: 7", "days_before: ~", lambda c: c.policies.refund.days_before is None),
        ("title: General\n", "title: General # our usual\n", lambda c: True),
    ],
    ids=[
        "NO_is_a_name",
        "a_year_is_a_title",
        "yes_is_true",
        "seconds_of_zero",
        "a_time_in_quotes",
        "an_hour_of_one_digit",
        "a_tilde_is_nothing",
        "a_note_at_the_end",
    ],
)
def test_what_people_type_is_read_as_they_mean_it(before: str, after: str, read: Any) -> None:
    text = SAMPLE.replace(before, after, 1)
    assert text != SAMPLE
    assert read(read_catalogue(text.encode()))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"# only a note\n", 1),
        (b"hello", 1),
        (b"- a\n- b\n", 1),
        (SAMPLE.encode("utf-16"), 1),
        (SAMPLE.encode().replace(b"pedestal", b"x") + b"# caf\xe9\n", 68),
        (b"#" * (MOST_BYTES + 1), 1),
        (b"[" * 2_000, 1),
        (b"catalogue: 1\ninstitute: a\0b\n", 2),
        (b"a: &a [x]\nb: [*a, *a]\n", 2),
    ],
    ids=[
        "nothing", "notes_only", "a_word", "a_list", "UTF-16", "Latin-1", "a_huge_file",
        "brackets_without_end", "a_character_of_no_kind", "a_text_made_of_itself",
    ],
)  # fmt: skip
def test_what_is_no_catalogue_at_all_is_asked_about(content: bytes, line: int) -> None:
    questions = asked(content)
    assert any(question.startswith(f"Line {line}: ") for question in questions)
    assert all(question.endswith("?") for question in questions)
    assert not [question for question in questions if JARGON.search(plain(question))]


def test_windows_line_ends_and_a_byte_order_mark_are_no_matter() -> None:
    assert asked(b"\xef\xbb\xbf" + SAMPLE.replace("\n", "\r\n").encode()) == []
    slip = SAMPLE.replace("kind: class", "kind: klass", 1)
    assert asked(b"\xef\xbb\xbf" + slip.replace("\n", "\r\n").encode()) == asked(slip)


def test_whatever_stands_at_any_place_is_asked_about_in_plain_words() -> None:
    good = read_catalogue(SAMPLE.encode()).model_dump(mode="json")
    junk: tuple[Any, ...] = (None, "", "?", "-1", "9" * 5000, "x" * 500, [], [None], {}, {"a": "b"})
    for path in _paths(good, ()):
        for value in junk:
            written = _replaced(good, path, value)
            try:
                cross_checks(Catalogue.model_validate(written))
            except ValidationError as error:
                for question in questions_about(error, written):
                    assert question.text.endswith("?")
                    assert not JARGON.search(plain(question.text)), question
                    assert "does not fit" not in question.text, (question, value)


def test_the_words_that_may_not_appear_are_those_of_the_validator() -> None:
    with pytest.raises(ValidationError) as error:
        Catalogue.model_validate({"catalogue": 1, "sessions": "x", "other": 2})
    assert all(JARGON.search(detail["msg"]) for detail in error.value.errors())


def test_every_part_and_every_line_that_may_be_missing_has_its_own_question() -> None:
    models = {model for _, model in PLACES.values()}
    assert models == _parts_of(Catalogue)
    for _, model in PLACES.values():
        for name, field in model.model_fields.items():
            assert not field.is_required() or (name,) in ASKED, name


def _parts_of(model: type[BaseModel]) -> set[type[BaseModel]]:
    found = {model}
    for field in model.model_fields.values():
        annotations = [field.annotation, *typing.get_args(field.annotation)]
        for annotation in annotations:
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                found |= _parts_of(annotation)
    return found


def _paths(value: Any, path: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    inner: dict[Any, Any] = value if isinstance(value, dict) else {}
    if isinstance(value, list):
        inner = dict(enumerate(value))
    return [path, *(found for key, part in inner.items() for found in _paths(part, (*path, key)))]


def _replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _replaced(value[path[0]], path[1:], new)
    return copy
