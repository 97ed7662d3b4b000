"""The pages in a real browser: they render with no script, and ask nobody else for anything."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from devstack.season import people
from devstack.season.play import Season
from tests.reading import Reader

_BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(_BROWSER is None, reason="Chromium is not installed")


@dataclass(frozen=True)
class Rendered:
    """A page as the browser built it, and every address that was asked for on its behalf."""

    dom: Reader
    asked: list[str]


def _render(url: str, folder: Path) -> Rendered:
    log = folder / "net.json"
    answer = subprocess.run(
        [
            str(_BROWSER),
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--disable-default-apps", "--disable-extensions", "--disable-dev-shm-usage"),
            # What browsers ask for by themselves finds no way out of this machine.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={log}",
            *("--dump-dom", url),
        ],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    events = json.loads(log.read_text(encoding="utf-8"))
    begun = events["constants"]["logEventTypes"]["URL_REQUEST_START_JOB"]
    own = f"http://{urlsplit(url).netloc}"
    asked = [
        told["url"]
        for event in events["events"]
        if event["type"] == begun
        and "url" in (told := event.get("params", {}))
        # The browser's own questions have nothing to do with the page.
        and (told["url"].startswith(own) or told.get("initiator", "").startswith(own))
    ]
    return Rendered(Reader(answer.stdout.strip().removeprefix("<!DOCTYPE html>")), asked)


def _only_asks_its_own_host(page: Rendered, url: str) -> None:
    assert url in page.asked
    assert {urlsplit(asked).netloc for asked in page.asked} == {urlsplit(url).netloc}
    loading = ("src", "srcset", "poster", "data", "background")
    assert [found for found in page.dom.attributes if found[1] in loading] == []
    assert "link" not in page.dom.tags
    assert not any("url(" in value for _, _, value in page.dom.attributes)


def test_the_public_page_of_a_certificate_renders_and_asks_nobody_else(
    season: Season, tmp_path: Path
) -> None:
    letter = season.letters(people.GENERAL, "certificate")[-1]
    url = next(word for word in letter.text.split() if "/certificates/" in word)
    page = _render(url, tmp_path)

    assert "This certificate is valid." in page.dom.text
    assert people.GENERAL.name not in page.dom.text
    _only_asks_its_own_host(page, url)


def test_the_page_of_somebody_without_access_renders_with_no_script(
    season: Season, tmp_path: Path
) -> None:
    letter = season.letters(people.REFUNDED, "recording")[-1]
    url = next(word for word in letter.text.split() if "/watch/" in word)
    page = _render(url, tmp_path)

    assert "Your access has ended" in page.dom.text
    assert "script" not in page.dom.tags
    assert "write to contact@idha-nyc.org" in page.dom.text
    _only_asks_its_own_host(page, url)
