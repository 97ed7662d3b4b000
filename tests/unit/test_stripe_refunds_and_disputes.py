"""Stripe's refunds and disputes in our words, from the events as Stripe sends them."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.stripe_events import UnreadableEvent, read_stripe_event
from shared.domain.payments import PaymentFact

EVENTS = Path("events/payment_webhook")
PARTIAL, FULL = "stripe-pi_3Rvpy5Be3BF8drOSnTFjMSSi", "stripe-pi_3RIWFb2lJEkfwW3Ga9rtlYTf"


def read(name: str, **changes: Any) -> list[PaymentFact]:
    event = json.loads((EVENTS / f"{name}.json").read_bytes())
    event["data"]["object"].update(changes)
    return read_stripe_event(json.dumps(event).encode())


@pytest.mark.parametrize(
    ("name", "says", "state", "order", "cents"),
    [
        ("refund.created", "refund", "pending", PARTIAL, 5940),
        ("refund.updated", "refund", "succeeded", PARTIAL, 5940),
        ("charge.refund.updated", "refund", "succeeded", PARTIAL, 5940),
        ("refund.failed", "refund", "failed", PARTIAL, 5940),
        ("charge.dispute.created", "dispute", "open", FULL, 6000),
        ("charge.dispute.updated", "dispute", "open", FULL, 6000),
        ("charge.dispute.funds_withdrawn", "dispute", "open", FULL, 6000),
        ("charge.dispute.closed.won", "dispute", "won", FULL, 6000),
        ("charge.dispute.funds_reinstated", "dispute", "won", FULL, 6000),
        ("charge.dispute.closed.lost", "dispute", "lost", FULL, 6000),
    ],
)
def test_each_step_says_which_part_of_which_payment_is_where(
    name: str, says: str, state: str, order: str, cents: int
) -> None:
    (fact,) = read(name)
    assert (fact.says, fact.state, fact.order) == (says, state, order)
    assert fact.part
    assert fact.amount is not None
    assert fact.amount.minor == cents


def test_an_inquiry_says_nothing_of_the_payment() -> None:
    assert read("charge.dispute.created.warning") == []
    assert read("charge.dispute.updated", status="warning_closed") == []


def test_a_refund_names_its_classes_in_its_metadata() -> None:
    (fact,) = read("refund.updated", metadata={"sessions": "idha-2025-1, idha-2025-3,"})
    assert fact.sessions == ("idha-2025-1", "idha-2025-3")


@pytest.mark.parametrize(
    ("status", "state"), [("canceled", "failed"), ("requires_action", "pending")]
)
def test_what_was_canceled_never_went(status: str, state: str) -> None:
    (fact,) = read("refund.updated", status=status)
    assert fact.state == state


def test_a_dispute_in_words_we_do_not_know_holds_until_it_is_closed() -> None:
    (fact,) = read("charge.dispute.updated", status="something_new")
    assert fact.state == "open"


def test_a_refund_without_a_payment_intent_is_of_its_charge() -> None:
    (fact,) = read("refund.updated", payment_intent=None, charge="ch_1")
    assert fact.order == "stripe-ch_1"


@pytest.mark.parametrize(
    "changes", [{"status": None}, {"status": "new"}, {"amount": None}, {"amount": -5},
                {"payment_intent": None, "charge": None}],
)  # fmt: skip
def test_a_refund_that_cannot_be_read_waits_for_people(changes: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        read("refund.updated", **changes)
