"""The desk's pages in a browser: by keyboard alone, without scripts; uploads with and without."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Route

from shared.domain.likeness import SamePerson
from shared.domain.registrations import Learner
from shared.domain.staff import Role
from tests.cloud import Cloud, forget_wiring
from tests.e2e.browsing import CHROMIUM, Person, browser, shortcomings, without_scripts
from tests.season import AMARA, BO, CLASS_1, IDHA, closed_season
from tests.served import served
from tests.staff import signed_in
from tests.world import MP4

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
UPLOAD = f"/staff/sessions/{CLASS_1.id}/upload/video"
_WITH_CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def site(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The desk on this machine, just after class 1 was closed."""
    closed_season(cloud)
    # Over plain HTTP a browser keeps the cookie of a laptop's stage alone.
    monkeypatch.setenv("STAGE", "local")
    forget_wiring()
    with served() as address:
        yield address


def _let_in(context: BrowserContext, cloud: Cloud, site: str) -> None:
    secret = signed_in(cloud, Role.COORDINATOR).cookie
    context.add_cookies([{"name": "staff", "value": secret, "url": site}])


@pytest.fixture
def robin(cloud: Cloud, site: str, chromium: Browser, tmp_path: Path) -> Iterator[Person]:
    """A coordinator whose browser runs no scripts."""
    context = without_scripts(chromium)
    _let_in(context, cloud, site)
    yield Person(context.new_page(), tmp_path)
    context.close()


def test_everything_is_found_and_done_by_keyboard_alone_and_every_page_is_for_everybody(
    robin: Person, cloud: Cloud, chromium: Browser, site: str
) -> None:
    keys = robin.page.keyboard
    robin.opens(f"{site}/staff/series", "all-series")
    assert "Seats held" in robin.follows(f"main a[href$='{IDHA.series.id}']", "series")
    assert "What is ready" in robin.follows(f"main a[href$='{CLASS_1.id}']", "session")
    robin.follows("nav a[href$='staff/search']", "search")
    robin.tabs_to("#q")
    keys.type("ama")
    assert "amara@example.org" in robin.follows("main button", "found")
    robin.follows(f"main a[href$='{AMARA}']", "person")

    robin.tabs_to("summary:has-text('Change the address')")
    keys.press("Enter")
    robin.tabs_to("form[action$='change-address'] input[name='address']")
    keys.type("amara@new.example.org")
    robin.tabs_to("form[action$='change-address'] input[name='why']")
    keys.type("She wrote to us from there.")
    assert "amara@new.example.org" in robin.follows(
        "form[action$='change-address'] button", "person-changed"
    )
    person = cloud.records.get(Learner.key_of(AMARA), Learner)
    assert person is not None and person.corrected_by == "robin@idha.example"

    cloud.records.commit(
        SamePerson(
            learner=AMARA, other=BO, person=AMARA, series=IDHA.series.id, by="noor",
            at=cloud.now, why="She wrote from both.",
        )
    )  # fmt: skip
    robin.opens(f"{site}/staff/people/{AMARA}", "person-of-two-addresses")
    robin.follows(f"main a[href$='{BO}/apart']", "apart")
    robin.tabs_to("form[action$='two-after-all'] input[name='why']")
    robin.opens(f"{site}{UPLOAD}", "upload")
    robin.opens(f"{site}/staff/people/nobody", "absent")
    assert shortcomings(chromium, robin.seen.values()) == []


def test_a_file_of_the_wrong_kind_does_not_travel_and_the_right_one_is_seen_to_go(
    cloud: Cloud, site: str, chromium: Browser, tmp_path: Path
) -> None:
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204, headers=_WITH_CORS)

    context = chromium.new_context()
    _let_in(context, cloud, site)
    page = context.new_page()
    page.route("https://uploads.s3**", take)
    page.goto(f"{site}{UPLOAD}")

    for name, content, said in (
        ("notes.pdf", b"%PDF-", "ends in .mp4"),
        ("film.mp4", b"<html>not a film at all</html>", "does not begin like one"),
        ("nothing.mp4", b"", "is empty"),
    ):
        (tmp_path / name).write_bytes(content)
        page.set_input_files("#file", tmp_path / name)
        page.click("button.main")
        page.wait_for_selector("#wrong:not([hidden])")
        assert said in page.inner_text("#wrong")
    assert sent == []

    (tmp_path / "class.mp4").write_bytes(MP4)
    page.set_input_files("#file", tmp_path / "class.mp4")
    page.wait_for_selector("#wrong", state="hidden")
    with page.expect_navigation(url="**came=1"):
        page.click("button.main")
    assert "The file is there" in page.inner_text("main")
    assert "POST" in sent
    context.close()


def test_a_file_that_is_too_large_for_a_form_does_not_travel(
    cloud: Cloud, site: str, chromium: Browser
) -> None:
    context = chromium.new_context()
    _let_in(context, cloud, site)
    page = context.new_page()
    page.goto(f"{site}{UPLOAD}")
    # Six gigabytes of nothing: a file as the page sees it, without the disk.
    page.evaluate(
        """() => {
          const file = new File(["x"], "film.mp4");
          Object.defineProperty(file, "size", { value: 6 * 1024 ** 3 });
          const input = document.getElementById("file");
          Object.defineProperty(input, "files", { value: [file] });
          input.dispatchEvent(new Event("change"));
        }"""
    )
    page.wait_for_selector("#wrong:not([hidden])")
    assert "console or the command line" in page.inner_text("#wrong")
    quiet = json.loads(page.get_attribute("#upload", "data-quiet") or "{}")
    assert quiet["success_action_status"] == "204"
    context.close()
