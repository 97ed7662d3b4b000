"""Stripe's events say in our words what was paid, for what, by whom; or they wait, unread."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.stripe_events import UnreadableEvent, read_stripe_event
from shared.domain.catalogue import Catalogue
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order, PaymentFact
from shared.usecases.record_payment import Outcome
from tests.world import World, who

EVENTS = Path("events/payment_webhook")
PAID = "checkout.session.completed.paid"


def _body(name: str) -> bytes:
    return (EVENTS / f"{name}.json").read_bytes()


def _fact(body: bytes) -> PaymentFact:
    (fact,) = read_stripe_event(body)
    return fact


def _changed(name: str, **changes: Any) -> bytes:
    """That event with fields of its object replaced ("__event" for fields of the event itself)."""
    event = json.loads(_body(name))
    event.update(changes.pop("__event", {}))
    event["data"]["object"].update(changes)
    return json.dumps(event).encode()


@pytest.fixture(scope="module")
def idha() -> Catalogue:
    """The catalogue whose payment links the model events came through."""
    return read_catalogue(Path("events/catalogue_published/idha-2025.yaml").read_bytes())


@pytest.mark.parametrize(
    ("name", "says", "cents", "offer", "buyer"),
    [
        (PAID, "paid", 6000, "general-class-1", "Amara Osei"),
        ("checkout.session.completed.bundle", "paid", 29700, "supporter-bundle", "Devika Pillai"),
        ("checkout.session.completed.no_payment_required", "paid", 0, "general-bundle",
         "Tomás Rivera"),
        ("checkout.session.completed.unpaid", "pending", 6000, "general-class-2", "Lena Hoffmann"),
        ("checkout.session.async_payment_succeeded", "paid", 6000, "general-class-2",
         "Lena Hoffmann"),
        ("checkout.session.async_payment_failed", "failed", 6000, "general-class-3", "Priya Nair"),
        ("charge.refunded.full", "refunded", 6000, None, ""),
        ("charge.refunded.partial", "refunded", 5940, None, ""),
    ],
)  # fmt: skip
def test_an_event_says_what_happened_to_which_money_and_for_what(
    idha: Catalogue, name: str, says: str, cents: int, offer: str | None, buyer: str
) -> None:
    fact = _fact(_body(name))

    assert (fact.says, fact.amount) == (says, Money(minor=cents, currency="USD"))
    assert fact.buyer_name == buyer
    links = (idha.offer(offer).provider_ids["stripe"],) if offer else ()
    assert fact.offer_ids == links
    assert fact.live is False


def test_all_that_happens_to_one_payment_is_about_one_order() -> None:
    orders = {name: _fact(_body(name)).order for name in (
        PAID, "charge.refunded.full", "checkout.session.completed.bundle",
        "charge.refunded.partial", "checkout.session.completed.unpaid",
        "checkout.session.async_payment_succeeded",
    )}  # fmt: skip

    assert orders[PAID] == orders["charge.refunded.full"]
    assert orders["checkout.session.completed.bundle"] == orders["charge.refunded.partial"]
    assert (
        orders["checkout.session.completed.unpaid"]
        == orders["checkout.session.async_payment_succeeded"]
    )
    assert len(set(orders.values())) == 3


def test_where_nothing_was_charged_the_order_is_the_checkout_itself() -> None:
    assert _fact(_body("checkout.session.completed.no_payment_required")).order.startswith(
        "stripe-cs_test_"
    )


def test_the_model_events_end_in_seats_for_those_who_are_entitled(
    world: World, idha: Catalogue
) -> None:
    world.publish(idha)
    first, second, third = (session.id for session in idha.sessions[:3])
    story = [
        PAID,
        "checkout.session.completed.bundle",
        "checkout.session.completed.unpaid",
        "charge.refunded.partial",
    ]
    outcomes = [world.deliver(_fact(_body(name))) for name in story]

    amara, devika, lena = (
        who(f"{name}@example.org") for name in ("amara.osei", "devika.pillai", "lena.hoffmann")
    )
    assert outcomes == [Outcome.RECORDED] * 4
    assert world.seats(first) == {amara: "active", devika: "active"}
    assert world.seats(second) == {devika: "active", lena: "pending"}
    assert world.seats(third) == {devika: "active"}

    world.deliver(_fact(_body("charge.refunded.full")))
    world.deliver(_fact(_body("checkout.session.async_payment_succeeded")))
    world.deliver(_fact(_body("checkout.session.async_payment_failed")))

    assert world.seats(first) == {amara: "ended", devika: "active"}
    assert world.seats(second) == {devika: "active", lena: "active"}
    assert set(world.seats(third).values()) <= {"active", "ended"}


def test_a_free_checkout_that_the_price_book_does_not_list_is_for_staff(
    world: World, idha: Catalogue
) -> None:
    world.publish(idha)

    fact = _fact(_body("checkout.session.completed.no_payment_required"))

    assert world.deliver(fact) is Outcome.IN_REVIEW
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 1
    (order,) = world.records.everything(Order)
    assert order.review is not None


@pytest.mark.parametrize("kind", ["checkout.session.expired", "invoice.paid", "anything.new"])
def test_events_that_change_nothing_for_us_say_nothing(kind: str) -> None:
    event = json.loads(_body("checkout.session.expired"))

    assert read_stripe_event(json.dumps(event | {"type": kind}).encode()) == []


@pytest.mark.parametrize("path", sorted(EVENTS.glob("*.json")), ids=lambda path: path.stem)
def test_every_model_event_is_read_and_names_nobody_real(path: Path) -> None:
    read_stripe_event(path.read_bytes())

    text = path.read_text()
    assert json.loads(text)["object"] == "event"
    assert text.count("@") == text.count("@example.org")


@pytest.mark.parametrize("metadata", [{}, [], None, {"campaign": "spring"}])
def test_empty_metadata_may_come_as_a_list(metadata: object) -> None:
    assert _fact(_changed(PAID, metadata=metadata)) == _fact(_body(PAID))


def test_an_offer_named_by_our_own_checkout_is_known_beside_the_link() -> None:
    fact = _fact(_changed(PAID, payment_link=None, metadata={"offer": "general-class-1"}))

    assert fact.offer_ids == ("general-class-1",)


@pytest.mark.parametrize(
    ("details", "prefilled", "address"),
    [
        (None, None, ""),
        (None, "form@example.org", "form@example.org"),
        ({"email": None, "name": None}, "form@example.org", "form@example.org"),
        ({"email": "typed@example.org", "name": "T"}, "form@example.org", "typed@example.org"),
    ],
)
def test_a_buyer_may_be_missing_and_what_was_typed_counts(
    details: object, prefilled: str | None, address: str
) -> None:
    fact = _fact(_changed(PAID, customer_details=details, customer_email=prefilled))

    assert fact.buyer_address == address


def test_fields_that_stripe_adds_one_day_are_no_trouble() -> None:
    body = _changed(PAID, brand_new={"deep": [1, {"er": None}]}, __event={"context": "acct_x"})

    assert _fact(body) == _fact(_body(PAID))


@pytest.mark.parametrize(
    "amount", ["6000", 60.5, 6000.0, -1, True, [6000], 10**13, float("nan"), float("inf")]
)
def test_an_amount_that_is_not_whole_cents_is_not_guessed(amount: object) -> None:
    with pytest.raises(UnreadableEvent):
        read_stripe_event(_changed(PAID, amount_total=amount))


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("an unknown state", {"payment_status": "maybe"}),
        ("no state", {"payment_status": None}),
        ("no such currency", {"currency": "dollars"}),
        ("a buyer that is a word", {"customer_details": "Amara Osei"}),
        ("metadata that is a list of things", {"metadata": ["offer"]}),
        ("no id of the event", {"__event": {"id": ""}}),
        ("a time long after us", {"__event": {"created": 10**15}}),
        ("a time before time", {"__event": {"created": -1}}),
        ("no mode", {"__event": {"livemode": None}}),
        ("an object that is a word", {"__event": {"data": {"object": "cs_1"}}}),
    ],
)
def test_an_event_that_is_not_as_we_know_it_is_not_guessed(
    what: str, changes: dict[str, Any]
) -> None:
    event = json.loads(_body(PAID))
    event["data"]["object"].update({k: v for k, v in changes.items() if k != "__event"})
    event.update(changes.get("__event", {}))

    with pytest.raises(UnreadableEvent):
        read_stripe_event(json.dumps(event).encode())


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b"\xff\xfe", b"{" * 100_000, b'"' + b"9" * 10_000, b"1e400"],
)
def test_a_body_that_is_no_event_is_not_taken(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        read_stripe_event(body)


def test_what_is_said_of_an_unreadable_event_names_nobody() -> None:
    with pytest.raises(UnreadableEvent) as unreadable:
        read_stripe_event(_changed(PAID, customer_details=["Amara Osei", "amara.osei@example.org"]))

    told = f"{unreadable.value} {unreadable.value.__cause__}"
    assert "could not be read" in told
    assert "Amara" not in told
    assert "amara.osei" not in told


@given(st.binary(max_size=200))
def test_whatever_is_signed_is_read_or_refused(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        read_stripe_event(body)


@given(
    st.dictionaries(
        st.sampled_from(
            ["amount_total", "currency", "metadata", "payment_intent", "payment_link",
             "customer_details", "customer_email", "payment_status", "id"]
        ),
        st.one_of(st.none(), st.integers(), st.text(max_size=5), st.lists(st.none(), max_size=1)),
        max_size=4,
    )
)  # fmt: skip
def test_whatever_its_fields_hold_an_event_is_read_or_refused(fields: dict[str, Any]) -> None:
    try:
        facts = read_stripe_event(_changed(PAID, **fields))
    except UnreadableEvent:
        return
    assert len(facts) == 1
