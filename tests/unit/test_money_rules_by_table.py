"""The rules of money one by one, by table: amounts, facts that add up, shares, upgrades."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.domain.money import Money, money_of
from shared.domain.payments import Order, OrderStatus, PaymentFact, new_order
from shared.domain.refunds import shares, split
from shared.domain.upgrades import bundle_reached, paid_twice
from tests.catalogues import classes_catalogue

NOON = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)
CATALOGUE = classes_catalogue()
CLASSES = tuple(session.id for session in CATALOGUE.sessions)


def _usd(minor: int) -> Money:
    return Money(minor=minor, currency="USD")


# --- amounts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "currency", "read", "written"),
    [
        (21000, "USD", "$210.00", "210.00"),
        (5, "USD", "$0.05", "0.05"),
        (123456789, "USD", "$1,234,567.89", "1234567.89"),
        (450000, "INR", "₹4,500.00", "4500.00"),
        (6000, "CHF", "CHF 60.00", "60.00"),
        (1999, "GBP", "£19.99", "19.99"),
        (1999, "EUR", "€19.99", "19.99"),
        (4500, "JPY", "¥4,500", "4500"),
        (4500, "KRW", "KRW 4,500", "4500"),
        (4500, "VND", "VND 4,500", "4500"),
        (4500, "CLP", "CLP 4,500", "4500"),
        (1234567, "KWD", "KWD 1,234.567", "1234.567"),
        (1050, "BHD", "BHD 1.050", "1.050"),
        (999, "TND", "TND 0.999", "0.999"),
        (0, "USD", "$0.00", "0.00"),
    ],
)
def test_an_amount_is_written_for_people_and_for_providers_and_read_back(
    minor: int, currency: str, read: str, written: str
) -> None:
    amount = Money(minor=minor, currency=currency)

    assert str(amount) == read
    assert amount.decimal == written
    assert money_of(written, currency) == amount


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [("60", "USD", 6000), ("60.5", "USD", 6050), ("60.500", "USD", 6050), ("7.00", "JPY", 7)],
)
def test_a_shorter_or_longer_way_to_write_it_is_the_same_amount(
    written: str, currency: str, minor: int
) -> None:
    assert money_of(written, currency) == Money(minor=minor, currency=currency)


@pytest.mark.parametrize(
    ("written", "currency"),
    [
        *(("", "USD"), ("60.005", "USD"), ("7.50", "JPY"), ("-60.00", "USD"), ("6e1", "USD")),
        *(("60,00", "USD"), (".50", "USD"), (" 60.00", "USD"), ("NaN", "USD"), ("1.0005", "KWD")),
    ],
)
def test_what_is_no_amount_of_the_currency_is_refused(written: str, currency: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        money_of(written, currency)


@pytest.mark.parametrize(
    ("minor", "currency"), [(-1, "USD"), (10**12 + 1, "USD"), (1, "usd"), (1, "US"), (1, "USDX")]
)
def test_an_amount_is_never_negative_nor_without_end_nor_of_no_currency(
    minor: int, currency: str
) -> None:
    with pytest.raises(ValidationError):
        Money(minor=minor, currency=currency)
    assert Money(minor=10**12, currency="USD").minor == 10**12


# --- facts that add up --------------------------------------------------------------------------


def _fact(says: str, number: int = 1, **changes: Any) -> PaymentFact:
    fields: dict[str, Any] = {
        "provider": "stripe", "event": f"evt_{number}", "order": "stripe-pi_1", "says": says,
        "at": NOON + timedelta(minutes=number), "live": False,
    }  # fmt: skip
    return PaymentFact.model_validate(fields | changes)


def _order(*facts: PaymentFact) -> Order:
    order = new_order(facts[0])
    for fact in facts:
        order = order.with_fact(fact)
    return order


def _back(number: int, state: str) -> PaymentFact:
    return _fact("refund", number, part="re_1", amount=_usd(6000), state=state)


def _in_all(number: int, minor: int) -> PaymentFact:
    return _fact("refunded", number, amount=_usd(minor))


def _dispute(number: int, state: str, part: str = "dp_1") -> PaymentFact:
    return _fact("dispute", number, part=part, state=state)


_PAID, _PENDING = _fact("paid", amount=_usd(6000)), _fact("pending", 2, amount=_usd(6000))


@pytest.mark.parametrize(
    ("facts", "status", "back", "dispute"),
    [
        ([_PENDING], OrderStatus.PENDING, None, ""),
        ([_fact("failed")], OrderStatus.FAILED, None, ""),
        ([_fact("failed"), _PENDING], OrderStatus.FAILED, None, ""),
        ([_PAID, _fact("failed", 2)], OrderStatus.PAID, None, ""),
        ([_in_all(2, 6000)], None, 6000, ""),
        ([_PAID, _in_all(2, 6000)], OrderStatus.REFUNDED, 6000, ""),
        ([_PAID, _in_all(2, 6001)], OrderStatus.REFUNDED, 6001, ""),
        ([_PAID, _in_all(2, 5999)], OrderStatus.PAID, 5999, ""),
        ([_PAID, _back(2, "pending")], OrderStatus.PAID, 0, ""),
        ([_PAID, _back(2, "succeeded")], OrderStatus.REFUNDED, 6000, ""),
        ([_PAID, _back(2, "succeeded"), _back(3, "failed")], OrderStatus.PAID, 0, ""),
        ([_PAID, _in_all(2, 6000), _back(3, "failed")], OrderStatus.PAID, 0, ""),
        ([_PAID, _dispute(2, "open")], OrderStatus.HELD, None, "open"),
        ([_PAID, _dispute(2, "won"), _dispute(3, "open")], OrderStatus.PAID, None, "won"),
        ([_PAID, _dispute(2, "lost"), _dispute(3, "won")], OrderStatus.REVOKED, None, "lost"),
        ([_PAID, _dispute(2, "won"), _dispute(3, "open", "dp_2")], OrderStatus.HELD, None, "open"),
        ([_dispute(2, "lost")], None, None, "lost"),
        ([_PAID, _dispute(2, "lost"), _in_all(3, 6000)], OrderStatus.REVOKED, 6000, "lost"),
    ],
)
def test_what_the_facts_come_to_in_either_order(
    facts: list[PaymentFact], status: OrderStatus | None, back: int | None, dispute: str
) -> None:
    for told in (facts, facts[::-1], facts * 2):
        order = _order(*told)
        assert order.status is status
        assert (order.refunded.minor if order.refunded else None) == back
        assert order.dispute == dispute
        assert order.first_seen_at == min(fact.at for fact in facts)
        assert order.events == tuple(sorted({fact.event for fact in facts}))


def test_the_largest_amount_the_first_time_and_every_offer_count() -> None:
    facts = [
        _fact("paid", 3, amount=_usd(5000), offer_ids=("b",)),
        _fact("paid", 2, amount=_usd(6000), offer_ids=("c", "a")),
        _fact("refunded", 5, amount=_usd(100)),
        _fact("refunded", 4, amount=_usd(50)),
    ]
    for told in (facts, facts[::-1]):
        order = _order(*told)
        assert order.paid == _usd(6000)
        assert order.price == _usd(6000)
        assert order.offer_ids == ("a", "b", "c")
        assert order.refunded == _usd(100)
        assert order.refunded_at == NOON + timedelta(minutes=4)


def test_nothing_paid_is_never_fully_refunded() -> None:
    order = _order(_fact("paid", amount=_usd(0)), _fact("refunded", 2, amount=_usd(0)))

    assert not order.fully_refunded
    assert order.status is OrderStatus.PAID


def test_an_order_older_than_its_list_of_events_does_not_begin_one() -> None:
    older = new_order(_PAID).model_copy(update={"events": None})

    assert older.with_fact(_PAID).events is None


# --- shares ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minor", "classes", "worth"),
    [(29700, 5, [5940] * 5), (10000, 3, [3334, 3333, 3333]), (2, 3, [1, 1, 0]), (0, 2, [0, 0])],
)
def test_an_amount_is_split_to_the_coin_and_none_is_lost(
    minor: int, classes: int, worth: list[int]
) -> None:
    names = tuple(f"class-{number}" for number in range(classes))

    assert list(split(minor, names).values()) == worth
    assert list(split(minor, names)) == list(names)
    assert split(minor, ()) == {}
    bought = _order(_fact("paid", amount=_usd(minor))).model_copy(update={"sessions": names})
    assert shares(bought) == split(minor, names)


# --- upgrades ----------------------------------------------------------------------------------


def _bought(*sessions: str, minor: int = 6000, **changes: Any) -> Order:
    order = _order(_fact("paid", amount=_usd(minor)))
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
        assert bundle_reached(singles, "general", CATALOGUE) == (bundle, _usd(6000 * enough))
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
