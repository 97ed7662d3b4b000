"""Staff upload a film, a report, a transcript by the browser: what they see, and what comes of it.

The file goes from the browser to the local S3 by the form that the desk signed, and by nothing
else. UPLOAD_BYTES says how large the film is. With three gigabytes the local S3 takes a while to
take it in and hold it, so this is not run with them each time.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from devstack import desk
from devstack.mailbox import read_inbox
from devstack.providers import deliver
from devstack.publishing import publish
from devstack.season.attendance import zoom_report
from devstack.season.payments import Till
from devstack.season.people import Person
from devstack.shift import shift_catalogue
from devstack.stack import Stack
from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Session
from shared.domain.recordings import Recording, RecordingStatus
from shared.domain.sessions import CLOSE_AFTER, SessionState
from tests.e2e import browsing
from tests.e2e.film import write_film
from tests.e2e.ledger import wait_until
from tests.e2e.signing_in import sign_in
from tests.faults.deliveries import series_file

pytestmark = [
    pytest.mark.skipif(browsing.CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.timeout(1200),
]

SIZE = int(os.environ.get("UPLOAD_BYTES", "60000000"))
SERIES = "uploads-2026"
_PATIENCE = SIZE / 1e9 * 300 + 120  # seconds
_MILLISECONDS = 1000
_AT_ONCE = 8 * 1024**2
# A bar is to be seen moving, on whatever machine: so many bytes a second, for a film of usual size.
_PACE = 20_000_000
_LARGE = 500_000_000
# What the bar showed, kept over the way to the next page. The pages let no script in but their own.
_WATCHES_THE_BAR = """
document.addEventListener("DOMContentLoaded", () => {
  const bar = document.getElementById("bar");
  if (!bar) return;
  new MutationObserver(() => {
    sessionStorage.setItem("shown", (sessionStorage.getItem("shown") || "") + bar.value + " ");
  }).observe(bar, { attributes: true, attributeFilter: ["value"] });
});
"""


@dataclass
class Robin:
    """A coordinator at a browser, signed in: what the browser sent, and where to."""

    stack: Stack
    page: Page
    sent: list[tuple[str, str]] = field(default_factory=list)

    def opens(self, session: Session, kind: str) -> None:
        """Come to the form of that kind of file, from the session's page."""
        self.page.goto(f"{self.stack.api_url}/staff/sessions/{session.id}")
        self.page.get_by_role("link", name=kind, exact=True).click()
        expect(self.page.locator("h1")).to_have_text(f"Upload: {kind.lower()}")
        self.sent.clear()

    def chooses(self, file: Path) -> None:
        """Choose a file."""
        self.page.locator("#file").set_input_files(file)

    def presses_upload(self) -> None:
        """Press the button."""
        self.page.get_by_role("button", name="Upload", exact=True).click()

    def reads_that_it_came(self) -> None:
        """Wait until the page says that the file is there."""
        told = self.page.get_by_text("The file is there.")
        expect(told).to_be_visible(timeout=_PATIENCE * _MILLISECONDS)

    @property
    def sent_files(self) -> list[str]:
        """Where anything was posted to."""
        return [url for method, url in self.sent if method == "POST"]


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    """The browser."""
    with browsing.browser() as started:
        yield started


@pytest.fixture(scope="module")
def classes(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> tuple[Session, ...]:
    """Classes of their own, the first of which is just over, and somebody who paid for it."""
    file = series_file(SERIES, tmp_path_factory.mktemp("classes"))
    # Not so long ago that its close is due: nothing but what is uploaded happens here.
    text = shift_catalogue(file.read_text(), desk.now() - CLOSE_AFTER / 2)
    file.write_text(text)
    assert not publish(stack, file).startswith("Nothing was changed")
    catalogue = read_catalogue(text.encode())
    ana = _ana()
    assert deliver(stack, "stripe", Till(catalogue).paid(ana)).status == 200
    wait_until(lambda: bool(read_inbox(stack.letters_folder, ana.address)), "Ana's seat", 120)
    return tuple(catalogue.sessions)


def _ana() -> Person:
    return Person("Ana Brandt", "ana@uploads.example", f"{SERIES}-general-class-1")


@pytest.fixture(scope="module")
def door(stack: Stack, started: Browser) -> dict[str, Any]:
    """What a browser holds that is signed in."""
    with closing(_context(started)) as context:
        sign_in(context.new_page(), stack, "coordinator")
        return dict(context.storage_state())


@pytest.fixture
def robin(stack: Stack, started: Browser, door: dict[str, Any]) -> Iterator[Robin]:
    """A coordinator whose browser runs scripts."""
    with closing(_context(started, storage_state=door)) as context:
        yield _at(stack, context)


@pytest.fixture
def plain_robin(stack: Stack, started: Browser, door: dict[str, Any]) -> Iterator[Robin]:
    """A coordinator whose browser runs none."""
    with closing(_context(started, storage_state=door, java_script_enabled=False)) as context:
        yield _at(stack, context)


def _context(started: Browser, **settings: Any) -> BrowserContext:
    context = started.new_context(**settings)
    context.set_default_timeout(120 * _MILLISECONDS)
    context.add_init_script(_WATCHES_THE_BAR)
    return context


def _at(stack: Stack, context: BrowserContext) -> Robin:
    robin = Robin(stack, context.new_page())
    robin.page.on("request", lambda request: robin.sent.append((request.method, request.url)))
    return robin


def _slow_down(robin: Robin, bytes_per_second: int) -> None:
    line = robin.page.context.new_cdp_session(robin.page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_per_second,
        },
    )


def _kept(stack: Stack, session: Session, name: str) -> Recording | None:
    return desk.records(stack).get(Recording.key_of(session.id, name), Recording)


def _is_kept(stack: Stack, session: Session, name: str) -> bool:
    return _kept(stack, session, name) is not None


def _letters(stack: Stack, address: str, about: str) -> list[str]:
    return [
        letter.text
        for letter in read_inbox(stack.letters_folder, address)
        if about in f"{letter.subject} {letter.text}"
    ]


def _sha256_of_file(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sha256_of_object(stack: Stack, key: str) -> str:
    body = stack.client("s3").get_object(Bucket=stack.uploads, Key=key)["Body"]
    digest = hashlib.sha256()
    for chunk in body.iter_chunks(_AT_ONCE):
        digest.update(chunk)
    return digest.hexdigest()


def _objects(stack: Stack, prefix: str) -> list[str]:
    found = stack.client("s3").list_objects_v2(Bucket=stack.uploads, Prefix=prefix)
    return [one["Key"] for one in found.get("Contents", [])]


def test_a_film_travels_while_a_bar_moves_lies_there_byte_for_byte_and_is_shared(
    robin: Robin, classes: tuple[Session, ...], tmp_path: Path
) -> None:
    stack, session = robin.stack, classes[0]
    film = tmp_path / "GMT20250622 Recording.MP4"
    write_film(film, SIZE)
    robin.opens(session, "Video")
    if SIZE < _LARGE:
        _slow_down(robin, _PACE)

    robin.chooses(film)
    robin.presses_upload()
    robin.reads_that_it_came()

    shown = [float(one) for one in robin.page.evaluate("sessionStorage.shown").split()]
    assert shown == sorted(shown) and shown[-1] == 100
    assert len({*shown}) >= 5, "the bar jumped"
    (sent_to,) = robin.sent_files
    assert sent_to.startswith(stack.endpoint) and stack.uploads in sent_to
    key = f"recordings/{session.id}/main.mp4"
    assert _sha256_of_object(stack, key) == _sha256_of_file(film)
    wait_until(partial(_is_kept, stack, session, "main.mp4"), "the film to be judged", _PATIENCE)
    kept = _kept(stack, session, "main.mp4")
    assert kept is not None and kept.judged.granted and kept.size == film.stat().st_size
    wait_until(lambda: bool(_letters(stack, _ana().address, "/watch/")), "Ana's letter", _PATIENCE)


def test_what_the_browser_can_see_to_be_wrong_never_travels(
    robin: Robin, classes: tuple[Session, ...], tmp_path: Path
) -> None:
    notes, posing, empty = (
        tmp_path / name for name in ("notes.txt", "notes named a film.mp4", "empty.mp4")
    )
    for file in (notes, posing):
        file.write_text("These are notes, and no film.")
    empty.touch()
    robin.opens(classes[1], "Video")

    for file, why in (
        (notes, "not a file that ends in .mp4"),
        (posing, "does not begin like one"),
        (empty, "This file is empty"),
    ):
        robin.chooses(file)
        expect(robin.page.locator("#wrong")).to_contain_text(why)
        robin.presses_upload()
        expect(robin.page.locator("#wrong")).to_contain_text(why)
        expect(robin.page.locator("#file")).to_be_focused()
        expect(robin.page.locator("#going")).to_be_hidden()

    assert robin.sent_files == []
    assert _objects(robin.stack, f"recordings/{classes[1].id}/") == []


def test_an_upload_that_is_stopped_leaves_nothing(
    robin: Robin, classes: tuple[Session, ...], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    write_film(film, 20_000_000)
    robin.opens(classes[1], "Video")
    _slow_down(robin, 500_000)
    robin.chooses(film)
    robin.presses_upload()
    under_way = re.compile(r"^[1-9]\d? %$")
    expect(robin.page.locator("#share")).to_have_text(under_way, timeout=_PATIENCE * _MILLISECONDS)

    robin.page.get_by_role("button", name="Stop").click()

    expect(robin.page.locator("#end")).to_have_text("Stopped. Nothing was kept.")
    assert len(robin.sent_files) == 1
    assert _objects(robin.stack, f"recordings/{classes[1].id}/") == []


def test_what_the_browser_cannot_see_is_set_aside_afterwards_and_staff_are_told(
    robin: Robin, classes: tuple[Session, ...], tmp_path: Path
) -> None:
    stack, session = robin.stack, classes[0]
    posing = tmp_path / "transcript.txt"
    posing.write_bytes(b"\x00\x00\x00\x18ftypmp42" + b"\x00\xff" * 2000)
    robin.opens(session, "Transcript")

    robin.chooses(posing)
    robin.presses_upload()
    robin.reads_that_it_came()

    name = "transcript.txt"
    wait_until(partial(_is_kept, stack, session, name), "it to be judged", _PATIENCE)
    kept = _kept(stack, session, name)
    assert kept is not None and kept.status is RecordingStatus.QUARANTINED
    told = partial(_letters, stack, "training@idha.example", f"recordings/{session.id}/{name}")
    wait_until(lambda: bool(told()), "the letter to staff", _PATIENCE)
    robin.page.goto(f"{stack.api_url}/staff/sessions/{session.id}")
    expect(robin.page.locator("main")).to_contain_text(name)


def test_without_a_script_the_form_itself_is_sent_and_s3_leads_back(
    plain_robin: Robin, classes: tuple[Session, ...], tmp_path: Path
) -> None:
    stack, session = plain_robin.stack, classes[0]
    report = tmp_path / "participants.csv"
    report.write_bytes(zoom_report(session, [_ana()]))
    plain_robin.opens(session, "Attendance report")

    plain_robin.chooses(report)
    plain_robin.presses_upload()
    plain_robin.reads_that_it_came()

    assert plain_robin.page.url.startswith(f"{stack.api_url}/staff/sessions/{session.id}/upload/")
    (sent_to,) = plain_robin.sent_files
    assert sent_to.startswith(stack.endpoint) and stack.uploads in sent_to
    (key,) = _objects(stack, f"attendance/{session.id}/")
    assert _sha256_of_object(stack, key) == _sha256_of_file(report)
    wait_until(
        lambda: _state(stack, session).uploaded is not None, "the report to be taken in", _PATIENCE
    )


def _state(stack: Stack, session: Session) -> SessionState:
    return desk.session_state(stack, session.id)
