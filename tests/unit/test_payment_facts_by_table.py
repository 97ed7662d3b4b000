"""Facts of one payment, by table: what they add up to, whatever their order and number."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.payments import OrderStatus, PaymentFact, new_order
from shared.domain.refund_requests import AskedBack
from tests.told import NOON, fact, told, usd


def _back(number: int, state: str, minor: int | None = 6000, part: str = "re_1") -> PaymentFact:
    amount = None if minor is None else usd(minor)
    return fact("refund", number, part=part, amount=amount, state=state)


def _in_all(number: int, minor: int) -> PaymentFact:
    return fact("refunded", number, amount=usd(minor))


def _dispute(number: int, state: str, part: str = "dp_1") -> PaymentFact:
    return fact("dispute", number, part=part, state=state)


_PAID, _PENDING = fact("paid", amount=usd(6000)), fact("pending", 2, amount=usd(6000))


@pytest.mark.parametrize(
    ("facts", "status", "back", "dispute"),
    [
        ([_PENDING], OrderStatus.PENDING, None, ""),
        ([fact("failed")], OrderStatus.FAILED, None, ""),
        ([fact("failed"), _PENDING], OrderStatus.FAILED, None, ""),
        ([_PAID, fact("failed", 2)], OrderStatus.PAID, None, ""),
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
    for heard in (facts, facts[::-1], facts * 2):
        order = told(*heard)
        assert order.status is status
        assert (order.refunded.minor if order.refunded else None) == back
        assert order.dispute == dispute
        assert order.first_seen_at == min(one.at for one in facts)
        assert order.events == tuple(sorted({one.event for one in facts}))


def test_the_largest_amount_the_first_time_and_every_offer_count() -> None:
    facts = [
        fact("paid", 3, amount=usd(5000), offer_ids=("b",)),
        fact("paid", 2, amount=usd(6000), offer_ids=("c", "a")),
        fact("refunded", 5, amount=usd(100)),
        fact("refunded", 4, amount=usd(50)),
    ]
    for heard in (facts, facts[::-1]):
        order = told(*heard)
        assert order.paid == usd(6000)
        assert order.price == usd(6000)
        assert order.offer_ids == ("a", "b", "c")
        assert order.refunded == usd(100)
        assert order.refunded_at == NOON + timedelta(minutes=4)


def _void(number: int, state: str) -> PaymentFact:
    return fact("void", number, state=state)


@pytest.mark.parametrize(
    ("facts", "status", "voided"),
    [
        ([_PAID, _void(2, "succeeded")], OrderStatus.REFUNDED, "refunded"),
        ([_PAID, _void(2, "")], OrderStatus.CANCELLED, "cancelled"),
        ([_PAID, _void(2, "pending")], OrderStatus.CANCELLED, "cancelled"),
        ([_PAID, _void(2, "won")], OrderStatus.CANCELLED, "cancelled"),
        ([_PAID, _void(2, ""), _void(3, "succeeded")], OrderStatus.REFUNDED, "refunded"),
        ([_PAID, _void(2, ""), _dispute(3, "lost")], OrderStatus.REVOKED, "cancelled"),
        ([_PAID, _void(2, ""), _in_all(3, 6000)], OrderStatus.CANCELLED, "cancelled"),
    ],
)
def test_a_ticket_that_no_longer_counts_was_cancelled_or_paid_back(
    facts: list[PaymentFact], status: OrderStatus, voided: str
) -> None:
    for heard in (facts, facts[::-1]):
        order = told(*heard)
        assert (order.status, order.voided, order.fully_refunded) == (status, voided, True)


def test_only_what_is_paid_or_disputed_is_money_that_the_institute_has() -> None:
    holding = [status for status in OrderStatus if status.holds_money]

    assert holding == [OrderStatus.PAID, OrderStatus.HELD]


def test_of_a_new_order_nothing_is_known() -> None:
    order = told(fact("paid"))

    assert (order.posted, order.returned, order.failed) == (0, 0, False)
    assert (order.status, order.price, order.refunded, order.dispute) == (None, None, None, "")
    assert (order.voided, order.unclear, order.fully_refunded) == ("", "", False)


def test_what_was_paid_counts_before_what_is_to_be_paid() -> None:
    later = fact("pending", 2, amount=usd(9000))

    assert told(_PAID, later).price == usd(6000)
    assert told(later).price == usd(9000)


@pytest.mark.parametrize(
    ("facts", "back"),
    [
        ([_in_all(2, 100), _back(3, "failed", 40)], 60),
        ([_in_all(2, 100), _back(3, "succeeded", 40)], 100),
        ([_in_all(2, 100), _back(3, "succeeded", 140)], 140),
        ([_in_all(2, 100), _back(3, "failed", 140)], 0),
        ([_in_all(2, 100), _back(3, "failed", 30), _back(4, "failed", 20, "re_2")], 50),
        ([_back(3, "succeeded", 30), _back(4, "succeeded", 20, "re_2")], 50),
        ([_back(3, "succeeded", 30), _back(4, "pending", 20, "re_2")], 30),
        ([_back(3, "succeeded", None), _back(4, "succeeded", 20, "re_2")], 20),
        ([_back(3, "succeeded", None)], None),
        ([_in_all(2, 1), _back(3, "succeeded", None)], 1),
    ],
)
def test_what_stays_given_back_is_the_sum_without_what_failed_or_what_is_known_singly(
    facts: list[PaymentFact], back: int | None
) -> None:
    for heard in ([_PAID, *facts], [_PAID, *facts][::-1]):
        order = told(*heard)
        assert (order.refunded.minor if order.refunded else None) == back


@pytest.mark.parametrize("paid", [1, 2])
def test_a_payment_of_a_coin_or_two_can_be_given_back_whole(paid: int) -> None:
    order = told(fact("paid", amount=usd(paid)), _in_all(2, paid))

    assert order.status is OrderStatus.REFUNDED


@pytest.mark.parametrize(
    ("state", "first"), [("pending", 2), ("succeeded", 2), ("", 2), ("failed", 4)]
)
def test_money_began_to_go_back_when_that_was_first_said_and_a_failure_does_not_say_so(
    state: str, first: int
) -> None:
    facts = [_PAID, _back(2, state), _back(4, "succeeded")]
    for heard in (facts, facts[::-1]):
        order = told(*heard)
        assert order.refunded_at == NOON + timedelta(minutes=first)
        assert order.refunds["re_1"].first_said_at == NOON + timedelta(minutes=2)


def test_all_that_is_said_of_one_refund_is_kept_of_it() -> None:
    facts = [
        fact("refund", 2, part="re_1", state="pending", sessions=("b",), amount=usd(10)),
        fact("refund", 3, part="re_1", state="succeeded", sessions=("a",), request="r1"),
        fact("refund", 4, part="re_1", state="succeeded", amount=usd(20)),
    ]
    for heard in (facts, facts[::-1]):
        (refund,) = told(*heard).refunds.values()
        assert refund.amount == usd(20)
        assert refund.states == ("pending", "succeeded")
        assert (refund.sessions, refund.request) == (("a", "b"), "r1")


@pytest.mark.parametrize(
    ("given_up", "status"),
    [
        ((), OrderStatus.PAID),
        (("a",), OrderStatus.PAID),
        (("b",), OrderStatus.PAID),
        (("b", "a"), OrderStatus.REFUNDED),
    ],
)
def test_a_free_order_ends_when_every_place_of_it_is_given_up(
    given_up: tuple[str, ...], status: OrderStatus
) -> None:
    gone = {f"r-{one}": AskedBack(sessions=(one,), amount=usd(0)) for one in given_up}
    paid_for = AskedBack(sessions=("a",), amount=usd(1))
    declined = AskedBack(sessions=("b",), amount=usd(0), ended=True)
    asked = gone | {"r-paid": paid_for, "r-declined": declined}
    order = told(fact("paid", amount=usd(0))).model_copy(
        update={"sessions": ("a", "b"), "asked_back": asked}
    )

    assert order.given_up == tuple(sorted(given_up))
    assert order.status is status


# --- whose seat it is ----------------------------------------------------------------------------

_ANA, _BEN = "ana@people.example", "ben@people.example"


def _seated(number: int, address: str, name: str = "", **changes: Any) -> PaymentFact:
    return fact("paid", number, buyer_address=address, buyer_name=name, **changes)


@pytest.mark.parametrize(
    ("one", "other", "address", "name"),
    [
        (_seated(1, _ANA, "Ana"), _seated(2, _BEN, "Ben"), _BEN, "Ben"),
        (_seated(2, _ANA, "Ana"), _seated(1, _ANA, "Anna"), _ANA, "Anna"),
        (_seated(1, _ANA, "Ana"), _seated(2, "", "Zoe"), _ANA, "Ana"),
        (_seated(1, "", "Ana"), _seated(2, "", "Zoe"), "", ""),
        (_seated(1, _ANA), _seated(2, _BEN, unclear="same_address"), _ANA, ""),
        (_seated(1, _ANA, seated_at=NOON), _seated(2, _BEN), _ANA, ""),
        (
            _seated(1, _BEN, seated_at=NOON),
            _seated(2, _ANA, seated_at=NOON + timedelta(seconds=1)),
            *(_ANA, ""),
        ),
        (
            _seated(1, _BEN, unclear="same_address", seated_at=NOON + timedelta(days=1)),
            _seated(2, _ANA, seated_at=NOON),
            *(_ANA, ""),
        ),
    ],
)
def test_of_two_words_on_whose_seat_it_is_the_same_one_counts_in_either_order(
    one: PaymentFact, other: PaymentFact, address: str, name: str
) -> None:
    for heard in ((one, other), (other, one)):
        order = told(*heard)
        assert (order.buyer_address, order.buyer_name) == (address, name)


def test_nothing_paid_is_never_fully_refunded() -> None:
    order = told(fact("paid", amount=usd(0)), fact("refunded", 2, amount=usd(0)))

    assert not order.fully_refunded
    assert order.status is OrderStatus.PAID


def test_an_order_older_than_its_list_of_events_does_not_begin_one() -> None:
    older = new_order(_PAID).model_copy(update={"events": None})

    assert older.with_fact(_PAID).events is None
