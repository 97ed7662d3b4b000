"""A film of many megabytes, watched in a real browser: put forward and back, with captions.

The file lies in the local S3, which answers for ranges as the real one does, and its address is
good for a few seconds only. FILM_BYTES says how large it is. With three gigabytes the local S3
takes a minute to take the file in, so this is not run with them each time; a browser then asks it
through `bounding`, and without that it waits for minutes.
"""

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ProxySettings, Response

from devstack import desk
from devstack.season import people
from devstack.season.play import Season
from devstack.stack import Stack
from shared.domain.recordings import Recording
from tests.e2e import browsing
from tests.e2e.bounding import bounding
from tests.e2e.film import SECONDS, write_film
from tests.e2e.ledger import wait_until

pytestmark = [
    pytest.mark.skipif(browsing.CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(1200),
]

SIZE = int(os.environ.get("FILM_BYTES", "50000000"))
# Seconds that an address is good for.
LIVES = 8
# Of a file of this size and more, the local S3 is asked for a few megabytes at once (see bounding).
_LARGE = 500_000_000
_PATIENCE = SIZE / 1e9 * 240 + 60  # seconds to take it in
_CUES = "".join(
    f"00:{at // 60:02}:{at % 60:02}.000 --> 00:{(at + 5) // 60:02}:{(at + 5) % 60:02}.000\n"
    f"What is said from second {at}.\n\n"
    for at in range(0, SECONDS, 5)
)


@dataclass
class Player:
    """The page, open in a browser, and every answer that came for it."""

    page: Page
    answers: list[tuple[int, str]] = field(default_factory=list)

    def heard(self, answer: Response) -> None:
        self.answers.append((answer.status, answer.url))

    def says(self, what: str) -> Any:
        return self.page.evaluate(f"document.getElementById('player').{what}")

    def goes_to(self, second: int) -> None:
        self.page.evaluate(f"document.getElementById('player').currentTime = {second}")

    def waits_until(self, what: str) -> None:
        """Until that is so of the player. Asked from outside: the page lets nobody wait inside."""
        asked = f"(player => Boolean({what}))(document.getElementById('player'))"
        wait_until(lambda: bool(self.page.evaluate(asked)), what, _PATIENCE)

    def came(self, status: int) -> int:
        """How many answers of the bucket had that status."""
        return sum(one == status and "X-Amz-Signature" in url for one, url in self.answers)


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    """The browser."""
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def link(season: Season, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Somebody's page, of which the film is the version with sign language."""
    letter = season.letters(people.GENERAL, "recording")[-1]
    (page,) = [word for word in letter.text.split() if "/watch/" in word]
    session = season.catalogue("idha-2025").sessions[0].id
    put_film(season.stack, session, tmp_path_factory.mktemp("film"))
    live_for(season.stack, LIVES)
    yield page
    live_for(season.stack, None)


def put_film(stack: Stack, session: str, folder: Path) -> None:
    """Have staff upload the film and its captions, and wait until both were judged."""
    write_film(folder / "asl.mp4", SIZE)
    (folder / "captions.en.vtt").write_text(f"WEBVTT\n\n{_CUES}", encoding="utf-8")
    staff = stack.client("s3", "staff")
    for name in ("captions.en.vtt", "asl.mp4"):
        key = f"recordings/{session}/{name}"
        staff.upload_file(str(folder / name), stack.uploads, key)
        wait_until(partial(_is_judged, stack, session, name), f"{name} to be judged", _PATIENCE)


def _is_judged(stack: Stack, session: str, name: str) -> bool:
    return desk.records(stack).get(Recording.key_of(session, name), Recording) is not None


def live_for(stack: Stack, seconds: int | None) -> None:
    """Let addresses of files be good for so long; for as long as ever, if None."""
    functions, name = stack.client("lambda"), stack.function("LearnerPagesOpen")
    told = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    told.pop("MEDIA_LINK_SECONDS", None)
    if seconds is not None:
        told["MEDIA_LINK_SECONDS"] = str(seconds)
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": told})


@pytest.fixture(scope="module")
def way() -> Iterator[ProxySettings | None]:
    """How the browser reaches the local stack: straight, or through what bounds its questions."""
    if SIZE < _LARGE:
        yield None
        return
    with bounding() as server:
        yield {"server": server}


@pytest.fixture
def player(started: Browser, link: str, way: ProxySettings | None) -> Iterator[Player]:
    """The page, opened anew."""
    context = started.new_context(proxy=way)
    try:
        opened = Player(context.new_page())
        opened.page.on("response", opened.heard)
        opened.page.goto(f"{link}?play=asl", timeout=60_000)
        opened.waits_until("player.readyState > 2")
        yield opened
    finally:
        context.close()


def test_a_film_is_put_forward_and_back_and_only_what_is_seen_is_fetched(player: Player) -> None:
    assert player.says("duration") == pytest.approx(SECONDS, abs=1)
    for second in (110, 5, 70):
        player.goes_to(second)
        player.waits_until(
            f"!player.seeking && player.readyState > 1 && player.currentTime === {second}"
        )
    assert player.says("error") is None
    assert player.came(206) >= 3
    assert player.came(200) == 0


def test_captions_are_shown_from_the_start_and_follow(player: Player) -> None:
    player.goes_to(62)
    player.waits_until("player.textTracks[0].activeCues && player.textTracks[0].activeCues.length")
    assert player.says("textTracks[0].mode") == "showing"
    assert player.says("textTracks[0].activeCues[0].text") == "What is said from second 60."


def test_the_place_is_kept_when_the_address_runs_out_while_it_plays(player: Player) -> None:
    player.page.evaluate("player.muted = true; player.playbackRate = 1.5; player.play()")
    player.goes_to(40)
    time.sleep(LIVES + 1)
    player.goes_to(90)  # where nothing has been fetched yet, and the address is dead
    player.waits_until("player.currentTime > 91 && player.readyState > 2")

    assert player.came(403) >= 1, "the control: the address had run out"
    assert player.says("currentTime") < 110
    assert player.says("paused") is False
    assert player.says("playbackRate") == 1.5
    assert player.says("textTracks[0].mode") == "showing"
    assert player.says("currentSrc").partition("?")[0].endswith("/media/asl")
    assert not player.page.locator("#stopped").is_visible()


def test_the_place_is_kept_when_the_address_runs_out_while_it_rests(player: Player) -> None:
    player.goes_to(30)
    time.sleep(LIVES + 1)
    player.goes_to(100)
    player.waits_until("!player.seeking && player.readyState > 1 && player.currentTime === 100")

    assert player.came(403) >= 1, "the control: the address had run out"
    assert player.says("paused") is True


def test_a_player_that_gets_nothing_any_more_says_where_it_was(player: Player) -> None:
    player.page.route("**/media/**", lambda route: route.abort())
    player.goes_to(30)
    time.sleep(LIVES + 1)
    player.goes_to(100)
    player.page.locator("#stopped").wait_for(timeout=60_000)

    # It may have found out while it rested, or when it was put forward.
    assert re.search(r"go on at (0:30|1:40)\.", player.page.inner_text("#stopped"))


def test_without_scripts_it_plays_and_every_way_to_follow_is_a_link(
    started: Browser, link: str, way: ProxySettings | None
) -> None:
    context = browsing.without_scripts(started, proxy=way)
    try:
        page = context.new_page()
        with page.expect_response(lambda answer: answer.status == 206):
            page.goto(link)
        page.get_by_role("link", name="Video with").click()
        page.wait_for_url("**play=asl")
        assert page.locator("a[aria-current=page]").inner_text().startswith("Video with")
        assert "Scripts are switched off" in page.inner_text("noscript")
    finally:
        context.close()


def test_the_page_is_for_everybody_and_asks_nobody_else(started: Browser, link: str) -> None:
    context = started.new_context()
    try:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(link, timeout=60_000)
        html = page.content()
    finally:
        context.close()
    assert {urlsplit(one).netloc for one in asked} == {urlsplit(link).netloc}
    assert browsing.grave_findings(started, html, "light") == []
    assert browsing.grave_findings(started, html, "dark") == []
    assert not browsing.wider_than_a_phone(started, html)
    reached = browsing.reached_by_tab(started, html, 14)
    assert [one for one in reached if one in ("Video", "your own page")] != []
