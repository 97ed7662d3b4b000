"""What a payment bought, by table: the price book of one series, and what staff are told of."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision
from shared.domain.payments import Order
from shared.domain.price_book import find_offer
from tests.catalogues import classes_catalogue
from tests.told import fact, told, usd

CLASSES = tuple(session.id for session in classes_catalogue().sessions)


def _sold(name: str, sessions: tuple[str, ...] = CLASSES[:1], **changes: Any) -> Offer:
    fields = {
        "id": f"offer-{name}", "title": f"Offer {name}", "tier": "general", "sessions": sessions,
        "amount": 6000, "currency": "USD", "provider_ids": {"stripe": f"plink_{name}"},
    }  # fmt: skip
    return Offer.model_validate(fields | changes)


def _book(*offers: Offer) -> Catalogue:
    return classes_catalogue().model_copy(update={"prices": offers})


def _paid(*names: str, minor: int = 6000, **changes: Any) -> Order:
    return told(fact("paid", amount=usd(minor), offer_ids=names, **changes))


def _why(found: Offer | Decision) -> list[tuple[str, str]]:
    assert isinstance(found, Decision)
    assert (found.granted, found.rule_version) == (False, "price-book-2")
    return [(reason.code, reason.text) for reason in found.reasons]


@pytest.mark.parametrize("name", ["offer-a", "plink_a"])
def test_an_offer_is_found_by_its_own_name_or_by_its_providers(name: str) -> None:
    book = _book(_sold("b"), _sold("a"), _sold("c"))

    assert find_offer(_paid(name), book) == _sold("a")
    elsewhere = _paid("plink_a").model_copy(update={"provider": "paypal"})
    assert isinstance(find_offer(elsewhere, book), Decision)


@pytest.mark.parametrize(
    ("limits", "bought"),
    [
        ({}, True),
        ({"valid_from": "2025-05-31"}, True),
        ({"valid_from": "2025-06-01"}, True),
        ({"valid_from": "2025-06-02"}, False),
        ({"valid_to": "2025-05-31"}, False),
        ({"valid_to": "2025-06-01"}, True),
        ({"valid_to": "2025-06-02"}, True),
        ({"valid_from": "2025-06-01", "valid_to": "2025-06-01"}, True),
        ({"valid_from": "2025-05-01", "valid_to": "2025-05-31"}, False),
        ({"valid_from": "2025-06-02", "valid_to": "2025-06-30"}, False),
    ],
)
def test_an_offer_is_sold_from_its_first_day_to_the_end_of_its_last(
    limits: dict[str, str], bought: bool
) -> None:
    days: dict[str, Any] = {name: date.fromisoformat(day) for name, day in limits.items()}
    offer = _sold("a", **days)

    for hour, minute in ((0, 0), (23, 59)):
        moment = datetime(2025, 6, 1, hour, minute, tzinfo=UTC)
        found = find_offer(_paid("plink_a", at=moment), _book(offer))
        if bought:
            assert found == offer
        else:
            assert ("not_on_sale", "Offer a was not on sale on June 1, 2025.") in _why(found)


def test_a_payment_without_an_amount_is_for_staff() -> None:
    found = find_offer(told(fact("paid", offer_ids=("plink_a",))), _book(_sold("a")))

    assert _why(found) == [("no_amount", "The event carries no amount.")]


def test_a_payment_that_names_two_offers_of_its_price_is_for_staff_who_read_which() -> None:
    found = find_offer(_paid("offer-a", "plink_b"), _book(_sold("a"), _sold("b"), _sold("c")))

    said = "is the price of Offer a and of Offer b, and the payment names more than one of them."
    assert _why(found) == [("several_offers", f"$60.00 {said}")]


def test_what_the_price_book_does_not_list_is_told_with_what_has_that_price() -> None:
    book = _book(*(_sold(name) for name in "abcde"), _sold("f", amount=5000))

    assert _why(find_offer(_paid("elsewhere"), book)) == [
        (
            "unknown_offer",
            "$60.00 came through a payment link that Tending the Future of Care does not list.",
        ),
        ("suggestion", "$60.00 is the price of Offer a or Offer b or Offer c."),
    ]
    assert len(_why(find_offer(_paid("elsewhere", minor=1), book))) == 1


def test_a_price_that_differs_is_told_with_the_listed_ones_and_what_else_has_that_price() -> None:
    both, three = CLASSES[:2], CLASSES[:3]
    book = _book(
        _sold("a", both, amount=9000), _sold("b", both, amount=8000), _sold("c", both),
        _sold("d", both[:1]), _sold("e", three),
    )  # fmt: skip

    assert _why(find_offer(_paid("plink_a", "plink_b"), book)) == [
        ("amount_differs", "$60.00 was paid for Offer a, and its price is $80.00 or $90.00."),
        ("suggestion", "$60.00 is the price of Offer c."),
    ]


def test_of_two_offers_that_were_not_on_sale_the_first_is_named() -> None:
    over: dict[str, Any] = {"valid_to": date(2025, 5, 1)}
    book = _book(_sold("a", amount=7000), _sold("b", **over), _sold("c", **over))

    assert _why(find_offer(_paid("plink_a", "plink_b", "plink_c"), book))[0] == (
        "not_on_sale",
        "Offer b was not on sale on June 1, 2025.",
    )
