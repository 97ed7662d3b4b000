"""Reminders, new times and last days in words: the time first, in the event's zone and others."""

from icalendar import Calendar

from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.letters import LetterKind
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.notice_mail import notice_facts
from tests.reading import Reader

COMPOSER = JinjaComposer()


def test_a_reminder_says_when_where_and_what_to_bring() -> None:
    letter = COMPOSER.compose(notice_facts(LetterKind.REMINDER, classes_catalogue(), 168))

    assert letter.subject == "On Jun 22: In All Things a Wisdom"
    for said in (
        "Sunday, June 22, 2025, 12:00–2:30 pm, New York time",
        "9:00 am Los Angeles · 5:00 pm London · 9:30 pm India",
        "Please install Zoom before the first class.",
        "https://zoom.example/j/tfc-1-",
    ):
        assert said in letter.text
        assert said in Reader(letter.html).text or said in letter.html


def test_an_hour_before_a_reminder_is_short() -> None:
    letter = COMPOSER.compose(notice_facts(LetterKind.REMINDER, classes_catalogue(), 1))

    assert letter.subject == "Starting at 12:00 pm: In All Things a Wisdom"
    assert "starts soon" in letter.text
    assert "install" not in letter.text


def test_a_new_time_comes_with_an_entry_that_moves_the_one_in_the_calendar() -> None:
    catalogue = classes_catalogue()
    confirmed = COMPOSER.compose(notice_facts(LetterKind.MOVED, catalogue, 48))
    moved = COMPOSER.compose(notice_facts(LetterKind.MOVED, catalogue, 24))

    assert moved.subject == "New time, Jun 22: In All Things a Wisdom"
    assert "Before, it was to be on Saturday, June 21, 2025, 12:00–2:30 pm" in moved.text
    earlier, later = (
        Calendar.from_ical(letter.attachments[0].content).events[0] for letter in (confirmed, moved)
    )
    assert earlier["UID"] == later["UID"]
    assert int(str(later["SEQUENCE"])) > int(str(earlier["SEQUENCE"]))
    assert later["STATUS"] == "CONFIRMED"


def test_the_last_days_of_a_recording_are_counted_in_the_subject() -> None:
    three = COMPOSER.compose(notice_facts(LetterKind.RECORDING_ENDS, unit_catalogue(), 72))
    one = COMPOSER.compose(notice_facts(LetterKind.RECORDING_ENDS, unit_catalogue(), 24))

    assert three.subject.startswith("3 days left to watch: ")
    assert one.subject.startswith("Last day to watch: ")
    assert "November 15, 2025, 8:00 pm, India time" in one.text
