"""Razorpay's events say in our words what happened to which money; one payment is one order."""

from pathlib import Path

import pytest

from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus, PaymentFact, new_order
from shared.usecases.record_payment import Outcome
from tests.razorpay import (
    CAPTURED,
    LINK,
    LINK_PAID,
    ORDER_PAID,
    WHOLE,
    changed,
    fact_of,
    model,
    read,
)
from tests.world import World, who

ANANYAS, ROHANS = "razorpay-pay_ROKqTend1ngM01", "razorpay-pay_ROKrTend1ngM02"


@pytest.fixture(scope="module")
def misa() -> Catalogue:
    """The catalogue whose payment link the model events came through."""
    return read_catalogue(Path("events/catalogue_published/misa-2025.yaml").read_bytes())


@pytest.mark.parametrize("name", [CAPTURED, ORDER_PAID, LINK_PAID])
def test_all_that_tell_of_one_payment_say_the_same_of_one_order(name: str) -> None:
    fact = fact_of(model(name))

    assert (fact.says, fact.order, fact.amount) == ("paid", ANANYAS, WHOLE)
    assert fact.buyer_address == "ananya.krishnan@example.org"
    assert fact.offer_ids[0] == LINK


def test_a_payment_told_of_three_times_is_paid_once_and_gives_one_seat_a_class(
    world: World, misa: Catalogue
) -> None:
    world.publish(misa)

    outcomes = [world.deliver(fact_of(model(name))) for name in (LINK_PAID, CAPTURED, ORDER_PAID)]

    assert outcomes == [Outcome.RECORDED] * 3
    (order,) = world.records.everything(Order)
    assert order.paid == WHOLE
    assert order.waiting is None
    for session in misa.sessions:
        assert world.seats(session.id) == {who("ananya.krishnan@example.org"): "active"}
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1


@pytest.mark.parametrize(
    ("name", "says", "part", "state", "paise", "order"),
    [
        ("payment.captured.card", "paid", "", "", 450000, ROHANS),
        ("payment.failed", "failed", "", "", 450000, "razorpay-pay_ROKsTend1ngM03"),
        ("refund.created", "refund", "rfnd_ROLaTend1ngM1", "pending", 112500, ANANYAS),
        ("refund.processed", "refund", "rfnd_ROLaTend1ngM1", "succeeded", 112500, ANANYAS),
        ("refund.failed", "refund", "rfnd_ROLaTend1ngM1", "failed", 112500, ANANYAS),
        ("refund.processed.full", "refund", "rfnd_ROLbTend1ngM2", "succeeded", 450000, ANANYAS),
        ("payment.dispute.created", "dispute", "disp_ROMaTend1ngM1", "open", 450000, ROHANS),
        ("payment.dispute.under_review", "dispute", "disp_ROMaTend1ngM1", "open", 450000, ROHANS),
        ("payment.dispute.action_required", "dispute", "disp_ROMaTend1ngM1", "open", 450000,
         ROHANS),
        ("payment.dispute.won", "dispute", "disp_ROMaTend1ngM1", "won", 450000, ROHANS),
        ("payment.dispute.lost", "dispute", "disp_ROMaTend1ngM1", "lost", 450000, ROHANS),
        ("payment.dispute.closed", "dispute", "disp_ROMbTend1ngM2", "won", 450000, ROHANS),
    ],
)  # fmt: skip
def test_an_event_says_what_happened_to_which_money(
    name: str, says: str, part: str, state: str, paise: int, order: str
) -> None:
    fact = fact_of(model(name))

    assert (fact.says, fact.part, fact.state) == (says, part, state)
    assert fact.amount == Money(minor=paise, currency="INR")
    assert fact.order == order


def test_the_life_of_a_payment_comes_to_the_same_in_any_order() -> None:
    names = [CAPTURED, "refund.created", "refund.processed", "refund.failed", ORDER_PAID]
    facts = [fact_of(model(name)) for name in names]

    def after(some: list[PaymentFact]) -> Order:
        order = new_order(some[0])
        for fact in some:
            order = order.with_fact(fact)
        return order

    assert after(facts) == after(facts[::-1]) == after(facts[2:] + facts)
    assert after(facts).status is OrderStatus.PAID, "the refund failed in the end"
    assert after(facts[:3]).refunds["rfnd_ROLaTend1ngM1"].sessions == ("misa-2025-4",)


@pytest.mark.parametrize(
    "name", ["payment.authorized", "payment_link.expired", "payment.dispute.created.inquiry"]
)
def test_what_changes_nothing_for_us_says_nothing(name: str) -> None:
    assert read(model(name)) == []


@pytest.mark.parametrize(
    "kind", ["refund.speed_changed", "payment_link.cancelled", "invoice.paid", "anything.new"]
)
def test_events_of_other_kinds_say_nothing_however_they_look(kind: str) -> None:
    assert read(model(CAPTURED) | {"event": kind}) == []
    assert read({"event": kind, "payload": []}) == []


@pytest.mark.parametrize(
    ("phase", "taken", "states"),
    [
        ("chargeback", 0, ["open"]),
        ("pre_arbitration", 0, ["open"]),
        ("arbitration", 0, ["open"]),
        (None, 0, ["open"]),
        ("fraud", 0, []),
        ("retrieval", None, []),
        ("retrieval", 450000, ["open"]),
    ],
)
def test_while_a_bank_only_asks_and_takes_nothing_there_is_no_dispute(
    phase: str | None, taken: int | None, states: list[str]
) -> None:
    event = changed("payment.dispute.created", "dispute", phase=phase, amount_deducted=taken)

    assert [fact.state for fact in read(event)] == states


@pytest.mark.parametrize(
    ("status", "taken", "states"),
    [
        ("won", 0, ["won"]),
        ("lost", 450000, ["lost"]),
        ("closed", 0, ["won"]),
        ("closed", None, ["won"]),
        ("closed", 450000, ["lost"]),
        ("under_review", 0, []),
        ("under_review", 450000, ["open"]),
    ],
)
def test_a_closed_dispute_was_won_by_whoever_has_the_money(
    status: str, taken: int | None, states: list[str]
) -> None:
    event = changed("payment.dispute.closed", "dispute", status=status, amount_deducted=taken)

    assert [fact.state for fact in read(event)] == states


def test_an_event_is_named_by_what_was_signed_so_a_replay_is_known() -> None:
    names = {name: fact_of(model(name)).event for name in (
        CAPTURED, ORDER_PAID, "refund.processed", "payment.dispute.created"
    )}  # fmt: skip

    assert names == {
        CAPTURED: "payment.captured:pay_ROKqTend1ngM01",
        ORDER_PAID: "order.paid:pay_ROKqTend1ngM01",
        "refund.processed": "refund.processed:rfnd_ROLaTend1ngM1",
        "payment.dispute.created": "payment.dispute.created:disp_ROMaTend1ngM1",
    }


def test_a_dispute_that_comes_under_review_twice_is_told_of_twice() -> None:
    event = model("payment.dispute.under_review")
    later = event | {"created_at": event["created_at"] + 86400}

    assert fact_of(event).event != fact_of(later).event


@pytest.mark.parametrize("live", [True, False])
def test_the_stage_says_whether_the_money_is_real(live: bool) -> None:
    (fact,) = read(model(CAPTURED), live=live)

    assert fact.live is live
