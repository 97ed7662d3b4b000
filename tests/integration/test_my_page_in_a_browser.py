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
# More than any of these pages has to stop at.
_STEPS = 80


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


def _tabs_to(person: Person, selector: str) -> None:
    """Press the tab key until the focus is there."""
    for _ in range(_STEPS):
        person.page.keyboard.press("Tab")
        if person.page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"The keyboard does not reach {selector}.")


def _follows(person: Person, selector: str, name: str) -> str:
    """Go there by keyboard, press Enter, and read what comes."""
    _tabs_to(person, selector)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    return person.looks(name).text


def _sends(person: Person, name: str) -> str:
    return _follows(person, "main button.act", name)


def test_particulars_and_an_evaluation_are_sent_by_keyboard_alone_and_every_page_is_for_everybody(
    amara: Person, cloud: Cloud, chromium: Browser
) -> None:
    keys = amara.page.keyboard
    _follows(amara, "a[href$='/particulars']", "particulars")
    _tabs_to(amara, "#certificate_name")
    keys.type("Amara Osei, PhD")
    for field, choice in (("#profession-0", "Psych"), ("#state-0", "New York")):
        _tabs_to(amara, field)
        keys.type(choice)
    assert "Nothing is saved yet" in _sends(amara, "particulars-wrong")
    _tabs_to(amara, "#number-0")
    keys.type("012345")
    assert "Saved." in _sends(amara, "particulars-saved")

    assert "License 012345, New York" in _follows(amara, "a[href^='../']", "page-again")
    _follows(amara, f"a[href$='/evaluation/{CLASS_1.id}']", "evaluation")
    for field in FIELDS:
        _tabs_to(amara, f"input[name='{field}']")
        keys.press("Space")
    assert "Nothing is sent yet" not in _sends(amara, "evaluation-sent")
    assert "your name is not on it" in amara.seen["evaluation-sent"].text
    assert "You have sent your evaluation." in _follows(amara, "a[href^='../']", "page-evaluated")

    (told,) = cloud.everything(Particulars)
    assert told.licences == (Licence(profession="Psychologists", state="NY", number="012345"),)
    assert len(cloud.everything(Evaluated)) == 1
    for name, seen in amara.seen.items():
        assert {urlsplit(asked).netloc for asked in seen.asked} == {urlsplit(amara.page.url).netloc}
        assert grave_findings(chromium, seen.html) == [], name
        assert not wider_than_a_phone(chromium, seen.html), name
    for name in ("page-again", "particulars-wrong", "evaluation"):
        assert grave_findings(chromium, amara.seen[name].html, "dark") == [], name


def test_a_link_that_opens_nothing_leads_by_keyboard_to_a_fresh_one(
    amara: Person, chromium: Browser
) -> None:
    amara.opens(f"{amara.page.url[:-3]}AAA/particulars", "absent")
    assert amara.seen["absent"].status == 404
    _follows(amara, "main a.act", "wanted")
    _tabs_to(amara, "#address")
    amara.page.keyboard.type("nobody")
    assert "look at the address once more" in _sends(amara, "wanted-wrong")
    _tabs_to(amara, "#address")
    amara.page.keyboard.press("Control+A")
    amara.page.keyboard.type("amara@example.org")
    assert "Look into your mailbox" in _sends(amara, "sent")

    for name in ("absent", "wanted", "wanted-wrong", "sent"):
        for scheme in ("light", "dark"):
            assert grave_findings(chromium, amara.seen[name].html, scheme) == [], name
        assert not wider_than_a_phone(chromium, amara.seen[name].html), name
