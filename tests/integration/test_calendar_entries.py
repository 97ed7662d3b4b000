"""Calendar files, read back the way a calendar program reads them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from shared.adapters.calendar_entries import calendar, sequence_at
from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from tests.catalogues import (
    CATALOGUES,
    LEARNER_ID,
    NOW,
    classes_catalogue,
    letter_facts,
    unit_catalogue,
)

every_shape = pytest.mark.parametrize("shape", CATALOGUES)


def a_file(catalogue: Catalogue, *, sequence: int = 0, cancelled: bool = False) -> bytes:
    return calendar(
        catalogue.institute,
        catalogue.sessions,
        LEARNER_ID,
        NOW,
        sequence=sequence,
        links={session.id: session.joining_link or "" for session in catalogue.sessions},
        cancelled=cancelled,
    )


def events(content: bytes) -> list[Any]:
    return list(Calendar.from_ical(content).walk("VEVENT"))


@every_shape
def test_every_session_is_one_entry_at_its_time_with_the_way_in(shape: str) -> None:
    catalogue = CATALOGUES[shape]()
    entries = events(a_file(catalogue))
    assert len(entries) == len(catalogue.sessions)
    for entry, session in zip(entries, catalogue.sessions, strict=True):
        assert entry["SUMMARY"] == session.title
        assert (entry.start, entry.end) == (session.starts_at, session.ends_at)
        assert entry["LOCATION"] == entry["URL"] == session.joining_link
        assert session.joining_link in entry["DESCRIPTION"]
        assert session.faculty[0] in entry["DESCRIPTION"]
        assert catalogue.institute.contact in entry["DESCRIPTION"]
        assert entry["ORGANIZER"] == f"mailto:{catalogue.institute.contact}"
        assert entry["ORGANIZER"].params["CN"] == catalogue.institute.name
        assert entry["STATUS"] == "CONFIRMED"
        assert entry["DTSTAMP"].dt == NOW


def test_all_times_are_utc_so_that_no_zone_table_has_to_travel_along() -> None:
    content = a_file(unit_catalogue()).decode()
    assert "DTSTART:20251101T123000Z" in content  # 6:00 pm in India
    assert "TZID" not in content and "VTIMEZONE" not in content
    assert "METHOD:PUBLISH\r\n" in content and "ATTENDEE" not in content


def test_a_later_file_replaces_the_same_entries_and_a_cancellation_takes_them_away() -> None:
    catalogue = classes_catalogue()
    first, moved = events(a_file(catalogue)), events(a_file(catalogue, sequence=1))
    cancelled = a_file(catalogue, sequence=2, cancelled=True)
    uids = [entry["UID"] for entry in first]
    assert len(set(uids)) == 5
    assert [entry["UID"] for entry in moved] == uids
    assert [entry["UID"] for entry in events(cancelled)] == uids
    assert {entry["SEQUENCE"] for entry in first} == {0}
    assert {entry["SEQUENCE"] for entry in moved} == {1}
    assert {entry["STATUS"] for entry in events(cancelled)} == {"CANCELLED"}
    assert b"METHOD:CANCEL\r\n" in cancelled and b"zoom.example" not in cancelled


def test_two_people_never_share_an_entry() -> None:
    catalogue = classes_catalogue()
    hers = calendar(catalogue.institute, catalogue.sessions, "l-one", NOW, sequence=0)
    his = calendar(catalogue.institute, catalogue.sessions, "l-two", NOW, sequence=0)
    assert not {e["UID"] for e in events(hers)} & {e["UID"] for e in events(his)}


def test_a_refund_always_counts_for_more_than_the_confirmation_before_it() -> None:
    catalogue = classes_catalogue()
    composer = JinjaComposer()
    bought = composer.compose(letter_facts(LetterKind.CONFIRMATION, catalogue))
    facts = letter_facts(LetterKind.REFUNDED, catalogue)
    later = facts.letter.model_copy(update={"owed_at": NOW + timedelta(seconds=1)})
    refunded = composer.compose(facts.model_copy(update={"letter": later}))
    before, after = (events(one.attachments[0].content) for one in (bought, refunded))
    assert [entry["UID"] for entry in before] == [entry["UID"] for entry in after]
    assert all(new["SEQUENCE"] > old["SEQUENCE"] for old, new in zip(before, after, strict=True))
    assert refunded.attachments[0].parameters == {"method": "CANCEL", "charset": "utf-8"}
    assert bought.attachments[0].parameters == {"method": "PUBLISH", "charset": "utf-8"}


def test_sequence_numbers_fit_what_calendars_store() -> None:
    assert sequence_at(datetime(2019, 1, 1, tzinfo=UTC)) == 0
    assert sequence_at(datetime(2087, 12, 31, tzinfo=UTC)) < 2**31


def test_lines_stay_within_75_octets_in_every_script_and_read_back_whole() -> None:
    catalogue = unit_catalogue(name="दक्षिण एशिया में पागल " * 5)
    title = "सामाजिक न्याय, दृष्टिकोण; चिकित्सा\\अभ्यास: " * 3
    sessions = tuple(
        session.model_copy(update={"title": title.strip()}) for session in catalogue.sessions
    )
    content = a_file(catalogue.model_copy(update={"sessions": sessions}))
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    for line in lines:
        line.decode()  # no character is cut in two
    assert {entry["SUMMARY"] for entry in events(content)} == {title.strip()}


def test_a_session_without_a_way_in_is_still_written_down() -> None:
    catalogue = classes_catalogue()
    content = calendar(catalogue.institute, catalogue.sessions, LEARNER_ID, NOW, sequence=0)
    assert {entry["LOCATION"] for entry in events(content)} == {"Online"}
    assert b"URL" not in content and b"Join:" not in content
