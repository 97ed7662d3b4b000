"""Classes bought one by one that cost as much as all of them, and seats paid twice: by table."""

from typing import Any

import pytest

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.upgrades import bundle_reached, paid_twice
from tests.catalogues import an_order, classes_catalogue
from tests.told import fact, told, usd

CATALOGUE = classes_catalogue()
CLASSES = tuple(session.id for session in CATALOGUE.sessions)
FIRST, SECOND, *_ = CLASSES


def _bought(*sessions: str, minor: int = 6000, **changes: Any) -> Order:
    order = told(fact("paid", amount=usd(minor)))
    fields = {
        "series": CATALOGUE.series.id, "tier": "general", "sessions": sessions, "offer": "x",
    }  # fmt: skip
    return order.model_copy(update=fields | changes)


def test_four_single_classes_reach_the_bundle_and_three_do_not() -> None:
    bundle = next(
        offer
        for offer in CATALOGUE.prices
        if offer.tier == "general" and set(offer.sessions) == set(CLASSES)
    )
    enough = -(-bundle.amount // 6000)
    singles = [_bought(session) for session in CLASSES[:enough]]

    assert bundle_reached(singles[:-1], "general", CATALOGUE) is None
    if enough < len(CLASSES):
        assert bundle_reached(singles, "general", CATALOGUE) == (bundle, usd(6000 * enough))
    assert bundle_reached([_bought(one) for one in CLASSES], "general", CATALOGUE) is None
    for other in (
        {"tier": "supporter"},
        {"series": "another"},
        {"sessions": CLASSES[:2]},
        {"paid": None},
        {"disputes": {"dp": ("lost",)}},
    ):
        spoilt = [*singles[:-1], singles[-1].model_copy(update=other)]
        assert bundle_reached(spoilt, "general", CATALOGUE) is None, other


@pytest.mark.parametrize(
    ("one", "other", "back"),
    [
        (_bought("a"), _bought("b"), None),
        (_bought("a"), _bought("a", "b", minor=10000), 6000),
        (_bought("a", minor=4000), _bought("a", "b", minor=10000), 5000),
        (_bought("a", "b", minor=10000), _bought("a", "b", minor=12000), 12000),
        (_bought("a", given_back=("a",)), _bought("a"), None),
        (_bought("a"), _bought("a", given_back=("a",)), None),
        (_bought("a", paid=None), _bought("a"), None),
        (_bought("a"), _bought("a", paid=None), None),
        (_bought("a"), _bought("a", paid=Money(minor=6000, currency="EUR")), None),
        (_bought("a", minor=0), _bought("a", minor=0), None),
    ],
)
def test_what_two_payments_pay_twice_for_is_the_dearer_share_of_each_class(
    one: Order, other: Order, back: int | None
) -> None:
    for first, second in ((one, other), (other, one)):
        suggested = paid_twice(first, second)
        assert (suggested.minor if suggested else None) == back


def _single(session: str, minor: int = 6000, **changes: Any) -> Order:
    order = an_order(CATALOGUE, f"{session}-general", paid=usd(minor))
    return order.model_copy(update=changes)


_BUNDLE = CATALOGUE.offer("all-five-general")


def _reached(*paid: int, catalogue: Catalogue = CATALOGUE) -> int | None:
    singles = [_single(session, minor) for session, minor in zip(CLASSES, paid, strict=False)]
    found = bundle_reached(singles, "general", catalogue)
    assert found is None or found[0].tier == "general"
    return found[1].minor if found else None


def _with(*offers: Offer) -> Catalogue:
    return CATALOGUE.model_copy(update={"prices": offers})


@pytest.mark.parametrize(
    ("paid", "reached"),
    [
        ((6000, 6000, 6000), None),
        ((7000, 7000, 7000), 21000),
        ((7000, 7000, 6999), None),
        ((7000, 7000, 7001), 21001),
        ((6000, 6000, 6000, 6000), 24000),
        ((6000, 6000, 6000, 6000, 6000), None),
    ],
)
def test_singles_that_cost_as_much_as_all_have_reached_the_bundle(
    paid: tuple[int, ...], reached: int | None
) -> None:
    assert _reached(*paid) == reached


def test_only_the_bundle_of_all_classes_at_that_rate_that_costs_something_is_reached() -> None:
    four = (6000, 6000, 6000, 6000)
    for other in (
        {"tier": "a-lower-name"}, {"tier": "zz-a-higher-name"}, {"amount": 0},
        {"sessions": CLASSES[:4]}, {"sessions": (*CLASSES, "sixth")}, {"currency": "AAA"},
        {"currency": "ZZZ"},
    ):  # fmt: skip
        spoilt = _BUNDLE.model_copy(update={"id": "another", "amount": 100} | other)
        assert _reached(*four, catalogue=_with(spoilt)) is None, other
        assert _reached(*four, catalogue=_with(spoilt, _BUNDLE)) == 24000, other
    assert _reached(*four, catalogue=_with()) is None
    assert _reached(1, catalogue=_with(_BUNDLE.model_copy(update={"amount": 1}))) == 1


def test_a_series_of_one_class_has_no_bundle_and_one_of_two_has() -> None:
    for classes, reached in ((1, None), (2, 6000)):
        bundle = _BUNDLE.model_copy(update={"sessions": CLASSES[:classes], "amount": 6000})
        small = _with(bundle).model_copy(update={"sessions": CATALOGUE.sessions[:classes]})
        assert _reached(6000, catalogue=small) == reached
    # Who once bought a class that is no longer listed may still want all of the others.
    gone = _with(_BUNDLE).model_copy(update={"sessions": CATALOGUE.sessions[1:]})
    offer = _BUNDLE.model_copy(update={"sessions": CLASSES[1:]})
    gone = gone.model_copy(update={"prices": (offer,)})
    assert _reached(9000, 9000, 9000, catalogue=gone) == 27000
    assert _reached(*[9000] * 5, catalogue=gone) is None
    only = _with(_BUNDLE.model_copy(update={"sessions": CLASSES[1:2], "amount": 6000}))
    only = only.model_copy(update={"sessions": CATALOGUE.sessions[1:2]})
    assert _reached(6000, catalogue=only) is None


@pytest.mark.parametrize(
    "spoilt",
    [
        *({"series": "a-series"}, {"series": "zz-series"}, {"tier": "a-tier"}, {"tier": "zz-tier"}),
        *({"sessions": ()}, {"sessions": CLASSES[:2]}, {"paid": None}, {"voided": "refunded"}),
    ],
)
def test_only_single_classes_of_that_series_and_rate_whose_money_is_here_count(
    spoilt: dict[str, Any],
) -> None:
    singles = [_single(session, 5250) for session in CLASSES[:4]]

    assert bundle_reached(singles, "general", CATALOGUE) == (_BUNDLE, usd(21000))
    singles[0] = singles[0].model_copy(update=spoilt)
    assert bundle_reached(singles, "general", CATALOGUE) is None


@pytest.mark.parametrize(
    ("one", "other", "back"),
    [
        (_single(FIRST), _single(FIRST, paid=usd(1)), 6000),
        (_single(FIRST, 1), _single(FIRST, 0), 1),
        (_single(FIRST, 0), _single(FIRST, 0), None),
        (_single(FIRST, sessions=CLASSES[:2]), _single(FIRST, sessions=CLASSES[1:]), 3000),
        (_single(FIRST, 101, sessions=CLASSES[:2]), _single(FIRST, 100, sessions=CLASSES[:2]), 100),
        (_single(FIRST, offer="award-full"), _single(FIRST), None),
        (_single(FIRST, offer=None), _single(FIRST), 6000),
        (_single(FIRST, sessions=()), _single(FIRST), None),
        (_single(FIRST, sessions=CLASSES[:2], given_back=(FIRST,)), _single(FIRST), None),
        (_single(FIRST, sessions=CLASSES[:2], given_back=(SECOND,)), _single(FIRST), 6000),
    ],
)
def test_the_dearer_share_of_what_both_still_hold_is_paid_twice(
    one: Order, other: Order, back: int | None
) -> None:
    for first, second in ((one, other), (other, one)):
        found = paid_twice(first, second)
        assert (found.minor if found else None) == back
