"""What Razorpay signed and we do not know is not guessed at: it waits, unread, and names nobody."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.razorpay_events import read_razorpay_event
from shared.adapters.stripe_events import UnreadableEvent
from tests.razorpay import CAPTURED, EVENTS, ORDER_PAID, WHOLE, changed, fact_of, model, read


def test_fields_that_razorpay_adds_one_day_are_no_trouble() -> None:
    event = changed(CAPTURED, "payment", brand_new={"deep": [1, {"er": None}]})
    event["payload"]["brand_new"] = {"entity": []}

    assert fact_of(event | {"api_version": "v9"}) == fact_of(model(CAPTURED))


def test_fields_that_nobody_reads_may_be_missing() -> None:
    paid = {"id": "pay_1", "amount": 450000, "currency": "INR", "status": "captured"}
    payload = {"payment": {"entity": paid}}

    fact = fact_of({"event": CAPTURED, "created_at": 1760520030, "payload": payload})

    assert (fact.order, fact.amount) == ("razorpay-pay_1", WHOLE)


@pytest.mark.parametrize(
    "amount", ["450000", 4500.5, 450000.0, -1, True, [1], 10**13, None, float("nan")]
)
@pytest.mark.parametrize(
    ("name", "part"),
    [(CAPTURED, "payment"), ("refund.processed", "refund"), ("payment.dispute.lost", "dispute")],
)
def test_an_amount_that_is_not_whole_paise_is_not_guessed(
    name: str, part: str, amount: object
) -> None:
    with pytest.raises(UnreadableEvent):
        read(changed(name, part, amount=amount))


@pytest.mark.parametrize(
    ("what", "name", "part", "changes"),
    [
        ("not captured", CAPTURED, "payment", {"status": "authorized"}),
        ("without a status", ORDER_PAID, "payment", {"status": None}),
        ("no such currency", CAPTURED, "payment", {"currency": "rupees"}),
        ("no currency", CAPTURED, "payment", {"currency": None}),
        ("no id", CAPTURED, "payment", {"id": ""}),
        ("notes that are a list of things", CAPTURED, "payment", {"notes": ["offer"]}),
        ("a card that is a word", CAPTURED, "payment", {"card": "Visa"}),
        ("a refund of no payment", "refund.processed", "refund", {"payment_id": None}),
        ("a refund without an id", "refund.failed", "refund", {"id": ""}),
        ("a dispute of an unknown kind", "payment.dispute.closed", "dispute", {"status": "maybe"}),
    ],
)
def test_an_event_that_is_not_as_we_know_it_is_not_guessed(
    what: str, name: str, part: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(UnreadableEvent):
        read(changed(name, part, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": {}},
        {"payload": []},
        {"payload": {"payment": {}}},
        {"payload": {"payment": {"entity": "pay_1"}}},
        {"created_at": 10**15},
        {"created_at": 67_768_036_191_676_800},  # larger than what the clock library takes
        {"created_at": 0},
        {"created_at": None},
        {"event": None},
    ],
    ids=str,
)
def test_an_event_without_what_we_need_is_not_guessed(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        read(model(CAPTURED) | changes)


def test_what_is_said_of_an_unreadable_event_names_nobody() -> None:
    with pytest.raises(UnreadableEvent) as unreadable:
        read(changed(CAPTURED, "payment", card=["Ananya Krishnan"]))

    told = f"{unreadable.value} {unreadable.value.__cause__}"
    assert "could not be read" in told
    assert "Ananya" not in told


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_model_event_is_read_and_names_nobody_real(path: Path) -> None:
    read_razorpay_event(path.read_bytes(), live=False)

    text = path.read_text(encoding="utf-8")
    event = json.loads(text)
    assert event["entity"] == "event"
    assert path.stem.startswith(event["event"])
    assert event["contains"] == list(event["payload"])
    assert text.count("@") == text.count("@example.org") + text.count("void@razorpay.com")


@given(st.binary(max_size=200))
def test_whatever_is_signed_is_read_or_refused(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        read_razorpay_event(body, live=False)


_ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(
    st.sampled_from(sorted(path.stem for path in EVENTS.glob("*.json"))),
    st.data(),
)
def test_whatever_its_fields_hold_an_event_is_read_or_refused(name: str, data: Any) -> None:
    event = model(name)
    part = data.draw(st.sampled_from(event["contains"]))
    field = data.draw(st.sampled_from(sorted(event["payload"][part]["entity"])))
    event["payload"][part]["entity"][field] = data.draw(_ANYTHING)

    try:
        facts = read(event)
    except UnreadableEvent:
        return
    assert len(facts) <= 1
