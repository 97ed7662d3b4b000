"""The confirmation of seats that a scholarship pays for, in all or in part."""

from shared.adapters.jinja_letters import JinjaComposer
from shared.domain.money import Money
from tests.catalogues import unit_catalogue
from tests.scholarship_mail import awarded, said_in_both
from tests.scholarship_paper import round_catalogue, with_round

COMPOSER = JinjaComposer()
NOTHING = Money(minor=0, currency="USD")


def test_a_full_award_confirms_the_seats_and_says_that_the_scholarship_covers_them() -> None:
    letter = COMPOSER.compose(awarded(round_catalogue()))
    assert letter.subject == "Your seats: 5 classes, Jun 22 to Sep 14"
    said_in_both(
        letter,
        "Your scholarship covers it.",
        "The live class, 2.5 hours",
        "please tell us early",
    )
    assert "Covered by your scholarship: $210.00" in letter.text
    for wrong in ("Free of charge", "Paid:", "Rate:", "money back", "$0.00"):
        assert wrong not in letter.text


def test_an_award_without_credit_promises_none_though_its_rate_would() -> None:
    letter = COMPOSER.compose(awarded(round_catalogue()))
    said_in_both(letter, "Your scholarship does not include CE credits. If you need them, write")
    assert "CE credits, 2.25 per class" not in letter.text + letter.html
    assert "certificate follows" not in letter.text
    unit = COMPOSER.compose(awarded(with_round(unit_catalogue())))
    said_in_both(unit, "Your scholarship does not include a certificate. If you need one, write")


def test_an_award_with_credit_says_how_the_certificate_is_earned() -> None:
    letter = COMPOSER.compose(awarded(round_catalogue(credit=True)))
    said_in_both(
        letter, "CE credits, 2.25 per class", "A certificate follows after each class that"
    )
    assert "does not include" not in letter.text


def test_a_partial_award_that_is_paid_shows_both_parts_of_the_price() -> None:
    letter = COMPOSER.compose(awarded(round_catalogue(), 60))
    assert "Covered by your scholarship: $126.00\nPaid: $84.00\nReference: pi_" in letter.text
    said_in_both(letter, "You can have your money back up to 7 days before a class.")
    assert "covers it" not in letter.text and "$210.00" not in letter.text


def test_a_confirmation_says_what_goes_back_of_what_was_paid_before() -> None:
    back = Money(minor=6000, currency="USD")
    letter = COMPOSER.compose(awarded(round_catalogue(), back=back))
    said_in_both(letter, "$60.00 of what you had paid goes back to you, the way you paid.")
    assert "Goes back to you: $60.00" in letter.text
    assert "goes back" not in COMPOSER.compose(awarded(round_catalogue())).text


def test_what_was_paid_before_and_completes_an_award_is_named() -> None:
    catalogue = round_catalogue()
    facts = awarded(catalogue, 60, due=NOTHING)
    assert facts.order is not None
    order = facts.order.model_copy(update={"provider": "scholarship", "paid": NOTHING})
    letter = COMPOSER.compose(facts.model_copy(update={"order": order}))
    said_in_both(letter, "Your scholarship covers it, with what you had paid before.")
    assert "Covered by your scholarship: $126.00\nPaid before: $84.00\n" in letter.text
