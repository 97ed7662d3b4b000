"""Certificates, transcripts and what one asks of them, in a browser: by keyboard, for every eye.

No stack is needed: the handlers stand on this machine behind what API Gateway makes of a request.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from shared.domain.certificates import Certificate
from shared.domain.letters import LetterKind
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.registrations import Learner
from shared.usecases.ask_refund import NOTHING_CHOSEN
from shared.usecases.correct_certificate import correct_certificate
from shared.usecases.revoke_certificate import revoke_certificate
from tests.cloud import Cloud, link
from tests.e2e.browsing import (
    CHROMIUM,
    Person,
    Seen,
    browser,
    shortcomings,
    without_scripts,
)
from tests.season import AMARA, BO, CLASS_1, IDHA, PrintsHere, closed_season, pay
from tests.served import served

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
ISSUED = "This is the document that was issued under this number, unchanged."
OTHER = "This is not the document that was issued under this number."
OLDER = "a corrected document has taken its place"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def season(cloud: Cloud) -> Cloud:
    """The first class was closed; Amara holds its certificate and has bought the bundle since."""
    return closed_season(cloud)


@pytest.fixture
def site(season: Cloud) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def amara(site: str, chromium: Browser, tmp_path: Path) -> Iterator[Person]:
    """Amara, or whoever is handed her papers, at a browser in which no script runs.

    Whatever was looked at is for everybody: no script, nobody else asked, nothing serious by axe,
    by day and by night, and no wider than a phone.
    """
    context = without_scripts(chromium)
    person = Person(context.new_page(), tmp_path)
    yield person
    context.close()
    assert person.seen
    for name, seen in person.seen.items():
        assert {urlsplit(asked).netloc for asked in seen.asked} <= {urlsplit(site).netloc}, name
    assert shortcomings(chromium, person.seen.values()) == []


@pytest.fixture
def change(season: Cloud) -> Callable[..., None]:
    """Staff correct Amara's name, or withdraw her certificate."""

    def act(name: str = "") -> None:
        told: dict[str, Any] = {"by": "Noor", "records": season.records, "now": season.now}
        if name:
            correct_certificate(
                CLASS_1.id, AMARA, name=name, why="A typo.", printing=PrintsHere(), **told
            )
        else:
            revoke_certificate(CLASS_1.id, AMARA, why="It was another Amara.", **told)

    return act


def _certificate(cloud: Cloud) -> Certificate:
    kept = cloud.records.get(Certificate.key_of(CLASS_1.id, AMARA), Certificate)
    assert kept is not None
    return kept


def _pdf(cloud: Cloud, folder: Path, name: str) -> Path:
    """The document as it was downloaded at this moment."""
    (folder / name).write_bytes(cloud.document(_certificate(cloud).document or ""))
    return folder / name


def _holds(person: Person, file: Path, name: str) -> str:
    """Hold a file against the public page: to the field and to the button by keyboard."""
    person.tabs_to("#pdf")
    person.page.set_input_files("#pdf:focus", file)
    return person.follows("#compare button", name)


def test_a_public_page_says_what_stands_and_knows_the_document_without_a_script(
    season: Cloud, site: str, amara: Person, tmp_path: Path, change: Callable[..., None]
) -> None:
    public = f"{site}/certificates/{_certificate(season).public_id}"
    first = _pdf(season, tmp_path, "first.pdf")
    assert "This certificate is valid." in amara.opens(public, "valid").text
    assert ISSUED in _holds(amara, first, "valid, the document")
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 of somebody else")
    assert OTHER in _holds(amara, tmp_path / "other.pdf", "valid, another document")

    change("Amara Osei-Tutu of the Very Long Name, PhD")
    assert "was superseded that day" in amara.opens(public, "corrected").text
    assert OLDER in _holds(amara, first, "corrected, the earlier document")

    change()
    assert "This certificate was withdrawn." in amara.opens(public, "withdrawn").text
    assert "It was withdrawn since" in _holds(
        amara, _pdf(season, tmp_path, "second.pdf"), "withdrawn, the document"
    )
    assert amara.opens(f"{public[:-1]}_", "no such certificate").status == 404


def test_where_scripts_run_the_document_is_compared_without_being_sent(
    season: Cloud, site: str, chromium: Browser, tmp_path: Path
) -> None:
    context = chromium.new_context()
    try:
        person = Person(context.new_page(), tmp_path)
        refused: list[str] = []
        person.page.on("console", lambda said: refused.append(said.text))
        person.opens(f"{site}/certificates/{_certificate(season).public_id}", "with scripts")
        assert "It stays on your device" in person.seen["with scripts"].text
        person.tabs_to("#pdf")
        person.page.set_input_files("#pdf:focus", _pdf(season, tmp_path, "held.pdf"))
        person.page.get_by_text(ISSUED).wait_for()
        (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 of somebody else")
        person.page.set_input_files("#pdf:focus", tmp_path / "other.pdf")
        person.page.get_by_text(OTHER).wait_for()
        person.tabs_to("#compare button")
        person.page.keyboard.press("Enter")
        answered = person.looks("with scripts, answered")
    finally:
        context.close()
    assert OTHER in answered.text and ISSUED not in answered.text
    assert (answered.asked, refused) == (person.seen["with scripts"].asked, [])
    assert shortcomings(chromium, [answered]) == []


def test_a_holder_shows_their_name_asks_for_a_copy_and_reads_why_it_was_withdrawn(
    site: str, amara: Person, change: Callable[..., None]
) -> None:
    mine = f"{site}/my-certificate/{link('certificate', f'{CLASS_1.id}/{AMARA}')}"
    assert "A•••" in amara.opens(mine, "my certificate").text
    shown = amara.follows("input[value='yes'] + button", "my certificate, name shown")
    assert "That page shows your whole name." in shown
    again = amara.follows("input[name='post_again'] + button", "my certificate, sent again")
    assert "It is on its way to your address." in again
    change()
    assert "It was another Amara." in amara.opens(mine, "my certificate, withdrawn").text


def test_a_transcript_is_reached_from_ones_own_page_and_leads_to_a_document(
    season: Cloud, site: str, amara: Person
) -> None:
    amara.opens(f"{site}/me/{link('me', AMARA)}", "my page")
    text = amara.follows(f"a[href$='/transcript/{IDHA.series.id}']", "transcript")
    assert "2.25 of 11.25 CE hours" in text and "Counts." in text
    amara.tabs_to("a.act[href$='/pdf']")
    assert "Ahead" not in amara.follows("a[href$='" + link("me", AMARA) + "']", "back")

    bo = season.records.get(Learner.key_of(BO), Learner)
    assert bo is not None
    season.records.commit(bo.model_copy(update={"name": "王小明"}))
    amara.opens(f"{site}/me/{link('me', BO)}/transcript/{IDHA.series.id}", "transcript of Bo")
    said = amara.follows("a.act[href$='/pdf']", "transcript without a document")
    assert "We have no font for some letters" in said


def test_classes_are_given_back_by_keyboard(season: Cloud, site: str, amara: Person) -> None:
    pay("supporter-bundle", "Amara", 9)
    amara.opens(f"{site}/me/{link('me', AMARA)}", "my page")
    assert "Choose what you would like" in amara.follows("a[href$='/refund/stripe-pi_9']", "refund")
    said = amara.follows("main button", "refund, nothing chosen")
    assert NOTHING_CHOSEN in said and NOTHING_CHOSEN not in amara.seen["refund"].text
    for session in (IDHA.sessions[2], IDHA.sessions[3]):
        amara.tabs_to(f"input[value='{session.id}']")
        amara.page.keyboard.press("Space")
    assert "What ends then" in amara.follows("main button", "refund, once more")
    assert "We have your request" in amara.follows("main button", "refund, asked")
    assert "What you asked for" in amara.follows("a[href='?']", "refund, asked before")
    assert "Your page" in amara.follows(f"a[href$='/me/{link('me', AMARA)}']", "back")


def test_reminders_are_stopped_and_an_address_corrected_by_keyboard(
    season: Cloud, site: str, amara: Person
) -> None:
    amara.opens(f"{site}/unsubscribe/{link('unsubscribe', AMARA)}", "reminders")
    assert "No more reminders" in amara.follows("main button", "reminders stopped")
    mailbox = season.records.get(Mailbox.key_of(AMARA), Mailbox)
    assert mailbox is not None and not mailbox.wants_announcements
    season.records.commit(mailbox.bounced(season.now))
    (order,) = {
        str(one.order) for one in season.letters(LetterKind.CONFIRMATION) if one.learner == AMARA
    }
    amara.opens(f"{site}/address", "address")
    assert "look at the address once more" in amara.follows("main button", "address, empty")
    for field, words in (("#reference", order), ("#address", "amara@new.example")):
        amara.tabs_to(field)
        amara.page.keyboard.type(words)
    assert "Look into your mailbox" in amara.follows("main button", "address, asked")
    (change,) = season.everything(AddressChange)
    token = link("address", f"{AMARA}/{change.change}")
    assert "amara@new.example" in amara.opens(f"{site}/address/{token}", "address, theirs?").text
    assert "is confirmed" in amara.follows("main button", "address, confirmed")


def test_what_is_wrong_with_a_page_is_noticed_and_by_night_as_well(chromium: Browser) -> None:
    """The control."""
    html = (
        "<html lang='en'><title>x</title><meta name='color-scheme' content='light dark'><style>"
        "@media (prefers-color-scheme: dark) { body { background: #222; color: #444 } }</style>"
        "<main><h1>x</h1><input name='name'><div style='width:900px'>wide</div></main></html>"
    )
    found = shortcomings(chromium, [Seen("bad", 200, html, "", ())])
    assert [one.split()[1] for one in found] == ["label", "has", "is", "color-contrast"]


def test_a_page_with_a_style_that_it_forbids_is_noticed(chromium: Browser, tmp_path: Path) -> None:
    """The control."""
    headers = {"Content-Security-Policy": "default-src 'none'", "Content-Type": "text/html"}
    context = without_scripts(chromium)
    someone = Person(context.new_page(), tmp_path)
    someone.page.route(
        "**/*", lambda asked: asked.fulfill(body="<p style='color: red'>x</p>", headers=headers)
    )
    with pytest.raises(AssertionError, match="Content Security Policy"):
        someone.opens("http://127.0.0.1/", "styled")
    context.close()
