"""The form that people apply with, and what they read once it is sent."""

import re
from urllib.parse import urljoin

import pytest

from shared.adapters.jinja_scholarship_pages import JinjaScholarshipPages
from shared.domain.scholarship_form import FIELDS, HONEYPOT
from tests.catalogues import classes_catalogue
from tests.form_reading import Form
from tests.reading import Reader
from tests.scholarship_paper import (
    OWN_WORDS,
    REFERENCE,
    TEXT,
    form_view,
    received_view,
    round_catalogue,
    sent_fields,
)

PAGES = JinjaScholarshipPages()
STAGE = "https://x.example/_aws/execute-api/abc/live"


def test_the_form_is_sent_to_one_address_from_wherever_it_is_shown() -> None:
    view = form_view(round_catalogue())
    for html, shown_at in (
        (PAGES.form(view), f"{STAGE}/scholarships/tending-2025"),
        (PAGES.form(view, posted=True), f"{STAGE}/scholarships"),
    ):
        (form,) = Form(html).forms
        assert urljoin(shown_at, form["action"]) == f"{STAGE}/scholarships"
        assert "enctype" not in form


def test_the_form_asks_for_what_the_round_reads_and_for_nothing_else() -> None:
    form = Form(PAGES.form(form_view(round_catalogue(credit=True))))
    assert form.names() == {*FIELDS, "token", HONEYPOT}
    assert form.one("token") == {
        "tag": "input", "type": "hidden", "name": "token", "value": "form-token"
    }  # fmt: skip
    assert form.one("name")["autocomplete"] == "name"
    assert form.one("email")["autocomplete"] == "email" and form.one("email")["type"] == "email"
    assert form.one("could_pay")["inputmode"] == "decimal"
    assert {one["value"] for one in form.fields if one.get("name") == "ask"} == {"full", "partial"}
    assert form.one("consent")["value"] == "yes" and form.chosen("consent") == []
    assert "maxlength" not in {key for field in form.fields for key in field}


def test_what_matters_to_nobody_in_this_round_is_not_asked() -> None:
    assert "profession" not in Form(PAGES.form(form_view(round_catalogue()))).names()
    assert "profession" not in Form(PAGES.form(form_view(round_catalogue("unit")))).names()
    bare = Form(PAGES.form(form_view(round_catalogue(roles=(), priorities=()))))
    assert not {"roles", "priorities", "own_words"} & bare.names()


def test_the_field_for_machines_is_out_of_the_way_of_people() -> None:
    html = PAGES.form(form_view(round_catalogue()))
    trap = Form(html).one(HONEYPOT)
    assert (trap["tabindex"], trap["autocomplete"], trap["value"]) == ("-1", "off", "")
    assert re.search(r'<div class="unseen" aria-hidden="true">\s*<label for="website">', html)
    assert "Leave this empty" in Reader(html).text
    assert re.search(r"\.unseen \{ position: absolute; left: -\d+px", html)


def test_the_form_says_until_when_for_how_much_and_who_reads_it() -> None:
    text = Reader(PAGES.form(form_view(round_catalogue()))).text
    for said in (
        "all 5 classes, which cost $210.00 together",
        "until the end of Friday, June 13, 2025, New York time",
        "9:29 am India, Saturday",
        "Scholarships do not include CE credits.",
        "there is room for 6,000 characters",
        "How much of $210.00 could you pay?",
        "The 3 reviewers read what you wrote. They see your name only once they have voted",
        "We erase it 90 days after the decision",
        "Reviewers see that you answered here, and not what.",
        "contact@idha.example",
    ):
        assert said in text
    assert "late" not in text


def test_other_rounds_say_their_own_hour_days_and_credit() -> None:
    catalogue = round_catalogue(
        "unit", deadline="2025-10-24 17:30", credit=True, keep_days=1, votes_needed=1,
        reviewers=("one@readers.example",),
    )  # fmt: skip
    text = Reader(PAGES.form(form_view(catalogue))).text
    for said in (
        "all 4 sessions, which cost ₹4,500.00 together",
        "until Friday, October 24, 2025, 5:30 pm, India time",
        "Scholarships include a certificate.",
        "One reviewer reads what you wrote.",
        "We erase it 1 day after the decision",
    ):
        assert said in text


def test_who_comes_late_is_told_that_they_may_still_apply() -> None:
    text = Reader(PAGES.form(form_view(round_catalogue(), late=True))).text
    assert "The deadline has passed. It was the end of Friday, June 13, 2025" in text
    assert "You can still apply" in text and "You can apply until" not in text


def test_nothing_that_was_filled_in_is_lost_when_something_is_to_be_put_right() -> None:
    catalogue = round_catalogue(credit=True)
    sent = sent_fields(catalogue)
    form = Form(PAGES.form(form_view(catalogue, problems=("email",), fields=sent), posted=True))
    for name in ("name", "email", "could_pay"):
        assert form.one(name)["value"] == sent[name][0]
    assert form.texts == {"text": TEXT, "own_words": OWN_WORDS}
    for name in ("roles", "ask", "priorities", "consent"):
        assert form.chosen(name) == list(sent[name])
    page = Reader(PAGES.form(form_view(catalogue, fields=sent)))
    assert page.attributes.count(("option", "selected", "")) == 1


def test_what_is_to_be_put_right_is_said_at_the_top_and_at_its_field() -> None:
    catalogue = round_catalogue(credit=True)
    html = PAGES.form(form_view(catalogue, problems=tuple(reversed(FIELDS))), posted=True)
    page, form = Reader(html), Form(html)
    top, _, below = page.text.partition("Apply for a scholarship If cost stands")
    assert "Nothing is sent yet" in top
    assert page.links[: len(FIELDS)] == [f"#{name}" for name in FIELDS]
    assert ("div", "role", "alert") in page.attributes
    assert ("div", "tabindex", "-1") in page.attributes
    assert ("div", "autofocus", "") in page.attributes
    assert "<title>To put right: " in html
    for name in FIELDS:
        assert f"About the {name}." in top and f"About the {name}." in below
        assert f"{name}-problem" in form.described and f"{name}-problem" in form.ids
    for name in ("name", "email", "could_pay", "text", "own_words", "profession", "consent"):
        assert form.one(name)["aria-invalid"] == "true"
    assert "aria-invalid" not in PAGES.form(form_view(catalogue))
    assert "<title>Apply " in PAGES.form(form_view(catalogue))


def test_a_problem_with_a_field_that_is_not_shown_is_said_all_the_same() -> None:
    html = PAGES.form(form_view(round_catalogue(), problems=("profession",)))
    assert "About the profession." in Reader(html).text
    assert "#profession" not in Reader(html).links


def test_a_form_to_be_sent_once_more_says_why_above_all_else() -> None:
    view = form_view(round_catalogue(), notice="This page had been open for very long.")
    text = Reader(PAGES.form(view, posted=True)).text
    assert "Please send it once more This page had been open for very long. Apply for" in text


def test_the_receipt_shows_the_number_and_what_comes_next_and_opens_nothing_personal() -> None:
    page = Reader(PAGES.received(received_view(round_catalogue())))
    for said in (
        REFERENCE,
        "A letter is on its way",
        "Until the end of Friday, June 13, 2025, New York time, you can send the form again",
        "vote until the end of Tuesday, June 17, 2025, New York time",
    ):
        assert said in page.text
    assert set(page.links) == {"mailto:contact@idha.example"}
    late = Reader(PAGES.received(received_view(round_catalogue(), late=True))).text
    assert "It came after the deadline" in late and "send the form again" not in late


def test_a_used_form_leads_to_a_new_one() -> None:
    page = Reader(PAGES.form_used(round_catalogue(), REFERENCE))
    assert urljoin(f"{STAGE}/scholarships", page.links[0]) == f"{STAGE}/scholarships/tending-2025"


def test_a_page_of_a_round_needs_a_round() -> None:
    with pytest.raises(ValueError, match="tending-2025 awards no scholarships"):
        PAGES.received(received_view(classes_catalogue()))
