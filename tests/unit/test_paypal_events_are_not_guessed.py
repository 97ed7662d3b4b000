"""What PayPal signed and we do not know is not guessed at: it waits, unread, and names nobody."""

import json
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.paypal_events import KINDS, read_paypal_event
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.money import Money, money_of
from tests.paypal import COMPLETED, EVENTS, ORDER, changed, fact_of, model, read

REFUNDED, LOST = "payment.capture.refunded", "customer.dispute.resolved.lost"
CHECKOUT = "checkout.order.completed"


def test_fields_that_paypal_adds_one_day_are_no_trouble() -> None:
    event = changed(COMPLETED, brand_new={"deep": [1, {"er": None}]})

    assert fact_of(event | {"event_version": "9.9"}) == fact_of(model(COMPLETED))


def test_fields_that_nobody_reads_may_be_missing() -> None:
    capture = {"id": "8TE34917XK520174A", "status": "COMPLETED",
               "amount": {"value": "60.00", "currency_code": "USD"}}  # fmt: skip
    event = {"id": "WH-1", "event_type": "PAYMENT.CAPTURE.COMPLETED",
             "create_time": "2025-06-02T15:04:11Z", "resource": capture}  # fmt: skip

    fact = fact_of(event)

    assert (fact.order, fact.offer_ids, fact.buyer_address) == (ORDER, (), "")


@pytest.mark.parametrize(
    "value",
    [60.0, 6000, None, "", "60,00", "1e3", "-60.00", "+60.00", " 60.00", "60.", ".60", "0x3C",
     "60.001", "٦٠", "NaN", "Infinity", "9" * 40, True, ["60.00"]],
)  # fmt: skip
@pytest.mark.parametrize("name", [COMPLETED, REFUNDED])
def test_an_amount_that_is_no_exact_decimal_text_is_not_guessed(name: str, value: object) -> None:
    with pytest.raises(UnreadableEvent):
        read(changed(name, amount={"value": value, "currency_code": "USD"}))


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("60.00", "USD", 6000),
        ("59.4", "USD", 5940),
        ("60", "USD", 6000),
        ("0.29", "USD", 29),  # as a binary fraction times a hundred: 28
        ("4500", "JPY", 4500),
        ("4500.00", "JPY", 4500),
        ("1.250", "KWD", 1250),
        ("60.000", "EUR", 6000),
        ("0.00", "USD", 0),
    ],
)
def test_a_decimal_text_is_so_many_of_the_smallest_coin(
    value: str, currency: str, minor: int
) -> None:
    assert money_of(value, currency) == Money(minor=minor, currency=currency)


@pytest.mark.parametrize(("value", "currency"), [("45.5", "JPY"), ("0.2505", "KWD"), ("1", "usd")])
def test_less_than_the_smallest_coin_and_no_currency_are_no_money(
    value: str, currency: str
) -> None:
    with pytest.raises(ValueError, match=r"amount|pattern"):
        money_of(value, currency)


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_every_cent_is_kept(amount: Decimal) -> None:
    assert money_of(f"{amount:.2f}", "USD").minor == int(amount * 100)


@pytest.mark.parametrize(
    ("what", "name", "changes"),
    [
        ("completed and not completed", COMPLETED, {"status": "DECLINED"}),
        ("completed and nobody knows", COMPLETED, {"status": "MAYBE"}),
        ("pending and completed", "payment.capture.pending", {"status": "COMPLETED"}),
        ("no such currency", COMPLETED, {"amount": {"value": "60.00", "currency_code": "dollars"}}),
        ("no currency", COMPLETED, {"amount": {"value": "60.00"}}),
        ("no amount", COMPLETED, {"amount": None}),
        ("no id", COMPLETED, {"id": ""}),
        ("links that are a word", REFUNDED, {"links": "up"}),
        ("a refund of no payment", REFUNDED, {"links": []}),
        ("a refund of something else", REFUNDED,
         {"links": [{"rel": "up", "href": "https://api.paypal.com/v2/payments/orders/5TE10127T"}]}),
        ("a refund of an unknown kind", REFUNDED, {"status": "MAYBE"}),
        ("a dispute of no payment", LOST, {"disputed_transactions": []}),
        ("a dispute of an unnamed payment", LOST, {"disputed_transactions": [{}]}),
        ("a dispute without an id", LOST, {"dispute_id": ""}),
        ("a checkout that bought nothing known", CHECKOUT, {"purchase_units": None}),
        ("a checkout with a payer that is a word", CHECKOUT, {"payer": "Noor"}),
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_lacks_what_counts_is_not_guessed(
    what: str, name: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(UnreadableEvent) as unreadable:
        read(changed(name, **changes))

    assert unreadable.value.__cause__ is None
    assert "Noor" not in str(unreadable.value), what


@pytest.mark.parametrize(
    "at", [None, "", "yesterday", "2025-06-02T15:04:11", "2025-13-02T00:00:00Z"]
)
def test_an_event_without_a_time_in_a_zone_is_not_guessed(at: object) -> None:
    with pytest.raises(UnreadableEvent):
        read(model(COMPLETED) | {"create_time": at})


def test_every_kind_that_is_read_has_a_model_event_of_its_own() -> None:
    kinds = {json.loads(file.read_bytes())["event_type"] for file in EVENTS.glob("*.json")}

    assert kinds >= KINDS


@given(st.binary(max_size=200))
def test_whatever_bytes_come_nothing_else_is_raised(body: bytes) -> None:
    with suppress(UnreadableEvent):
        assert read_paypal_event(body, live=False) == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(sorted(file.stem for file in EVENTS.glob("*.json"))), st.data())
def test_whatever_stands_in_one_field_it_is_read_or_refused_in_our_words(
    name: str, data: st.DataObject
) -> None:
    event = model(name)
    field = data.draw(st.sampled_from(sorted(event["resource"])))
    event["resource"][field] = data.draw(_JSON)
    with suppress(UnreadableEvent):
        assert {fact.provider for fact in read(event)} <= {"paypal"}
