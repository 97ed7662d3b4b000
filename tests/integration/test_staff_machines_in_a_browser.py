"""The catalogue and the machine room at the desk, in a browser without scripts, by keyboard."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from functions.sweep.handler import sweep_scholarships
from shared import wiring
from shared.domain.sessions import CatalogueFile, Series
from shared.domain.staff import Role
from tests.cloud import CONTEXT, ENVIRON, Cloud
from tests.e2e.browsing import CHROMIUM, Person, browser, shortcomings, without_scripts
from tests.season import CLASS_1, open_season
from tests.served import served
from tests.staff import COOKIE, signed_in

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
SERIES, KEY = "idha-2025", "catalogue/idha-2025.yaml"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def noor(
    cloud: Cloud, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Person, str]]:
    """A coordinator, signed in, while one message is poisoned and alarms have drifted."""
    open_season(cloud)
    put = cloud.publish(SERIES)["detail"]["object"]
    series = cloud.records.get(Series.key_of(SERIES), Series)
    assert series is not None
    file = CatalogueFile(key=put["key"], version=put["version-id"])
    cloud.records.commit(series.model_copy(update={"file": file}))
    wiring.close_schedules().cancel(CLASS_1.id)
    sweep_scholarships({}, CONTEXT)
    dead = cloud.sqs.create_queue(QueueName="dead")["QueueUrl"]
    cloud.sqs.send_message(QueueUrl=dead, MessageBody="{}")
    monkeypatch.setenv("DEAD_LETTERS", json.dumps({"PaymentEvents": ["queue", dead, cloud.queue]}))
    monkeypatch.setenv("MACHINES", "{}")
    monkeypatch.setenv("SWEEPS", "[]")
    with served() as site:
        context = without_scripts(chromium)
        cookie = signed_in(cloud, Role.COORDINATOR, name="noor@idha.example").cookie
        kept = {"name": COOKIE, "value": cookie, "domain": "127.0.0.1", "path": "/"}
        context.add_cookies([{**kept, "secure": True, "sameSite": "Lax"}])  # type: ignore[typeddict-item]
        yield Person(context.new_page(), tmp_path), site
        context.close()


def _file(cloud: Cloud) -> str:
    kept = cloud.s3.get_object(Bucket=ENVIRON["UPLOADS_BUCKET"], Key=KEY)
    return str(kept["Body"].read().decode())


def test_a_class_is_moved_and_a_dead_letter_handed_back_by_keyboard_and_for_every_eye(
    noor: tuple[Person, str], cloud: Cloud, chromium: Browser
) -> None:
    person, site = noor
    moved = _file(cloud).replace("2025-06-22 12:00", "2025-06-22 12:30")
    moved = moved.replace("2025-06-22 14:30", "2025-06-22 15:00")
    person.opens(f"{site}/staff/catalogue", "catalogues")
    person.follows(f"a[href$='catalogue/{SERIES}']", "catalogue")
    person.tabs_to("#text")
    person.page.locator("#text").fill(moved)
    compared = person.follows("main form button", "compared")
    assert "Class 1 moves by 30 minutes: 3 people will get a letter." in compared
    person.tabs_to("#why")
    person.page.keyboard.type("The teacher asked for it.")
    assert "is being published" in person.follows("main form button", "applied")
    assert _file(cloud) == moved
    assert "Did you mean" in _asks(person, moved.replace("America/New_York", "EST"))

    person.opens(f"{site}/staff", "today")
    room = person.follows("nav a[href$='machine-room']", "room")
    assert "Payment events: 1" in room
    assert "Missing: the close of" in room
    person.tabs_to("#why-PaymentEvents")
    person.page.keyboard.type("The cause is mended.")
    person.follows("#why-PaymentEvents ~ button", "handed-back")
    assert cloud.queued() == ["{}"]
    person.tabs_to("#why-alarms")
    person.page.keyboard.type("Somebody deleted them.")
    quiet = person.follows("#why-alarms ~ button", "quiet")
    assert "Every alarm stands as the catalogues want it." in quiet

    for seen in person.seen.values():
        assert {urlsplit(asked).netloc for asked in seen.asked} == {urlsplit(site).netloc}
    assert shortcomings(chromium, person.seen.values()) == []


def _asks(person: Person, text: str) -> str:
    person.page.locator("#text").fill(text)
    return person.presses("See what changes", "questions").text
