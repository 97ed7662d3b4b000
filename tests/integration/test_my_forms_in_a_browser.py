"""The forms of one's own page in a browser without scripts: by keyboard alone, for every eye."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from shared.domain.appeals import Appeal
from shared.domain.erasure import Erasure
from shared.domain.made_up import MadeUp
from tests.cloud import Cloud, link
from tests.e2e.browsing import (
    CHROMIUM,
    Person,
    browser,
    grave_findings,
    wider_than_a_phone,
    without_scripts,
)
from tests.integration import test_my_make_up as making_up
from tests.served import served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
missed = making_up.missed


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def noor(missed: Cloud, chromium: Browser, tmp_path: Path) -> Iterator[Person]:
    """Noor missed the second part of a unit, and has opened its recording."""
    missed.records.commit(
        MadeUp(
            session=making_up.PART_2.id, series=making_up.MISA.series.id, learner=making_up.NOOR,
            opened_at=missed.now,
        )
    )  # fmt: skip
    with served() as site:
        context = without_scripts(chromium)
        person = Person(context.new_page(), tmp_path)
        assert person.opens(f"{site}/me/{link('me', making_up.NOOR)}", "page").status == 200
        yield person
        context.close()


def _sends(person: Person, name: str, button: str = "main button.act") -> str:
    return person.follows(button, name)


def test_a_part_is_made_up_for_a_decision_questioned_and_everything_taken_away_by_keyboard_alone(
    noor: Person, missed: Cloud, chromium: Browser
) -> None:
    keys = noor.page.keyboard
    noor.follows(f"a[href$='/make-up/{making_up.PART_2.id}']", "make-up")
    noor.tabs_to("#reflection")
    keys.insert_text("Short.")
    assert "characters" in _sends(noor, "make-up-wrong")
    noor.tabs_to("#reflection")
    keys.press("Control+A")
    keys.insert_text(making_up.TEXT)
    assert "Thank you" in _sends(noor, "made-up")
    noor.follows("a[href^='../']", "page-made-up")

    noor.follows(f"a[href$='/appeal/{making_up.PART_2.id}']", "appeal")
    noor.tabs_to("#reason")
    keys.insert_text("I was there on my phone.")
    assert "A person reads it and answers by" in _sends(noor, "appealed")
    noor.follows("a[href^='../']", "page-appealed")

    noor.follows("a[href$='/name']", "name")
    noor.tabs_to("#name")
    keys.press("Control+A")
    keys.insert_text("Noor Chaudhry")
    assert "From now on we call you" in _sends(noor, "named")
    noor.follows("a[href^='../']", "page-named")
    noor.follows("a[href$='/address']", "address")
    noor.tabs_to("#address")
    keys.insert_text("noor")
    assert "needs an @" in _sends(noor, "address-wrong")
    noor.follows("a[href^='../']", "page-again")

    assert "How we call and reach you" in noor.follows("a[href$='/export']", "export")
    noor.follows("a[href$='/me/" + link("me", making_up.NOOR) + "']", "page-once-more")
    noor.follows("a[href$='/erase']", "erase")
    assert "Please say that you have read" in _sends(noor, "erase-wrong", "main button")
    noor.tabs_to("#understood")
    keys.press("Space")
    assert "Everything is being taken away" in _sends(noor, "erased", "main button")

    assert len(missed.everything(Appeal)) == 1 and len(missed.everything(Erasure)) == 1
    for name, seen in noor.seen.items():
        assert grave_findings(chromium, seen.html) == [], name
        assert not wider_than_a_phone(chromium, seen.html), name
    for name in ("make-up-wrong", "appeal", "address-wrong", "export", "erase-wrong", "erased"):
        assert grave_findings(chromium, noor.seen[name].html, "dark") == [], name
