"""A person's own page of their application: where it stands, what comes next, what they can do."""

from urllib.parse import urljoin

import pytest

from shared.adapters.jinja_scholarship_pages import JinjaScholarshipPages
from shared.domain.applications import Outcome
from shared.domain.money import Money
from shared.domain.scholarship_views import MyState
from tests.catalogues import SITE, classes_catalogue
from tests.reading import Reader
from tests.scholarship_paper import (
    OWN_WORDS,
    REFERENCE,
    STATES,
    an_accepted_award,
    an_application,
    an_award,
    my_view,
    part_of,
    price_of,
    round_catalogue,
    some_answers,
)

PAGES = JinjaScholarshipPages()
NOTHING = Money(minor=0, currency="USD")
ANSWER_BY = "the end of Thursday, June 19, 2025, New York time"


def page(state: MyState, **changes: object) -> Reader:
    return Reader(PAGES.my_application(my_view(round_catalogue(), state, **changes)))


def buttons(of: Reader) -> list[str]:
    return [value for tag, name, value in of.attributes if (tag, name) == ("button", "value")]


SAID: dict[MyState, tuple[str, ...]] = {
    "received": (
        "We have your application",
        "Until the end of Friday, June 13, 2025, New York time, you can send the form again",
        "vote until the end of Tuesday, June 17, 2025, New York time",
        "What you sent is erased 90 days after the decision.",
    ),
    "replaced": ("A newer application counts", "This one stays readable beside it"),
    "in_review": (
        "Your application is being read",
        "vote until the end of Tuesday, June 17, 2025, New York time",
    ),
    "waiting": (
        "You are on the waiting list",
        "The reviewers recommended a scholarship for you",
        "until the series begins on Sunday, June 22, 2025",
    ),
    "offered": (
        "We offer you a full scholarship",
        "It gives $210.00 for all 5 classes",
        "Nothing is left to pay.",
        f"Please answer by {ANSWER_BY}",
        "CE credits Not included",
        "Answer by Thursday, June 19, 2025, New York time",
    ),
    "to_pay": (
        "One step is left",
        "Please pay $84.00 by the end of Sunday, June 22, 2025, New York time",
        "Our staff send you a payment link.",
    ),
    "taken": ("Your seats are confirmed", "You have a seat in all 5 classes"),
    "not_awarded": ("No scholarship this time", "This says nothing of your worth"),
    "turned_down": ("You declined the scholarship", "Thank you for telling us"),
    "lapsed": (
        "The offer has ended",
        "The last day to answer was Thursday, June 19, 2025, New York time",
        "nobody holds it against you",
    ),
    "withdrawn": ("You took your application back", "nobody votes on it any more"),
    "erased": ("What you sent is erased", "gone from our records"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_says_what_it_means_and_what_comes_next(state: MyState) -> None:
    text = page(state).text.replace(" .", ".")
    for said in (*SAID[state], f"Application {REFERENCE}", "Tending the Future of Care"):
        assert said in text


@pytest.mark.parametrize("state", STATES)
def test_there_is_a_button_for_what_may_be_done_and_for_nothing_else(state: MyState) -> None:
    view = my_view(round_catalogue(), state)
    shown = page(state)
    assert sorted(buttons(shown)) == sorted(view.may)
    assert {name for tag, attribute, name in shown.attributes if (tag, attribute) == (
        "button", "name")} <= {"act"}  # fmt: skip
    primary = [value for tag, name, value in shown.attributes if (tag, name) == ("button", "class")]
    assert primary == (["act"] if "accept" in view.may else [])
    assert "action" not in {name for tag, name, _ in shown.attributes if tag == "form"}
    assert buttons(page(state, may=())) == []


def test_erasing_says_what_goes_and_that_it_cannot_be_undone_before_its_button() -> None:
    html = PAGES.my_application(my_view(round_catalogue(), "offered"))
    inside = html.split("<summary>Erase what you sent</summary>")[1].split("</details>")[0]
    for said in (
        "the name and address you gave here",
        "everything you said of yourself",
        "in every version you sent",
        "The scholarship then goes to the next person on the list.",
        "It cannot be undone.",
    ):
        assert said in inside
    assert inside.index("undone") < inside.index('value="erase"')


def test_what_was_sent_can_be_read_again_and_fetched() -> None:
    catalogue = round_catalogue()
    answers = some_answers(catalogue, profession="Psychologists")
    shown = page("received", answers=answers)
    for said in (
        "Amara Osei",
        "amara@example.org",
        "Tuesday, June 10, 2025, 11:04 am, New York time",
        "In time",
        "A partial scholarship, and could pay $126.00 of $210.00",
        "Peer and Activist or advocate",
        "Person of color and LGBTQI",
        OWN_WORDS,
        "Psychologists",
        "hard to buy.",
    ):
        assert said in shown.text
    assert f"{SITE}/my-application/token/export" in shown.links


def test_an_erased_page_holds_nothing_but_the_number() -> None:
    shown = page("erased")
    for gone in ("Amara", "hard to buy", "Kutchi", "Low income", "export"):
        assert gone not in shown.text + " ".join(shown.links)
    assert "form" not in shown.tags and "details" not in shown.tags


def test_answers_that_are_erased_are_not_shown_as_empty_lines() -> None:
    catalogue = round_catalogue()
    gone = some_answers(catalogue).erased(an_application(catalogue).submitted_at)
    assert "Show what you sent" not in page("not_awarded", answers=gone).text


def test_a_decided_application_says_how_and_until_when_it_is_kept() -> None:
    text = page("not_awarded").text
    assert "How it was decided No scholarship: 2 of 3 reviewers recommended this." in text
    assert "What you sent is erased at the end of Monday, September 15, 2025" in text


def test_who_waits_without_a_recommendation_is_not_told_of_one() -> None:
    catalogue = round_catalogue()
    decision = my_view(catalogue, "not_awarded").decision
    shown = page(
        "waiting",
        decision=decision,
        application=an_application(catalogue, outcome=Outcome.WAITLIST),
    )
    assert "recommended a scholarship for you" not in shown.text


def test_a_partial_offer_says_what_is_left_and_what_goes_back() -> None:
    catalogue = round_catalogue()
    award, price = an_award(catalogue, 60), price_of(catalogue)
    plain = page("offered", award=award).text
    assert "We offer you a partial scholarship" in plain
    assert "$84.00 is left for you to pay." in plain and "goes back" not in plain
    paid = page("offered", award=award, due=NOTHING, back=part_of(price, 60)).text
    assert "What you have paid already covers the rest." in paid
    assert "If you accept, $126.00 of what you have paid goes back to you" in paid
    assert "Goes back to you $126.00" in paid


def test_a_code_is_shown_large_and_with_it_the_way_to_pay() -> None:
    award = an_accepted_award(round_catalogue(), promotion_code="CAREB4KX")
    shown = page("to_pay", award=award)
    assert "Choose “All five classes, general” on the page of the series" in shown.text
    assert ("p", "class", "number") in shown.attributes and "CAREB4KX" in shown.text
    assert classes_catalogue().series.page in shown.links
    assert "payment link" not in shown.text


def test_without_a_code_nobody_is_sent_to_pay_the_whole_price() -> None:
    assert classes_catalogue().series.page not in page("to_pay").links


def test_who_has_their_seats_is_not_asked_to_pay_any_more() -> None:
    catalogue = round_catalogue()
    taken = my_view(catalogue, "taken").award
    assert taken is not None
    partial = an_accepted_award(catalogue, status=taken.status)
    assert "Left to pay" not in page("taken", award=partial).text
    back = taken.model_copy(update={"back": part_of(price_of(catalogue), 50)})
    assert "We return $105.00 to you, the way you paid." in page("taken", award=back).text


def test_who_did_not_pay_in_time_reads_that_day() -> None:
    text = page("lapsed", award=an_accepted_award(round_catalogue())).text
    assert "The last day to pay the rest was Sunday, June 22, 2025, New York time" in text


def test_the_form_can_be_opened_again_while_the_round_is_open() -> None:
    shown = page("received")
    (again,) = [link for link in shown.links if "scholarships" in link]
    stage = "https://x.example/_aws/execute-api/abc/live"
    assert urljoin(f"{stage}/my-application/token", again) == f"{stage}/scholarships/tending-2025"
    assert not [link for link in page("in_review").links if "scholarships" in link]


def test_late_ones_are_read_all_the_same() -> None:
    late = an_application(round_catalogue(), late=True)
    for state in ("received", "in_review"):
        text = page(state, application=late).text
        assert "We keep and read it all the same" in text
        assert "Until the end of Friday" not in text


@pytest.mark.parametrize("state", STATES)
def test_the_page_still_opens_when_the_round_has_left_the_catalogue(state: MyState) -> None:
    view = my_view(round_catalogue(), state).model_copy(update={"catalogue": classes_catalogue()})
    shown = Reader(PAGES.my_application(view))
    assert REFERENCE in shown.text and sorted(buttons(shown)) == sorted(view.may)


def test_what_stands_in_the_way_is_said_first() -> None:
    html = PAGES.my_application(my_view(round_catalogue(), "offered", problem="No seat is left."))
    assert html.index("No seat is left.") < html.index("<h1>")
    assert ("div", "role", "alert") in Reader(html).attributes
