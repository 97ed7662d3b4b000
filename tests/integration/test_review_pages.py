"""What reviewers open: their list in words, and one application without a name until they vote."""

from shared.adapters.jinja_scholarship_pages import JinjaScholarshipPages
from shared.domain.applications import Ask
from tests.form_reading import Form
from tests.reading import Reader
from tests.scholarship_paper import (
    REFERENCE,
    TEXT,
    a_row,
    list_view,
    review_view,
    round_catalogue,
)

PAGES = JinjaScholarshipPages()


def test_reviewers_see_first_what_waits_for_them_in_words() -> None:
    rows = (
        a_row(2, voted=True, votes=2, decided=True),
        a_row(3, priority=True, late=True, votes=1),
        a_row(4, stood_aside=True, voted=True),
        a_row(5, decided=True, votes=2),
        a_row(6),
    )
    page = Reader(PAGES.review_list(list_view(round_catalogue(), *rows)))
    listed = [link for link in page.links if "/review/" in link]
    assert listed == [rows[at].link for at in (1, 4, 0, 2, 3)]
    for said in (
        "until the end of Tuesday, June 17, 2025, New York time",
        "Each application needs 2 votes.",
        "2 wait for your vote",
        f"{rows[1].reference} Priority group · Late · 1 of 2 votes",
        f"{rows[0].reference} 2 votes · You have voted",
        f"{rows[2].reference} 0 of 2 votes · You stood aside",
        f"{rows[3].reference} 2 votes · Decided",
    ):
        assert said in page.text
    assert "form" not in page.tags


def test_an_empty_list_says_what_will_appear_and_a_closed_one_that_it_is_over() -> None:
    empty = Reader(PAGES.review_list(list_view(round_catalogue()))).text
    assert "There are no applications yet. Each appears here as soon as it comes in" in empty
    closed = Reader(PAGES.review_list(list_view(round_catalogue(), a_row(2), closed=True))).text
    assert "Voting has ended." in closed and "wait" not in closed


def test_a_reviewer_reads_the_text_and_votes_without_a_name() -> None:
    view = review_view(round_catalogue(), texts=(TEXT, "An earlier text"), late=True)
    html = PAGES.review(view)
    page, form = Reader(html), Form(html)
    for said in (
        f"Application {REFERENCE}",
        "Priority Yes, from a priority group",
        "Arrived Late",
        "Peer · Activist or advocate",
        "A partial scholarship, and could pay $84.00 of $210.00",
        "How much of $210.00 should we give?",
        "A vote cannot be changed.",
    ):
        assert said in page.text
    assert page.text.index("hard to buy") < page.text.index("An earlier text")
    assert page.tags.count("details") == 1
    assert form.names() == {"outcome", "award", "strength", "conflict"}
    outcomes = [one["value"] for one in form.fields if one.get("name") == "outcome"]
    assert outcomes == ["full", "partial", "waitlist", "decline"]
    assert form.chosen("outcome") == [] and form.chosen("strength") == ["2"]
    assert {field["value"] for field in form.fields if field.get("name") == "strength"} == {
        "1", "2", "3"
    }  # fmt: skip
    assert form.one("conflict")["value"] == "yes" and len(form.forms) == 2
    assert all("action" not in one for one in form.forms)
    assert "From" not in page.text and "Votes so far" not in page.text


def test_the_name_and_the_votes_appear_once_the_reviewer_has_voted_or_stood_aside() -> None:
    for voted in (True, False):
        view = review_view(
            round_catalogue(),
            voted=voted,
            name="Amara Osei",
            votes=("A full scholarship", "Stood aside"),
        )
        page = Reader(PAGES.review(view))
        assert "From Amara Osei ." in page.text
        assert "Votes so far A full scholarship Stood aside" in page.text
        assert "form" not in page.tags
        assert page.links[0] == view.back


def test_after_voting_has_ended_there_is_nothing_to_vote_with() -> None:
    page = Reader(PAGES.review(review_view(round_catalogue(), closed=True)))
    assert "Voting has ended." in page.text and "form" not in page.tags


def test_a_vote_that_was_not_taken_says_why_above_the_rest() -> None:
    html = PAGES.review(review_view(round_catalogue(), problem="What do you recommend?"))
    assert ("div", "role", "alert") in Reader(html).attributes
    assert "#vote" in Reader(html).links
    assert html.index("What do you recommend?") < html.index("<h1>")


def test_who_asks_for_everything_is_said_to_ask_for_a_full_scholarship() -> None:
    page = Reader(PAGES.review(review_view(round_catalogue(), ask=Ask(full=True), priority=False)))
    assert "Asks for A full scholarship" in page.text and "Priority No" in page.text
