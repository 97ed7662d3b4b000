"""Letters to reviewers and staff: numbers of applications, and not a word of who sent them."""

import pytest

from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.letter_facts import Composed
from shared.domain.letters import Fact, LetterKind
from tests.catalogues import SITE, a_learner, classes_catalogue
from tests.scholarship_mail import facts_of, said_in_both
from tests.scholarship_paper import REFERENCE, an_application, round_catalogue

COMPOSER = JinjaComposer()
TO_REVIEWERS = [kind for kind in LetterKind if kind.value.startswith("review_")]
TO_STAFF = [kind for kind in LetterKind if kind.value.startswith("staff_scholarship_")]


def write(kind: LetterKind, **changes: object) -> Composed:
    return COMPOSER.compose(facts_of(kind, round_catalogue(), **changes))


@pytest.mark.parametrize("kind", TO_REVIEWERS)
def test_reviewers_read_numbers_a_date_and_one_link_and_not_a_word_of_anybody(
    kind: LetterKind,
) -> None:
    letter = write(kind, application=an_application(round_catalogue()))
    assert "12 applications" in letter.subject and "Jun 17" in letter.subject
    said_in_both(
        letter,
        "12 applications",
        "2 of them came after the deadline.",
        "until the end of Tuesday, June 17, 2025, New York time",
        "Each application needs 2 votes.",
        "The link is yours alone",
        "Opening it changes nothing",
        "names you as a reviewer",
    )
    assert letter.html.count('<a class="button"') == 1
    assert f"{SITE}/review/token" in letter.text and f"{SITE}/review/token" in letter.html
    for secret in ("Amara", "Osei", "amara@", REFERENCE, "registered"):
        assert secret not in letter.subject + letter.text + letter.html


@pytest.mark.parametrize("kind", TO_REVIEWERS)
def test_one_application_is_spoken_of_as_one(kind: LetterKind) -> None:
    letter = write(kind, counts={"waiting": 1, "late": 1})
    assert "1 application " in letter.subject and "waits" in letter.subject
    said_in_both(letter, "It came after the deadline.")
    assert "after the deadline" not in write(kind, counts={"waiting": 1, "late": 0}).text


@pytest.mark.parametrize("kind", TO_STAFF)
def test_staff_learn_the_number_of_an_application_and_never_whose_it_is(kind: LetterKind) -> None:
    facts = facts_of(kind, classes_catalogue(), learner=a_learner())
    told = facts.letter.model_copy(
        update={"facts": (Fact(label="Application", value=REFERENCE),), "lines": ()}
    )
    letter = COMPOSER.compose(facts.model_copy(update={"letter": told}))
    said_in_both(letter, REFERENCE, "Tending the Future of Care")
    for secret in ("Amara", "Osei", "amara@"):
        assert secret not in letter.subject + letter.text + letter.html
