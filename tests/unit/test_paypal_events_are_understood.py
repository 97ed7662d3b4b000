"""PayPal's events say in our words what happened to which money; a capture is one order."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.catalogue_yaml import read_catalogue
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus, PaymentFact, new_order
from tests.paypal import CAPTURE, COMPLETED, ORDER, changed, fact_of, model, read
from tests.world import World, who

CHECKOUT, BUNDLE = "checkout.order.completed", "paypal-3TE81264HB906531Y"
REVERSED, WON, LOST = (
    "payment.capture.reversed",
    "customer.dispute.resolved.won",
    "customer.dispute.resolved.lost",
)
_IDHA = Path("events/catalogue_published/idha-2025.yaml")
NOOR = "noor.vanderberg@example.org"


@pytest.fixture(scope="module")
def idha() -> Catalogue:
    """The catalogue whose prices the model events name."""
    return read_catalogue(_IDHA.read_bytes())


def dollars(cents: int) -> Money:
    return Money(minor=cents, currency="USD")


@pytest.mark.parametrize(
    ("name", "says", "part", "state", "cents", "order"),
    [
        (COMPLETED, "paid", "", "", 6000, ORDER),
        (CHECKOUT, "paid", "", "", 6000, ORDER),
        ("payment.capture.completed.bundle", "paid", "", "", 29700, BUNDLE),
        ("payment.capture.pending", "pending", "", "", 6000, "paypal-6TE05583QJ217748U"),
        ("payment.capture.denied", "failed", "", "", 6000, "paypal-6TE05583QJ217748U"),
        ("payment.capture.declined", "failed", "", "", 6000, "paypal-1TE77320NE486915K"),
        ("payment.capture.refunded", "refund", "4TE10799YT578343V", "succeeded", 6000, ORDER),
        ("payment.capture.refunded.partial", "refund", "2TE63318UD940275X", "succeeded", 5940,
         BUNDLE),
        ("payment.refund.pending", "refund", "2TE63318UD940275X", "pending", 5940, BUNDLE),
        ("payment.refund.failed", "refund", "2TE63318UD940275X", "failed", 5940, BUNDLE),
        (REVERSED, "refund", f"reversal-{CAPTURE}", "succeeded", 6000, ORDER),
        ("customer.dispute.created", "dispute", "PP-R-TND-10042731", "open", 6000, ORDER),
        ("customer.dispute.updated", "dispute", "PP-R-TND-10042731", "open", 6000, ORDER),
        (LOST, "dispute", "PP-R-TND-10042731", "lost", 6000, ORDER),
    ],
)  # fmt: skip
def test_an_event_says_what_happened_to_which_money(
    name: str, says: str, part: str, state: str, cents: int, order: str
) -> None:
    fact = fact_of(model(name))

    assert (fact.says, fact.part, fact.state) == (says, part, state)
    assert (fact.amount, fact.order) == (dollars(cents), order)
    assert fact.event == model(name)["id"]
    assert fact.at.isoformat()[:19] == model(name)["create_time"][:19]


@pytest.mark.parametrize("name", ["checkout.order.approved", "customer.dispute.created.inquiry"])
def test_what_moves_no_money_says_nothing(name: str) -> None:
    assert read(model(name)) == []


@pytest.mark.parametrize("kind", ["CREATED", "UPDATED", "RESOLVED"])
def test_while_buyer_and_seller_only_talk_nothing_changes_however_it_ends(kind: str) -> None:
    event = changed(LOST, dispute_life_cycle_stage="INQUIRY")

    assert read(event | {"event_type": f"CUSTOMER.DISPUTE.{kind}"}) == []


@pytest.mark.parametrize(
    "kind", ["PAYMENT.SALE.COMPLETED", "BILLING.PLAN.CREATED", "VAULT.ANYTHING.NEW"]
)
def test_events_of_other_kinds_say_nothing_however_they_look(kind: str) -> None:
    assert read(model(COMPLETED) | {"event_type": kind}) == []
    assert read({"event_type": kind, "resource": []}) == []


def test_a_capture_does_not_say_who_paid_and_a_completed_checkout_does() -> None:
    capture, checkout = fact_of(model(COMPLETED)), fact_of(model(CHECKOUT))

    assert (capture.buyer_name, capture.buyer_address) == ("", "")
    assert (checkout.buyer_name, checkout.buyer_address) == ("Noor van der Berg", NOOR)
    assert capture.offer_ids == checkout.offer_ids == ("general-class-2",)


def test_the_payer_is_found_where_paypal_writes_it_now_too() -> None:
    fact = fact_of(changed(CHECKOUT, payer=None))

    assert (fact.buyer_name, fact.buyer_address) == ("Noor van der Berg", NOOR)


def test_a_checkout_of_two_captures_is_two_payments_of_one_buyer() -> None:
    event = model(CHECKOUT)
    (first,) = event["resource"]["purchase_units"]
    (capture,) = first["payments"]["captures"]
    second = first | {
        "custom_id": "general-class-3",
        "payments": {
            "captures": [capture | {"id": "2TE1", "custom_id": None, "status": "PENDING"}]
        },
    }
    event["resource"]["purchase_units"] = [first, second, {"reference_id": "empty"}]

    facts = read(event)

    assert [(fact.order, fact.says) for fact in facts] == [
        (ORDER, "paid"),
        ("paypal-2TE1", "pending"),
    ]
    assert [fact.offer_ids for fact in facts] == [("general-class-2",), ("general-class-3",)]
    assert {fact.buyer_address for fact in facts} == {NOOR}


def test_told_of_twice_a_payment_is_one_seat_and_one_letter(world: World, idha: Catalogue) -> None:
    """The capture first, when nobody knows yet whose it is; or the checkout first."""
    for names in ((COMPLETED, CHECKOUT), (CHECKOUT, COMPLETED)):
        world = World()
        world.publish(idha)
        for name in names:
            world.deliver(fact_of(model(name)))

        (order,) = world.records.everything(Order)
        assert (order.paid, order.waiting) == (dollars(6000), None)
        assert world.seats("idha-2025-2") == {who(NOOR): "active"}
        assert len(world.letters(LetterKind.CONFIRMATION)) == 1
        assert world.letters(LetterKind.STAFF_REVIEW) == []


def test_a_refund_names_its_classes_as_we_write_them_and_else_names_none() -> None:
    assert fact_of(model("payment.capture.refunded.partial")).sessions == ("idha-2025-4",)
    assert fact_of(model("payment.capture.refunded")).sessions == ()


@pytest.mark.parametrize(
    ("links", "related"),
    [
        ([{"rel": "up", "href": f"https://api.paypal.com/v2/payments/captures/{CAPTURE}"}], None),
        (None, {"related_ids": {"capture_id": CAPTURE}}),
        ([{"rel": "self", "href": "https://api.paypal.com/v2/payments/refunds/1"}],
         {"related_ids": {"capture_id": CAPTURE, "order_id": "5TE1"}}),
    ],
)  # fmt: skip
def test_a_refund_finds_its_payment_by_its_link_or_by_the_ids_beside_it(
    links: object, related: object
) -> None:
    event = changed("payment.capture.refunded", links=links, supplementary_data=related)

    assert fact_of(event).order == ORDER


def test_a_reversal_told_of_as_the_capture_itself_is_the_same_and_below_zero_is_how_much() -> None:
    event = changed(
        REVERSED, id=CAPTURE, links=None, amount={"currency_code": "USD", "value": "-60.00"}
    )

    assert fact_of(event) == fact_of(model(REVERSED))


@pytest.mark.parametrize(
    ("code", "given_back", "state"),
    [
        ("RESOLVED_BUYER_FAVOUR", "60.00", "lost"),
        ("RESOLVED_BUYER_FAVOUR", None, "lost"),
        ("ACCEPTED", None, "lost"),
        ("RESOLVED_SELLER_FAVOUR", None, "won"),
        ("CANCELED_BY_BUYER", None, "won"),
        ("DENIED", "0.00", "won"),
        ("RESOLVED_WITH_PAYOUT", None, "won"),
        ("NONE", "0.00", "won"),
        (None, None, "won"),
        (None, "60.00", "lost"),
    ],
)
def test_a_dispute_was_won_by_whom_paypal_names_and_else_by_whoever_has_the_money(
    code: str | None, given_back: str | None, state: str
) -> None:
    amount = {"currency_code": "USD", "value": given_back} if given_back else None
    outcome = {"outcome_code": code, "amount_refunded": amount}

    facts = read(changed(LOST, dispute_outcome=outcome))

    assert facts[0].state == state
    assert len(facts) == (2 if state == "won" else 1)
    updated = changed(LOST, dispute_outcome=outcome) | {"event_type": "CUSTOMER.DISPUTE.UPDATED"}
    assert read(updated) == facts, "whichever of its events says so"


def _after(*names: str) -> Order:
    facts: list[PaymentFact] = [fact for name in names for fact in read(model(name))]
    order = new_order(facts[0])
    for fact in facts:
        order = order.with_fact(fact)
    return order


def test_reversed_means_that_the_money_went_back() -> None:
    assert _after(COMPLETED, REVERSED).status is OrderStatus.REFUNDED


def test_reversed_and_then_won_it_is_paid_again_in_any_order() -> None:
    names = (COMPLETED, "customer.dispute.created", REVERSED, WON)

    assert _after(*names[:3]).status is OrderStatus.REFUNDED
    assert _after(*names).status is OrderStatus.PAID
    assert _after(*names[::-1]).status is OrderStatus.PAID
    assert _after(COMPLETED, LOST, REVERSED).dispute == "lost"


def test_a_dispute_that_was_won_is_no_refund_and_does_not_date_a_later_one() -> None:
    order = _after(COMPLETED, WON)

    assert (order.refunded, order.refunded_at) == (None, None)
    assert _after(COMPLETED, WON, "payment.capture.refunded").fully_refunded


def test_the_life_of_a_bundle_comes_to_the_same_in_any_order() -> None:
    names = ["payment.capture.completed.bundle", "payment.refund.pending",
             "payment.capture.refunded.partial", "payment.refund.failed"]  # fmt: skip
    assert _after(*names[:3]).refunded == dollars(5940)
    assert _after(*names).refunded == dollars(0), "it failed in the end"
    assert _after(*names[::-1]).refunded == _after(*names, *names).refunded == dollars(0)


@pytest.mark.parametrize("live", [True, False])
def test_whose_webhook_it_is_says_whether_the_money_is_real(live: bool) -> None:
    for name in (COMPLETED, CHECKOUT, LOST, WON, REVERSED, "payment.capture.refunded"):
        assert {fact.live for fact in read(model(name), live=live)} == {live}


def test_a_dispute_of_two_payments_is_one_of_each_and_says_no_amount_of_either() -> None:
    one, other = {"seller_transaction_id": CAPTURE}, {"seller_transaction_id": "2TE1"}

    facts = read(changed("customer.dispute.created", disputed_transactions=[one, other]))

    assert [(fact.order, fact.amount) for fact in facts] == [(ORDER, None), ("paypal-2TE1", None)]


_STORY = [
    COMPLETED,
    CHECKOUT,
    "customer.dispute.created",
    "customer.dispute.updated",
    REVERSED,
    WON,
]


@settings(max_examples=30, deadline=None)
@given(names=st.permutations([*_STORY, COMPLETED, REVERSED, WON]), some=st.integers(0, 3))
def test_in_any_order_and_any_number_the_story_ends_alike(names: list[str], some: int) -> None:
    """Paid, disputed, reversed and won: the seat is there in the end, and one letter of it."""
    world, idha = World(), read_catalogue(_IDHA.read_bytes())
    world.publish(idha)
    for name in (*names, *names[:some]):
        for fact in read(model(name)):
            world.deliver(fact)

    (order,) = world.records.everything(Order)
    assert (order.status, order.waiting) == (OrderStatus.PAID, None)
    assert world.seats("idha-2025-2") == {who(NOOR): "active"}
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1


@settings(max_examples=20, deadline=None)
@given(names=st.permutations([*_STORY[:4], LOST, REVERSED]))
def test_lost_in_any_order_it_is_nobodys_seat(names: list[str]) -> None:
    world, idha = World(), read_catalogue(_IDHA.read_bytes())
    world.publish(idha)
    for name in names:
        for fact in read(model(name)):
            world.deliver(fact)

    (order,) = world.records.everything(Order)
    assert order.status is OrderStatus.REVOKED
    assert world.seats("idha-2025-2") == {who(NOOR): "ended"}
