"""Letters as people get them: what each kind says, to both institutes, and what it never does."""

import re
from datetime import timedelta

import pytest

from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.catalogue import Catalogue
from shared.domain.letter_facts import Composed, LetterFacts
from shared.domain.letters import Fact, LetterKind
from tests.catalogues import (
    CATALOGUES,
    NOW,
    SITE,
    a_learner,
    a_verdict,
    an_order,
    classes_catalogue,
    letter_facts,
    unit_catalogue,
)
from tests.reading import Reader
from tests.scholarship_mail import facts_of

COMPOSER = JinjaComposer()


def write(kind: LetterKind, catalogue: Catalogue | None = None, **changes: object) -> Composed:
    catalogue = catalogue or classes_catalogue()
    return COMPOSER.compose(facts_of(kind, catalogue, **changes))


def one_class(**changes: object) -> LetterFacts:
    """A confirmation of the last class alone."""
    catalogue = classes_catalogue()
    return letter_facts(
        LetterKind.CONFIRMATION, catalogue, sessions=catalogue.sessions[-1:], **changes
    )


every_letter = pytest.mark.parametrize(
    ("shape", "kind"), [(shape, kind) for shape in CATALOGUES for kind in LetterKind]
)


@every_letter
def test_every_letter_is_whole_and_follows_the_house_style(shape: str, kind: LetterKind) -> None:
    catalogue = CATALOGUES[shape]()
    letter = write(kind, catalogue)
    page = Reader(letter.html)

    assert 0 < len(letter.subject) < 60
    assert "\n" not in letter.subject and not letter.subject.startswith("Subject")
    assert page.open == []
    assert page.tags.count("h1") == 1 and page.tags.count("main") == 1
    assert ("html", "lang", "en") in page.attributes
    assert not {"img", "script", "link", "form", "iframe"} & set(page.tags)
    assert "url(" not in letter.html
    assert letter.html.count('<a class="button"') <= 1
    for words in (letter.subject, letter.text, letter.html):
        assert not re.search(r"\{\{|\{%|\{#|%\}|\}\}|None|Undefined|Markup", words)
    for forbidden in ("invalid", "error", "user", "!", "EST", "patient"):
        assert not re.search(rf"\b{forbidden}\b" if forbidden.isalpha() else forbidden, letter.text)
    assert catalogue.institute.name in letter.text
    assert catalogue.institute.name in page.text


@every_letter
def test_whoever_reads_plain_text_gets_every_link_too(shape: str, kind: LetterKind) -> None:
    letter = write(kind, CATALOGUES[shape]())
    for link in Reader(letter.html).links:
        assert link.removeprefix("mailto:") in letter.text


@every_letter
def test_a_letter_composed_twice_is_the_same_letter(shape: str, kind: LetterKind) -> None:
    assert write(kind, CATALOGUES[shape]()) == JinjaComposer().compose(
        facts_of(kind, CATALOGUES[shape]())
    )


def test_a_bundle_buyer_sees_all_five_classes_with_times_for_where_they_live() -> None:
    letter = write(LetterKind.CONFIRMATION)
    page = Reader(letter.html).text
    assert letter.subject == "Your seats: 5 classes, Jun 22 to Sep 14"
    assert letter.text.count("9:00 am Los Angeles · 5:00 pm London · 9:30 pm India") == 5
    for said in (
        "Hello Amara Osei,",
        "You have a seat in all 5 classes of Tending the Future of Care.",
        "In All Things a Wisdom: Complexity Theory & Practice for Liberatory Mental Health",
        "Sunday, June 22, 2025, 12:00–2:30 pm, New York time",
        "Sunday, September 14, 2025, 12:00–2:30 pm, New York time",
        "With Charmaine Harris and Russell Razzaque · automated captions · ASL",
        "CE credits, 2.25 per class",
        "A certificate follows after each class that you attend live.",
        "Please install Zoom before the first class.",
        "ASL interpretation and automated captions come with every class.",
        "You can have your money back up to 7 days before a class.",
    ):
        assert said in letter.text
        assert said in page
    assert "Paid: $210.00" in letter.text and "Reference: pi_3RVexample0001" in letter.text
    assert "Paid $210.00 Rate General Reference pi_3RVexample0001" in page
    assert "https://community.example/invitation" in letter.text
    for number in range(1, 6):
        assert f"https://zoom.example/j/tfc-{number}-" in letter.text
    assert [file.filename for file in letter.attachments] == ["tending-2025.ics"]


def test_a_reduced_buyer_is_told_kindly_that_ce_credits_are_not_part_of_the_rate() -> None:
    catalogue = classes_catalogue()
    said = "CE credits are not part of the Reduced/Member rate."
    reduced = write(
        LetterKind.CONFIRMATION,
        tier=catalogue.tier("reduced"),
        order=an_order(catalogue, "all-five-reduced"),
    )
    assert f"{said} If you need them, write to contact@idha.example" in reduced.text
    assert said in Reader(reduced.html).text
    assert "certificate follows" not in reduced.text
    assert "$105.00" in reduced.text
    assert said not in write(LetterKind.CONFIRMATION).text


def test_who_gets_credit_is_asked_for_name_and_license_and_nobody_else_is() -> None:
    asked = f"{SITE}/me/token/particulars"
    classes = classes_catalogue()
    order = an_order(classes, "all-five-reduced")
    reduced = write(LetterKind.CONFIRMATION, tier=classes.tier("reduced"), order=order)

    assert asked in write(LetterKind.CONFIRMATION).text
    assert asked in Reader(write(LetterKind.CONFIRMATION).html).links
    assert asked not in reduced.text
    assert asked not in write(LetterKind.CONFIRMATION, unit_catalogue()).text


def test_one_class_is_named_in_the_subject_and_joined_by_the_one_button() -> None:
    letter = COMPOSER.compose(one_class())
    assert letter.subject == "Your seat: What Emerges in Dialogue, Sep 14"
    assert "You have a seat in a class of Tending" in letter.text
    assert letter.html.count('<a class="button"') == 1
    assert [file.filename for file in letter.attachments] == ["tfc-5-dialogue.ics"]


def test_who_comes_late_to_the_series_learns_what_is_over_and_how_it_can_still_be_seen() -> None:
    links = {"join:tfc-5-dialogue": "https://zoom.example/j/tfc-5-dialogue"}
    letter = write(LetterKind.CONFIRMATION, links=links)
    over = "This class is over. Its recording comes in a letter of its own as soon as it is ready."
    assert letter.text.count(over) == 4 and Reader(letter.html).text.count(over) == 4
    assert letter.text.count("Join: ") == 1


def test_who_comes_after_the_recording_window_is_not_promised_the_recording() -> None:
    catalogue = unit_catalogue()
    facts = letter_facts(LetterKind.CONFIRMATION, catalogue, links={})
    after = catalogue.sessions[0].ends_at + timedelta(days=15)
    late = facts.letter.model_copy(update={"owed_at": after})
    letter = COMPOSER.compose(facts.model_copy(update={"letter": late}))
    assert "Its recording could be watched until Saturday, November 15, 2025." in letter.text
    assert letter.text.count("comes in a letter of its own") == 2
    assert "This circle is over. It was not recorded." in letter.text


def test_new_york_reads_the_right_hour_on_both_sides_of_the_change_of_clocks() -> None:
    letter = write(LetterKind.CONFIRMATION, unit_catalogue())
    assert letter.subject == "Your seats: 4 sessions, Nov 1 to Nov 29"
    first, second = letter.text.split("Saturday, November 8, 2025, 6:00–8:00 pm, India time")
    assert "Saturday, November 1, 2025, 6:00–8:00 pm, India time" in first
    assert "(8:30 am New York · 5:30 am Los Angeles · 12:30 pm London)" in first
    assert "(7:30 am New York · 4:30 am Los Angeles · 12:30 pm London)" in second
    assert "₹4,500.00" in letter.text
    assert "One certificate follows when you have attended every part live." in letter.text


def test_who_may_make_up_for_a_part_reads_it_before_they_miss_one() -> None:
    catalogue = unit_catalogue()
    credit = catalogue.policies.credit.model_copy(update={"make_up": ("session",)})
    policies = catalogue.policies.model_copy(update={"credit": credit})
    may = catalogue.model_copy(update={"policies": policies})

    said = "A session that you miss can be made up for by its recording."
    assert said in write(LetterKind.CONFIRMATION, may).text
    assert said not in write(LetterKind.CONFIRMATION, catalogue).text


def test_a_recording_with_a_window_says_until_when_in_the_events_zone() -> None:
    letter = write(LetterKind.RECORDING, unit_catalogue())
    assert letter.subject.startswith("Recording ready until Nov 15")
    until = "until Saturday, November 15, 2025, 8:00 pm, India time"
    assert until in letter.text and until in Reader(letter.html).text
    assert "9:30 am New York" in letter.text
    assert f"{SITE}/watch/token" in letter.text
    assert "The link is for you alone" in letter.text


def test_a_recording_without_a_window_says_that_it_stays() -> None:
    letter = write(LetterKind.RECORDING)
    assert letter.subject == "Recording ready: In All Things a Wisdom"
    assert "It has no end date." in letter.text and "until" not in letter.text


def test_a_recording_of_a_unit_says_how_far_one_is_and_what_can_be_made_up_for() -> None:
    letter = write(LetterKind.RECORDING, unit_catalogue())
    for said in (letter.text, Reader(letter.html).text):
        assert "Your unit so far: 0 of 4; next: Nov 8." in said
        assert "You can make up for it until Monday, December 1, 2025" in said
    whole = write(LetterKind.RECORDING, unit_catalogue(), make_up_until=None)
    assert "make up for it" not in whole.text
    assert "unit so far" not in write(LetterKind.RECORDING).text


def test_who_gets_no_certificate_of_a_unit_reads_how_many_parts_count() -> None:
    letter = write(LetterKind.NO_CERTIFICATE, unit_catalogue())
    assert "Your unit: 3 of 4." in letter.text and "Your unit: 3 of 4." in Reader(letter.html).text
    assert "Your unit" not in write(LetterKind.NO_CERTIFICATE).text


def test_a_certificate_comes_as_pdf_with_its_hours_and_both_of_its_pages() -> None:
    letter = write(LetterKind.CERTIFICATE)
    assert letter.subject == "Your certificate, 2.25 CE hours: What Emerges in Dialogue"
    assert f"{SITE}/my/token" in letter.text and f"{SITE}/c/" in letter.text
    (file,) = letter.attachments
    assert re.fullmatch(r"certificate-IDHA-2025-\w{4}-\w{4}\.pdf", file.filename)
    assert (file.media_type, file.content) == ("application/pdf", b"%PDF-1.7 example")


def test_no_certificate_says_every_reason_and_the_way_on() -> None:
    catalogue = classes_catalogue()
    why = ("You joined at 12:24 pm; the class asks for 12:15 pm.", "You left at 2:01 pm.")
    letter = write(LetterKind.NO_CERTIFICATE, verdict=a_verdict(catalogue, *why))
    assert letter.subject == "No certificate this time: What Emerges in Dialogue"
    for reason in why:
        assert reason in letter.text and reason in Reader(letter.html).text
    assert "write to contact@idha.example" in letter.text


def test_a_refund_names_what_ended_and_clears_only_what_is_still_ahead() -> None:
    facts = letter_facts(LetterKind.REFUNDED, classes_catalogue())
    halfway = facts.letter.model_copy(update={"owed_at": NOW + timedelta(days=60)})
    letter = COMPOSER.compose(facts.model_copy(update={"letter": halfway}))
    assert letter.subject == "Refunded, $210.00: Tending the Future of Care"
    assert letter.text.count("12:00–2:30 pm, New York time") == 5
    assert "Certificates you already have stay yours" in letter.text
    calendar = letter.attachments[0].content
    assert calendar.count(b"STATUS:CANCELLED") == 3 and b"tfc-1-wisdom" not in calendar

    after = facts.letter.model_copy(update={"owed_at": NOW + timedelta(days=200)})
    late = COMPOSER.compose(facts.model_copy(update={"letter": after}))
    assert late.attachments == () and "calendar" not in late.text


def test_a_stranger_who_is_asked_for_their_address_is_not_told_that_they_registered() -> None:
    letter = write(LetterKind.ADDRESS_CONFIRM)
    for words in (letter.text, Reader(letter.html).text):
        assert "because somebody gave us this address." in words
        assert "you registered" not in words


def test_a_payment_that_failed_says_there_is_no_seat_and_where_to_try_again() -> None:
    letter = write(LetterKind.PAYMENT_FAILED)
    assert "you do not have a seat yet" in letter.text
    assert "https://idha.example/tending" in letter.text
    assert "Amount: $210.00" in letter.text and "Paid:" not in letter.text


@pytest.mark.parametrize("kind", [kind for kind in LetterKind if kind.to_staff])
def test_staff_read_every_line_and_one_next_step_even_of_an_unknown_institute(
    kind: LetterKind,
) -> None:
    for catalogue in (classes_catalogue(), None):
        facts = letter_facts(kind, catalogue, learner=a_learner("Bo <3"))
        letter, told = COMPOSER.compose(facts), facts.letter
        page = Reader(letter.html)
        values = [value for fact in told.facts for value in (fact.label, fact.value)]
        for said in (*told.lines, *values, "What to do now"):
            assert " ".join(said.split()) in page.text
            assert said.lower() in letter.text.lower()
        assert page.tags.count("h2") == 1
        named = not kind.value.startswith("staff_scholarship")
        assert ("Bo <3 <amara@example.org>" in letter.text) is named
        assert ("Bo <3 <amara@" in page.text) is named
        assert 0 < len(letter.subject) < 60


def test_staff_are_told_the_folder_that_waits_for_the_report() -> None:
    letter = write(LetterKind.STAFF_REPORT_MISSING)
    assert letter.subject == "Attendance report needed: What Emerges in Dialogue"
    assert "attendance/tfc-5-dialogue/" in letter.text


def test_staff_letters_carry_names_and_file_names_as_words_not_markup() -> None:
    facts = letter_facts(LetterKind.STAFF_RECORDING, classes_catalogue())
    hostile = (Fact(label="File", value="recordings/x/<b>{{7*7}}.mp4"),)
    letter = facts.letter.model_copy(update={"facts": hostile, "lines": ("<i>no</i>",)})
    composed = COMPOSER.compose(facts.model_copy(update={"letter": letter}))
    page = Reader(composed.html)
    assert "<b>{{7*7}}.mp4" in page.text and "<i>no</i>" in page.text
    assert not {"b", "i"} & set(page.tags)


def test_a_morning_letter_that_cannot_list_everything_says_so_in_its_first_words() -> None:
    facts = letter_facts(LetterKind.STAFF_DIGEST, classes_catalogue())
    listed = facts.letter.listed * 2
    for lines, begins in (((), f"{len(listed)} things"), (("And 3 more.",), "More than")):
        letter = facts.letter.model_copy(update={"listed": listed, "lines": lines})
        composed = COMPOSER.compose(facts.model_copy(update={"letter": letter}))
        assert composed.subject.startswith(begins)
        assert composed.subject in Reader(composed.html).text
