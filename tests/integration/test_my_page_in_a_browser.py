"""A person's own pages in a browser without scripts: by keyboard alone, for every eye."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from shared.domain.evaluations import Evaluated
from shared.domain.particulars import Licence, Particulars
from tests.cloud import Cloud, link
from tests.e2e.browsing import (
    CHROMIUM,
    Person,
    browser,
    grave_findings,
    wider_than_a_phone,
    without_scripts,
)
from tests.integration.test_my_evaluation import FIELDS, asking_season
from tests.season import AMARA, CLASS_1
from tests.served import served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def amara(cloud: Cloud, chromium: Browser, tmp_path: Path) -> Iterator[Person]:
    """Amara looks at her own page, just after class 1."""
    asking_season(cloud)
    with served() as site:
        context = without_scripts(chromium)
        person = Person(context.new_page(), tmp_path)
        assert person.opens(f"{site}/me/{link('me', AMARA)}", "page").status == 200
        yield person
        context.close()


def _sends(person: Person, name: str) -> str:
    return person.follows("main button.act", name)


def test_particulars_and_an_evaluation_are_sent_by_keyboard_alone_and_every_page_is_for_everybody(
    amara: Person, cloud: Cloud, chromium: Browser
) -> None:
    keys = amara.page.keyboard
    amara.follows("a[href$='/particulars']", "particulars")
    amara.tabs_to("#certificate_name")
    keys.type("Amara Osei, PhD")
    for field, choice in (("#profession-0", "Psych"), ("#state-0", "New York")):
        amara.tabs_to(field)
        keys.type(choice)
    assert "Nothing is saved yet" in _sends(amara, "particulars-wrong")
    amara.tabs_to("#number-0")
    keys.type("012345")
    assert "Saved." in _sends(amara, "particulars-saved")

    assert "License 012345, New York" in amara.follows("a[href^='../']", "page-again")
    amara.follows(f"a[href$='/evaluation/{CLASS_1.id}']", "evaluation")
    for field in FIELDS:
        amara.tabs_to(f"input[name='{field}']")
        keys.press("Space")
    assert "Nothing is sent yet" not in _sends(amara, "evaluation-sent")
    assert "your name is not on it" in amara.seen["evaluation-sent"].text
    assert "You have sent your evaluation." in amara.follows("a[href^='../']", "page-evaluated")

    (told,) = cloud.everything(Particulars)
    assert told.licences == (Licence(profession="Psychologists", state="NY", number="012345"),)
    assert len(cloud.everything(Evaluated)) == 1
    for name, seen in amara.seen.items():
        assert {urlsplit(asked).netloc for asked in seen.asked} == {urlsplit(amara.page.url).netloc}
        assert grave_findings(chromium, seen.html) == [], name
        assert not wider_than_a_phone(chromium, seen.html), name
    for name in ("page-again", "particulars-wrong", "evaluation"):
        assert grave_findings(chromium, amara.seen[name].html, "dark") == [], name


def test_a_time_zone_is_chosen_by_keyboard_and_the_page_shows_times_by_it(
    amara: Person, chromium: Browser
) -> None:
    amara.follows("a[href$='/zone']", "zone")
    amara.tabs_to("#zone")
    amara.page.keyboard.type("Kathm")
    assert "by the clocks of Kathmandu too" in _sends(amara, "zone-saved")
    assert "9:45 pm Kathmandu, your time" in amara.follows("a[href^='../']", "page-by-my-clock")

    for name in ("zone", "zone-saved"):
        for scheme in ("light", "dark"):
            assert grave_findings(chromium, amara.seen[name].html, scheme) == [], name
        assert not wider_than_a_phone(chromium, amara.seen[name].html), name


def test_a_link_that_opens_nothing_leads_by_keyboard_to_a_fresh_one(
    amara: Person, chromium: Browser
) -> None:
    amara.opens(f"{amara.page.url[:-3]}AAA/particulars", "absent")
    assert amara.seen["absent"].status == 404
    amara.follows("main a.act", "wanted")
    amara.tabs_to("#address")
    amara.page.keyboard.type("nobody")
    assert "look at the address once more" in _sends(amara, "wanted-wrong")
    amara.tabs_to("#address")
    amara.page.keyboard.press("Control+A")
    amara.page.keyboard.type("amara@example.org")
    assert "Look into your mailbox" in _sends(amara, "sent")

    for name in ("absent", "wanted", "wanted-wrong", "sent"):
        for scheme in ("light", "dark"):
            assert grave_findings(chromium, amara.seen[name].html, scheme) == [], name
        assert not wider_than_a_phone(chromium, amara.seen[name].html), name
