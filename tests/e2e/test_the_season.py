"""The season, looked at from outside once it is over: what people hold, and what they can open."""

import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pdfua
import pytest
from icalendar import Calendar

from devstack.mailbox import Attachment, read_inbox
from devstack.season import outcome, people
from devstack.season.browser import Opened, open_link
from devstack.season.people import Person
from devstack.season.play import IDHA, MISA, Season
from tests import paper

EVERYBODY = (*people.IDHA, *people.MISA)
HOLDERS = tuple(person for person in EVERYBODY if person.certificate)
_UNKNOWN = ("0" * 26, "7K3F9Q2MXTR8VWYZ0123456789", "x", "7k3f9q2mxtr8vwyz0123456789", "%00")
# The checker cannot read our headings; tests/integration reads them.
_NOT_CHECKED = {"UA-14-001"}


@dataclass(frozen=True)
class Held:
    """A certificate as it arrived: the document, its number, and the two addresses beside it."""

    pdf: bytes
    number: str
    public_page: str
    own_page: str


def _held(season: Season, person: Person) -> Held:
    (letter,) = [one for one in season.letters(person) if any(_pdfs(one.attachments))]
    (attached,) = _pdfs(letter.attachments)
    own, public = (
        next(word for word in letter.text.split() if f"/{page}/" in word)
        for page in ("my-certificate", "certificates")
    )
    number = attached.name.removeprefix("certificate-").removesuffix(".pdf")
    return Held(attached.content, number, public, own)


def _pdfs(attachments: tuple[Attachment, ...]) -> Iterator[Attachment]:
    return (one for one in attachments if one.content_type == "application/pdf")


def _named(person: Person) -> str:
    return person.address


def each_holder() -> pytest.MarkDecorator:
    """Try each person who earned a certificate on their own."""
    return pytest.mark.parametrize("person", HOLDERS, ids=_named)


def _is_latin(name: str) -> bool:
    return all(ord(letter) < 0x250 for letter in name)


def _spaced(text: str) -> str:
    return " ".join(text.split())


def test_everybody_got_what_they_are_entitled_to_and_nothing_else(season: Season) -> None:
    assert outcome.differences(outcome.summarise(season), season) == []


@each_holder()
def test_a_certificate_is_tagged_for_screen_readers(
    season: Season, person: Person, tmp_path: Path
) -> None:
    file = tmp_path / "certificate.pdf"
    file.write_bytes(_held(season, person).pdf)
    report = pdfua.validate(str(file))

    assert [finding.message for finding in report.findings] == []
    skipped = {outcome.rule_id for outcome in report.outcomes if outcome.skipped_reason}
    assert skipped <= _NOT_CHECKED


@each_holder()
def test_a_certificate_says_whose_it_is_and_its_number(season: Season, person: Person) -> None:
    held = _held(season, person)
    text = _spaced(paper.read(held.pdf))

    assert held.number in text
    if _is_latin(person.name):
        assert person.name in text


@pytest.mark.skipif(
    shutil.which("pdftotext") is None or shutil.which("pdfinfo") is None,
    reason="pdftotext and pdfinfo are not installed (Debian: poppler-utils)",
)
@each_holder()
def test_other_peoples_tools_read_the_certificate_too(
    season: Season, person: Person, tmp_path: Path
) -> None:
    held = _held(season, person)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(held.pdf)
    about, text = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for command in (["pdfinfo", str(file)], ["pdftotext", "-layout", str(file), "-"])
    )

    assert re.search(r"^Tagged: +yes$", about, re.MULTILINE)
    assert re.search(r"^Pages: +1$", about, re.MULTILINE)
    assert held.number in text
    if _is_latin(person.name):
        assert person.name in _spaced(text)


@each_holder()
def test_the_public_page_says_valid_and_whose_only_if_the_holder_wishes(
    season: Season, person: Person
) -> None:
    held = _held(season, person)

    masked = open_link(held.public_page)
    assert masked.status == 200
    assert "This certificate is valid." in masked.text
    assert held.number in masked.text
    assert not [word for word in person.name.split() if len(word) > 2 and word in masked.text]

    chosen = _choose(held, "yes")
    assert chosen.status == 200
    assert person.name in _unescaped(open_link(held.public_page))

    assert _choose(held, "no").status == 200
    assert open_link(held.public_page).body == masked.body


def _choose(held: Held, show_name: str) -> Opened:
    form = urllib.parse.urlencode({"show_name": show_name}).encode()
    with urllib.request.urlopen(held.own_page, data=form, timeout=20) as answer:  # noqa: S310
        return Opened(answer.status, answer.read())


def _unescaped(opened: Opened) -> str:
    return opened.text.replace("&#39;", "'")


def test_opening_ones_own_page_alone_changes_nothing(season: Season) -> None:
    held = _held(season, HOLDERS[0])
    before = open_link(held.public_page).body
    assert open_link(held.own_page).status == 200
    assert open_link(held.public_page).body == before


def test_what_is_no_certificate_looks_the_same_whatever_was_asked_for(season: Season) -> None:
    page, _, _ = _held(season, HOLDERS[0]).public_page.rpartition("/")
    own, _, token = _held(season, HOLDERS[0]).own_page.rpartition("/")
    addresses = [
        *(f"{page}/{unknown}" for unknown in _UNKNOWN),
        f"{own}/{_forged(token)}",
    ]
    opened = [open_link(address) for address in addresses]
    # Made for another page, which has an answer of its own to whatever opens nothing.
    assert open_link(f"{own.replace('my-certificate', 'watch')}/{token}").status == 404

    bodies = dict(zip(addresses, opened, strict=True))
    assert {one.status for one in opened} == {404}, bodies
    assert len({one.body for one in opened}) == 1, bodies


def _forged(token: str) -> str:
    """The token with another signature."""
    said, _, signature = token.partition(".")
    return f"{said}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def test_who_took_the_money_back_is_told_that_this_ended_the_access(season: Season) -> None:
    opened = season.opened[people.REFUNDED.address]
    assert opened.status == 403
    assert "was refunded, so your access has ended" in opened.text


def test_who_comes_too_late_is_told_the_last_day_as_the_institute_counts_it(
    season: Season,
) -> None:
    catalogue = season.catalogue(MISA)
    ended = catalogue.sessions[0].ends_at.astimezone(ZoneInfo("Asia/Kolkata"))
    last = ended.date() + timedelta(days=14)
    opened = season.opened[people.COMES_TOO_LATE.address]

    assert opened.status == 403
    assert f"until {last:%A, %B} {last.day}, {last.year}." in opened.text


def test_nobody_got_the_same_letter_twice(season: Season) -> None:
    sent = Counter(
        (address, letter.subject)
        for letter in read_inbox(season.stack.letters_folder)
        for address in letter.to
    )
    assert [pair for pair, times in sent.items() if times > 1] == []


def _entries(season: Season, person: Person) -> Iterator[Any]:
    for letter in season.letters(person, "your seat"):
        for attached in letter.attachments:
            if attached.content_type == "text/calendar":
                yield from Calendar.from_ical(attached.content).walk("VEVENT")


def test_a_confirmation_brings_an_entry_for_the_calendar_of_every_session_bought(
    season: Season,
) -> None:
    titles = {
        held.starts_at: held.title
        for series in (IDHA, MISA)
        for held in season.catalogue(series).sessions
    }
    entries: Counter[str] = Counter()
    for person in EVERYBODY:
        for event in _entries(season, person):
            entries[person.address] += 1
            starts, ends = event["DTSTART"].dt, event["DTEND"].dt
            assert event["UID"]
            assert starts.tzinfo is not None and ends > starts
            if person in people.IDHA:
                assert titles[starts] == str(event["SUMMARY"])
    assert entries[people.GENERAL.address] == 1
    assert entries[people.GENERAL_BUNDLE.address] == 5
    assert entries[people.UNDERPAID.address] == 0
