"""Letters to applicants: every date and amount that matters, in words that blame nobody."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.applications import Outcome
from shared.domain.catalogue import Catalogue
from shared.domain.letter_facts import Composed
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from tests.catalogues import CATALOGUES, SITE, a_learner, classes_catalogue
from tests.reading import Reader
from tests.scholarship_mail import facts_of, said_in_both
from tests.scholarship_paper import (
    REFERENCE,
    an_accepted_award,
    an_application,
    an_award,
    part_of,
    price_of,
    round_catalogue,
)

COMPOSER = JinjaComposer()
OF_A_ROUND = [kind for kind in LetterKind if kind.of_a_round]
TO_APPLICANTS = [kind for kind in OF_A_ROUND if kind.value.startswith("scholarship_")]
MY_PAGE = f"{SITE}/my-application/token"
ANSWER_BY = "the end of Thursday, June 19, 2025, New York time"
NOTHING = Money(minor=0, currency="USD")
LONG = "Wolfeschlegelsteinhausenbergerdorff " * 3


def write(kind: LetterKind, catalogue: Catalogue | None = None, **changes: Any) -> Composed:
    return COMPOSER.compose(facts_of(kind, catalogue or round_catalogue(), **changes))


@pytest.mark.parametrize(
    ("kind", "subject", "said"),
    [
        (
            LetterKind.SCHOLARSHIP_RECEIVED,
            f"Application {REFERENCE} received: Tending the Future of Care",
            (
                REFERENCE,
                "Until the end of Friday, June 13, 2025, New York time, you can send the form",
                "vote until the end of Tuesday, June 17, 2025, New York time",
                "90 days after the decision",
            ),
        ),
        (
            LetterKind.SCHOLARSHIP_REPLACED,
            f"Your newer application {REFERENCE} counts",
            (REFERENCE, "Reviewers can still read the earlier one", "Tuesday, June 17, 2025"),
        ),
        (
            LetterKind.SCHOLARSHIP_OFFERED,
            "Your full scholarship: please answer by Jun 19",
            (REFERENCE, "$210.00", "nothing is left for you to pay", ANSWER_BY),
        ),
        (
            LetterKind.SCHOLARSHIP_PAY,
            "Your scholarship: $84.00 to pay by Jun 22",
            (
                REFERENCE,
                "$126.00",
                "Please pay $84.00 by the end of Sunday, June 22, 2025, New York time",
                "CAREB4KX",
                "“All five classes, general”",
            ),
        ),
        (
            LetterKind.SCHOLARSHIP_WAITING,
            "You are on the waiting list: Tending the Future of Care",
            (REFERENCE, "until the series begins on Sunday, June 22, 2025", "This is not a no."),
        ),
        (
            LetterKind.SCHOLARSHIP_NOT_AWARDED,
            "No scholarship this time: Tending the Future of Care",
            (REFERENCE, "other ways to take part", "A person reads it."),
        ),
        (
            LetterKind.SCHOLARSHIP_LAPSED,
            "The scholarship offer has ended: Tending the Future of Care",
            (REFERENCE, "The last day to answer was Thursday, June 19, 2025", "nobody holds it"),
        ),
        (
            LetterKind.SCHOLARSHIP_WITHDRAWN,
            f"Application {REFERENCE} is taken back",
            (REFERENCE, "If this was not you"),
        ),
    ],
)
def test_each_letter_says_its_fact_first_and_every_date_and_amount_that_matters(
    kind: LetterKind, subject: str, said: tuple[str, ...]
) -> None:
    letter = write(kind)
    assert letter.subject == subject
    said_in_both(letter, "Hello Amara Osei,", *said)
    assert MY_PAGE in letter.text and MY_PAGE in Reader(letter.html).links
    assert "keep it to yourself" in letter.text


@pytest.mark.parametrize("shape", CATALOGUES)
@pytest.mark.parametrize("kind", TO_APPLICANTS)
def test_an_applicant_is_told_that_they_applied_not_that_they_registered(
    kind: LetterKind, shape: str
) -> None:
    catalogue = round_catalogue(shape)
    letter = write(kind, catalogue)
    said_in_both(letter, f"because you applied for a scholarship for {catalogue.series.title}.")
    assert "registered" not in letter.text + letter.html


@pytest.mark.parametrize("kind", [LetterKind.SCHOLARSHIP_RECEIVED, LetterKind.SCHOLARSHIP_REPLACED])
def test_who_applied_late_is_told_so_and_that_it_is_read_all_the_same(kind: LetterKind) -> None:
    catalogue = round_catalogue()
    letter = write(kind, catalogue, application=an_application(catalogue, late=True))
    said_in_both(letter, "It came after the deadline", "We keep and read it all the same")
    assert "you can send the form again" not in letter.text + letter.html
    if kind is LetterKind.SCHOLARSHIP_RECEIVED:
        assert letter.subject.startswith(f"Application {REFERENCE} received late: ")


def test_a_deadline_in_the_middle_of_a_day_is_said_with_its_hour() -> None:
    letter = write(
        LetterKind.SCHOLARSHIP_RECEIVED, round_catalogue("unit", deadline="2025-10-24 17:30")
    )
    said_in_both(letter, "Until Friday, October 24, 2025, 5:30 pm, India time, you can")


def test_a_partial_award_says_what_it_gives_and_what_is_left_to_pay() -> None:
    catalogue = round_catalogue()
    letter = write(LetterKind.SCHOLARSHIP_OFFERED, catalogue, award=an_award(catalogue, 60))
    assert letter.subject == "Your partial scholarship: please answer by Jun 19"
    said_in_both(letter, "It gives $126.00 for all 5 classes, and you pay $84.00.")
    assert "Left to pay: $84.00" in letter.text
    assert "goes back" not in letter.text + letter.html


def test_who_paid_before_is_told_what_goes_back_and_what_is_left() -> None:
    catalogue = round_catalogue()
    price = price_of(catalogue)
    partial = an_award(catalogue, 60)
    some = write(
        LetterKind.SCHOLARSHIP_OFFERED,
        catalogue,
        award=partial,
        due=part_of(price, 10),
        back=NOTHING,
    )
    said_in_both(some, "and you pay $21.00.")
    assert "goes back" not in some.text
    all_of_it = write(
        LetterKind.SCHOLARSHIP_OFFERED,
        catalogue,
        award=partial,
        due=NOTHING,
        back=part_of(price, 60),
    )
    said_in_both(
        all_of_it,
        "What you have paid already covers the rest.",
        "If you accept, $126.00 of what you have paid goes back to you",
    )
    assert "Left to pay: Nothing" in all_of_it.text


@pytest.mark.parametrize(
    ("shape", "credit", "said"),
    [
        ("classes", True, "It includes CE credits."),
        ("classes", False, "It does not include CE credits. If you need them, write to"),
        ("unit", True, "It includes a certificate."),
        ("unit", False, "It does not include a certificate. If you need one, write to"),
    ],
)
def test_the_offer_says_whether_credit_comes_with_it(shape: str, credit: bool, said: str) -> None:
    said_in_both(write(LetterKind.SCHOLARSHIP_OFFERED, round_catalogue(shape, credit=credit)), said)


def test_without_a_code_nobody_is_sent_to_pay_the_whole_price() -> None:
    catalogue = round_catalogue()
    links = {"my_application": MY_PAGE, "pay": catalogue.series.page}
    award = an_accepted_award(catalogue)
    letter = write(LetterKind.SCHOLARSHIP_PAY, catalogue, award=award, links=links)
    said_in_both(letter, "Our staff send you a payment link.", "$84.00")
    assert catalogue.series.page not in letter.text + letter.html


def test_with_a_code_the_one_button_leads_to_where_it_is_entered() -> None:
    letter = write(LetterKind.SCHOLARSHIP_PAY)
    page = classes_catalogue().series.page
    assert letter.html.count('<a class="button"') == 1
    assert f'<a class="button" href="{page}"' in letter.html and page in letter.text


def test_what_is_to_be_paid_is_what_was_agreed_when_the_award_was_accepted() -> None:
    catalogue = round_catalogue()
    award = an_accepted_award(catalogue, due=Money(minor=5000, currency="USD"))
    letter = write(LetterKind.SCHOLARSHIP_PAY, catalogue, award=award, due=NOTHING)
    assert letter.subject == "Your scholarship: $50.00 to pay by Jun 22"
    said_in_both(letter, "Please pay $50.00")


def test_who_was_recommended_and_waits_learns_that_only_money_is_missing() -> None:
    catalogue = round_catalogue()
    said = "The reviewers recommended a scholarship for you"
    for outcome, recommended in ((Outcome.FULL, True), (Outcome.WAITLIST, False)):
        application = an_application(catalogue, outcome=outcome)
        letter = write(LetterKind.SCHOLARSHIP_WAITING, catalogue, application=application)
        assert (said in letter.text) is recommended
        assert (said in Reader(letter.html).text) is recommended


def test_who_accepted_and_did_not_pay_is_told_that_day_and_not_the_first_one() -> None:
    catalogue = round_catalogue()
    letter = write(LetterKind.SCHOLARSHIP_LAPSED, catalogue, award=an_accepted_award(catalogue))
    said_in_both(letter, "The last day to pay the rest was Sunday, June 22, 2025, New York time")
    assert "June 19" not in letter.text


@pytest.mark.parametrize("kind", TO_APPLICANTS)
def test_a_letter_can_still_be_written_when_the_round_has_left_the_catalogue(
    kind: LetterKind,
) -> None:
    facts = facts_of(kind, round_catalogue())
    bare = COMPOSER.compose(facts.model_copy(update={"catalogue": classes_catalogue()}))
    assert REFERENCE in bare.text and 0 < len(bare.subject) < 60
    assert "90 days" not in bare.text


@pytest.mark.parametrize("kind", OF_A_ROUND)
def test_no_title_and_no_amount_makes_a_subject_too_long(kind: LetterKind) -> None:
    catalogue = round_catalogue()
    title = "The Whole of " + "Everything " * 12
    series = catalogue.series.model_copy(update={"title": title.strip()})
    award = an_accepted_award(catalogue, due=Money(minor=10**12, currency="USD"))
    counts = {"waiting": 10**6, "late": 1}
    changes = {"award": award} if kind in TO_APPLICANTS else {"counts": counts}
    letter = write(kind, catalogue.model_copy(update={"series": series}), **changes)
    assert 0 < len(letter.subject) < 60


@pytest.mark.parametrize("name", [LONG.strip(), "प्रियंका मित्तक", "<b>A & B</b> \"Bo\" 'Q'"])
@pytest.mark.parametrize("kind", TO_APPLICANTS)
def test_every_name_is_greeted_as_it_is_and_stays_words(kind: LetterKind, name: str) -> None:
    letter = write(kind, learner=a_learner(name))
    said_in_both(letter, f"Hello {name},")
    assert Reader(letter.html).tags == Reader(write(kind).html).tags


@pytest.mark.parametrize("kind", OF_A_ROUND)
def test_a_letter_of_a_round_without_its_facts_is_refused(kind: LetterKind) -> None:
    bare: dict[str, Any] = {
        "application": None,
        "award": None,
        "round": None,
        "counts": {},
        "links": {},
    }
    with pytest.raises(ValueError, match="cannot be written without"):
        write(kind, **bare)


def test_the_day_of_an_answer_is_the_day_where_the_round_is() -> None:
    catalogue = round_catalogue("unit", answer_days=3)
    offered = an_award(catalogue)
    # In India this moment is the 20th already.
    late = datetime(2025, 10, 19, 20, 0, tzinfo=UTC)
    policy = catalogue.policies.scholarship
    assert policy is not None
    award = offered.model_copy(update={"answer_by": policy.answer_by(late)})
    letter = write(LetterKind.SCHOLARSHIP_OFFERED, catalogue, award=award)
    assert letter.subject.endswith("Oct 23")
    said_in_both(letter, "the end of Thursday, October 23, 2025, India time")
