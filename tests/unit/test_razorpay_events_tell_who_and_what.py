"""Razorpay's events say who bought what and when, as far as link, order and notes tell."""

from datetime import UTC, datetime

import pytest

from tests.razorpay import CAPTURED, LINK, LINK_PAID, changed, fact_of, model


def test_a_payment_through_an_old_link_is_dated_by_itself_and_not_by_the_link() -> None:
    assert fact_of(model(LINK_PAID)).at == datetime(2025, 10, 15, 9, 20, 20, tzinfo=UTC)
    assert fact_of(model(CAPTURED)).at == datetime(2025, 10, 15, 9, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("notes", [[], {}, None, {"campaign": "spring"}, {"offer": 7, "name": []}])
def test_notes_may_be_empty_in_any_way(notes: object) -> None:
    fact = fact_of(changed(CAPTURED, "payment", notes=notes))

    assert fact == fact_of(model(CAPTURED))


@pytest.mark.parametrize(
    ("notes", "description", "offer_ids"),
    [
        ({"offer": "unit-inr"}, None, ("unit-inr",)),
        ({"offer": "unit-inr"}, "#ROJwB9iXOIOtVc", (LINK, "unit-inr")),
        ({"award": "award-7"}, None, ("award-7",)),
        ({"award": "unit-inr"}, None, ()),
        ({"award": " award-7 ", "offer": " unit-inr "}, None, ("unit-inr", "award-7")),
        ({"offer": "x" * 257}, None, ()),
        ([], "Workshop unit", ()),
        ([], "#ROJwB9iXOIOtV", ()),
        ([], "See #ROJwB9iXOIOtVc", ()),
    ],
)
def test_what_was_bought_is_told_by_link_and_notes(
    notes: object, description: str | None, offer_ids: tuple[str, ...]
) -> None:
    event = changed(CAPTURED, "payment", notes=notes, description=description)

    assert fact_of(event).offer_ids == offer_ids


def test_what_the_institute_noted_counts_before_what_came_with_the_payment() -> None:
    event = changed(LINK_PAID, "payment", notes={"offer": "unit-usd", "award": "award-7"})

    assert fact_of(event).offer_ids == (LINK, "unit-inr", "award-7")


@pytest.mark.parametrize(
    ("email", "customer", "address"),
    [
        ("typed@example.org", {"email": "form@example.org"}, "typed@example.org"),
        (" typed@example.org ", [], "typed@example.org"),
        ("void@razorpay.com", {"email": "form@example.org"}, "form@example.org"),
        ("Void@Razorpay.com", {"email": "void@razorpay.com"}, ""),
        ("", {"email": "form@example.org"}, "form@example.org"),
        (None, {"email": "form@example.org"}, "form@example.org"),
        (None, {"email": None}, ""),
        (None, [], ""),
        (None, None, ""),
    ],
)
def test_a_buyer_may_have_given_no_address(
    email: str | None, customer: object, address: str
) -> None:
    event = changed(LINK_PAID, "payment", email=email)
    event["payload"]["payment_link"]["entity"]["customer"] = customer

    assert fact_of(event).buyer_address == address


@pytest.mark.parametrize(
    ("noted", "customer", "card", "name"),
    [
        ("Ananya K.", "Ananya Krishnan", "A. KRISHNAN", "Ananya K."),
        (None, "Ananya Krishnan", "A. KRISHNAN", "Ananya Krishnan"),
        (None, None, "A. KRISHNAN", "A. KRISHNAN"),
        (None, None, None, ""),
    ],
)
def test_a_name_is_the_one_that_the_buyer_is_likeliest_to_use(
    noted: str | None, customer: str | None, card: str | None, name: str
) -> None:
    event = changed(LINK_PAID, "payment", notes={"name": noted}, card={"name": card})
    event["payload"]["payment_link"]["entity"]["customer"] = {"name": customer}

    assert fact_of(event).buyer_name == name


@pytest.mark.parametrize(
    ("notes", "sessions"),
    [
        ({"sessions": "misa-2025-1, misa-2025-2,"}, ("misa-2025-1", "misa-2025-2")),
        ({"sessions": " , "}, ()),
        ({"sessions": ["misa-2025-1"]}, ()),
        ({"comment": "as asked"}, ()),
        ([], ()),
    ],
)
def test_a_refund_may_name_its_classes(notes: object, sessions: tuple[str, ...]) -> None:
    assert fact_of(changed("refund.processed", "refund", notes=notes)).sessions == sessions
