"""Nobody's name, address or link is where only ids belong: logs, workflows, keys, queues, metrics.

The season's cast is searched for in all of them, in the spellings in which text travels.
"""

import json
import urllib.parse

import pytest

from devstack.season import people
from devstack.season.play import IDHA, Season
from shared.domain.payments import Order
from tests.e2e.ledger import everything
from tests.e2e.searching import casefolded, places, where
from tests.e2e.stacks import Kept


@pytest.fixture(scope="module")
def written(season: Season, kept_season: Kept) -> dict[str, str]:
    """Every place where no personal data may be, and all that is written there."""
    return casefolded(places(season.stack, kept_season))


@pytest.mark.parametrize("person", [*people.IDHA, *people.MISA], ids=lambda one: one.address)
def test_a_persons_name_and_address_are_nowhere_but_where_they_belong(
    written: dict[str, str], person: people.Person
) -> None:
    assert where(written, person.name) == set()
    assert where(written, person.address) == set()


def test_the_links_in_letters_which_are_keys_are_written_nowhere(
    season: Season, written: dict[str, str]
) -> None:
    tokens = {
        word.rpartition("/")[2]
        for person in (*people.IDHA, *people.MISA)
        for letter in season.letters(person)
        for word in letter.text.split()
        if "/watch/" in word or "/my-certificate/" in word
    }
    assert len(tokens) >= 10
    assert {token: found for token in tokens if (found := where(written, token))} == {}


def test_the_search_finds_the_ids_that_are_written_there(
    season: Season, written: dict[str, str]
) -> None:
    """The control: what belongs there is found, in each place by the same search."""
    order = next(order for order in everything(season.stack, Order) if order.series == IDHA)
    over, to_come = (session.id for session in season.catalogue(IDHA).sessions[:2])

    assert {"logs", "output of the local AWS"} <= where(written, order.order)
    assert {"workflows", "object keys"} <= where(written, over)
    assert "schedules" in where(written, to_come)
    assert "rosters" in where(written, order.learner or "")
    assert "metrics" in where(written, "AWS/Lambda")


def test_the_search_finds_a_name_in_whatever_spelling_it_travels() -> None:
    name = people.SUPPORTER.name
    travelled = (name, json.dumps({"name": name}), f"?name={urllib.parse.quote_plus(name)}")
    for text in travelled:
        assert where({"here": text.casefold()}, name) == {"here"}
