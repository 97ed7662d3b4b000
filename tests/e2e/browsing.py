"""A browser with scripts switched off, as strict as a person's can be, and what it stumbles over.

What a page lacks for people who hear it, or steer by keys alone, is found by axe-core in a second
browser, which runs scripts and is shown the very same page.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, ProxySettings, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
    # What browsers ask for by themselves finds no way out of this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_PHONE = {"width": 320, "height": 640}
# More than any of our pages has to stop at.
_STEPS = 80
_PATIENCE = 60_000  # milliseconds: a function's first call takes its time
Scheme = Literal["light", "dark"]
_WIDER = """[document.documentElement, ...document.querySelectorAll(".wide:has(.cards)")]
  .some(one => one.scrollWidth > one.clientWidth)"""
_GRAVE = ("serious", "critical")
# What is pressed and stands on a line of its own, and is lower than a finger is wide. A link within
# a sentence may be; a box to tick has its label.
_SMALL = """() => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter(one => one.matches(":not(.skip):not([type=checkbox]):not([type=radio])"))
  .filter(one => getComputedStyle(one).display !== "inline")
  .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 120))"""


@dataclass(frozen=True)
class Seen:
    """A page as it was shown: what it is made of, and what was asked for on its behalf."""

    name: str
    status: int
    html: str
    text: str
    asked: tuple[str, ...]


@dataclass
class Person:
    """Somebody at a browser without scripts. `seen` are the pages they came by, by name."""

    page: Page
    folder: Path
    seen: dict[str, Seen] = field(default_factory=dict)
    _asked: list[str] = field(default_factory=list)
    _refused: list[str] = field(default_factory=list)
    _status: int = 0

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._asked.append(request.url))
        self.page.on("response", lambda response: self._note(response.status))
        self.page.on("console", lambda said: self._refused.append(said.text))

    def opens(self, url: str, name: str) -> Seen:
        """Open an address, and look."""
        self._asked.clear()
        self.page.goto(url)
        return self.looks(name)

    def presses(self, button: str, name: str) -> Seen:
        """Press the button of that name, and look at what comes."""
        self._asked.clear()
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button).click()
        return self.looks(name)

    def tabs_to(self, selector: str) -> None:
        """Press the tab key until the focus is there. Fails if the keyboard never comes by."""
        for _ in range(_STEPS):
            self.page.keyboard.press("Tab")
            if self.page.locator(f"{selector}:focus").count():
                return
        raise AssertionError(f"The keyboard does not reach {selector}.")

    def follows(self, selector: str, name: str) -> str:
        """Go there by keyboard, press Enter, and read what comes."""
        self.tabs_to(selector)
        self._asked.clear()
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.looks(name).text

    def looks(self, name: str) -> Seen:
        """Keep the page as it is now, with a picture of it.

        Fails if the browser did not show all of it: a page may have no style that it forbids.
        """
        forbidden = [one for one in self._refused if "Content Security Policy" in one]
        assert not forbidden, forbidden
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        seen = Seen(
            name,
            self._status,
            self.page.content(),
            self.page.inner_text("body").replace("\u00a0", " "),
            tuple(self._asked),
        )
        self.seen[name] = seen
        return seen

    def _note(self, status: int) -> None:
        self._status = status


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, until the block ends."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        try:
            yield started
        finally:
            started.close()


def without_scripts(
    started: Browser, scheme: Scheme = "light", proxy: ProxySettings | None = None
) -> BrowserContext:
    """Windows in which no script runs."""
    context = started.new_context(java_script_enabled=False, color_scheme=scheme, proxy=proxy)
    context.set_default_timeout(_PATIENCE)
    return context


def grave_findings(started: Browser, html: str, scheme: Scheme = "light") -> list[str]:
    """What axe-core calls serious or critical in a page, and where in it."""
    context = started.new_context(color_scheme=scheme)
    try:
        page = context.new_page()
        page.set_content(html)
        return _grave(page)
    finally:
        context.close()


def shortcomings(started: Browser, pages: Iterable[Seen]) -> list[str]:
    """What is wrong with any of the pages on a phone, by day or (colours alone) by night."""
    context = started.new_context(viewport=_PHONE)  # type: ignore[arg-type]
    found: list[str] = []
    try:
        page = context.new_page()
        for seen in pages:
            page.emulate_media(color_scheme="light")
            page.set_content(seen.html)
            said = _grave(page)
            if page.evaluate(_WIDER):
                said.append("has to be moved sideways")
            said += [f"is too small to press: {one}" for one in page.evaluate(_SMALL)]
            page.emulate_media(color_scheme="dark")
            said += _grave(page, runOnly=["color-contrast"])
            found += [f"{seen.name}: {one}" for one in said]
    finally:
        context.close()
    return found


def _grave(page: Page, **options: object) -> list[str]:
    violations = Axe().run(page, options=options or None).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:120]}"
        for one in violations
        if one["impact"] in _GRAVE
        for node in one["nodes"]
    ]


def wider_than_a_phone(started: Browser, html: str) -> bool:
    """Whether the page has to be moved sideways on a narrow screen."""
    context = started.new_context(viewport=_PHONE)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        page.set_content(html)
        wide: bool = page.evaluate(_WIDER)
        return wide
    finally:
        context.close()


def reached_by_tab(started: Browser, html: str, steps: int = 60) -> list[str]:
    """What the tab key comes by, in order: the name of a field, or what a button says."""
    context = started.new_context()
    reached: list[str] = []
    try:
        page = context.new_page()
        page.set_content(html)
        for _ in range(steps):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "(document.activeElement.name || document.activeElement.innerText || '').trim()"
                )
            )
    finally:
        context.close()
    return reached
