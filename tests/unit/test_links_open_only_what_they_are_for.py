"""Links in letters: each opens one thing for one person, and nothing made up opens anything."""

from datetime import UTC, datetime, timedelta
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.links import learner_id, read, sign

NOW = datetime(2025, 6, 23, 9, 0, tzinfo=UTC)
KEY = b"the key of today, 32 bytes long."
OLD_KEY = b"the key of last year, also long."
SUBJECT = "tfc-1-wisdom/lq5ndvtu7xk2mexample"
ALPHABET = ascii_letters + digits + "-_.="


def test_a_link_opens_what_it_was_made_for() -> None:
    assert read("watch", sign("watch", SUBJECT, KEY), [KEY], NOW) == SUBJECT


def test_a_link_to_one_thing_does_not_open_another() -> None:
    assert read("certificate", sign("watch", SUBJECT, KEY), [KEY], NOW) is None
    assert read("watch", sign("certificate", SUBJECT, KEY), [KEY], NOW) is None


@pytest.mark.parametrize(("later", "opens"), [(-1, True), (0, False), (1, False)])
def test_a_link_with_an_end_opens_until_that_second_and_no_longer(later: int, opens: bool) -> None:
    token = sign("watch", SUBJECT, KEY, expires_at=NOW)

    assert (read("watch", token, [KEY], NOW + timedelta(seconds=later)) == SUBJECT) is opens


def test_a_link_without_an_end_still_opens_years_later() -> None:
    token = sign("certificate", SUBJECT, KEY)

    assert read("certificate", token, [KEY], NOW + timedelta(days=3650)) == SUBJECT


def test_changing_any_one_character_of_a_link_closes_it() -> None:
    token = sign("watch", SUBJECT, KEY)

    opened = [
        changed
        for at in range(len(token))
        for letter in ALPHABET
        if (changed := token[:at] + letter + token[at + 1 :]) != token
        and read("watch", changed, [KEY], NOW) is not None
    ]

    assert opened == []


def test_adding_or_losing_a_character_anywhere_closes_a_link() -> None:
    token = sign("watch", SUBJECT, KEY)
    places = range(len(token) + 1)
    longer = [token[:at] + letter + token[at:] for at in places for letter in "A!=\n é"]
    shorter = [token[:at] + token[at + 1 :] for at in range(len(token))]

    assert [changed for changed in longer + shorter if read("watch", changed, [KEY], NOW)] == []


def test_links_of_an_earlier_key_open_while_that_key_is_kept_and_not_after() -> None:
    token = sign("watch", SUBJECT, OLD_KEY)

    assert read("watch", token, [KEY, OLD_KEY], NOW) == SUBJECT
    assert read("watch", token, [KEY], NOW) is None


@pytest.mark.parametrize("keys", [[], [b""]])
def test_without_a_key_nothing_opens(keys: list[bytes]) -> None:
    assert read("watch", sign("watch", SUBJECT, b""), keys, NOW) is None


@given(st.text(max_size=450))
def test_whatever_is_typed_as_a_link_opens_nothing_and_breaks_nothing(token: str) -> None:
    assert read("watch", token, [KEY], NOW) is None


@given(st.text(alphabet=ALPHABET, max_size=60), st.text(alphabet=ALPHABET, max_size=60))
def test_two_parts_that_look_like_a_link_open_nothing(body: str, signature: str) -> None:
    assert read("watch", f"{body}.{signature}", [KEY], NOW) is None


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_any_subject_comes_back_as_it_was(subject: str) -> None:
    token = sign("watch", subject, KEY, expires_at=NOW + timedelta(days=1))

    assert read("watch", token, [KEY], NOW) in (subject, None if len(token) > 400 else subject)


def test_the_id_of_a_person_is_stable_and_says_nothing_without_the_key() -> None:
    assert learner_id("ana@example.org", KEY) == learner_id("ana@example.org", KEY)
    assert learner_id("ana@example.org", KEY) != learner_id("ana@example.org", OLD_KEY)
    assert learner_id("ana@example.org", KEY) != learner_id("anna@example.org", KEY)
    assert learner_id("ana@example.org", KEY).isalnum()
