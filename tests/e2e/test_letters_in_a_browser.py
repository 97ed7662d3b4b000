"""Every letter in a real browser: on a narrow phone, by day and by night, with axe-core."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

from devstack.previews import Preview, previews
from shared.domain.letters import LetterKind
from tests.e2e.browsing import CHROMIUM, browser

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

_TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
_CONTRAST: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
_GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def phone() -> Iterator[Page]:
    with browser() as started:
        yield started.new_page(viewport={"width": 320, "height": 640})


@pytest.fixture(scope="module")
def letters() -> list[Preview]:
    """All of them; staff of the second institute read what staff of the first do."""
    return [one for one in previews() if not one.kind.to_staff or one.institute == "IDHA"]


def _findings(page: Page, options: dict[str, object] | None = None) -> list[str]:
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {node['html'][:100]}"
        for one in found
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]


def test_every_letter_fits_a_narrow_phone_and_is_readable_by_day_and_by_night(
    phone: Page, letters: list[Preview]
) -> None:
    assert {one.kind for one in letters} == set(LetterKind)
    wide, found = [], {}
    for one in letters:
        phone.emulate_media(color_scheme="light")
        phone.set_content(one.letter.html, wait_until="domcontentloaded")
        if phone.evaluate(_TOO_WIDE):
            wide.append(one.name)
        # Both institutes' letters are built alike; what differs between them is the accent.
        stumbled = _findings(phone, _CONTRAST if one.institute == "MISA" else None)
        phone.emulate_media(color_scheme="dark")
        stumbled += _findings(phone, _CONTRAST)
        if stumbled:
            found[one.name] = stumbled

    assert wide == []
    assert found == {}


def test_a_letter_that_is_too_wide_or_too_pale_would_be_noticed(
    phone: Page, letters: list[Preview]
) -> None:
    html = letters[0].letter.html
    phone.emulate_media(color_scheme="light")
    phone.set_content(html.replace("max-width:600px", "width:600px"))
    assert phone.evaluate(_TOO_WIDE)
    phone.set_content(html.replace("color:#1E1B18", "color:#DDD5C9"))
    assert any("color-contrast" in one for one in _findings(phone, _CONTRAST))
