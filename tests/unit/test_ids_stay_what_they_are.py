"""Ids are kept for years: whoever changes how they are made parts people from what is theirs."""

import pytest

from shared.domain.alias_addresses import alias_address
from shared.domain.applications import origin_of, reference_of
from shared.domain.findings import address_word
from shared.domain.keyed_ids import keyed_id
from shared.domain.links import learner_id
from shared.domain.sightings import identify

KEY = b"k" * 32
ADDRESS = "meera@example.org"


def made(key: bytes) -> dict[str, str | None]:
    seen = identify("", "", "Meera Anand", "series", key)
    return {
        "learner": learner_id(ADDRESS, key),
        "reference": reference_of("series", "form", key),
        "origin": origin_of("series", "127.0.0.1", key),
        "found by address": address_word(ADDRESS, key),
        "participant": seen.participant,
        "alias": alias_address("Lmeera", "series", "example.org", key),
    }


@pytest.mark.parametrize(
    ("what", "stays"),
    [
        ("learner", "Liki73kqfm364hqzkmzvz3kcl"),
        ("reference", "S-AC4HDC6M"),
        ("origin", "gdlbycmyahx36dwqn4d73xjw"),
        ("found by address", "7ck375khqana4m4af7fhlvni"),
        ("participant", "Pmorywxkgbe6ps3iq3twur7hn"),
        ("alias", "lmeera-ublzza5kixnev3sj@example.org"),
    ],
)
def test_an_id_is_what_it_always_was(what: str, stays: str) -> None:
    assert made(KEY)[what] == stays


def test_nobody_makes_an_id_without_the_key() -> None:
    ours, theirs = made(KEY), made(b"x" * 32)
    assert not set(ours.values()) & set(theirs.values())


def test_the_same_word_is_another_id_for_another_use() -> None:
    assert keyed_id("learner.one", KEY) != keyed_id("origin.one", KEY)
