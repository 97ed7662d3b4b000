"""A payment of which nobody knows whose it is is asked about; what is answered counts once."""

import json
from pathlib import Path

import pytest

from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.memory_providers import MemoryProviderPayments
from shared.adapters.payment_providers import read_event
from shared.adapters.stripe_events import UnreadableEvent
from shared.domain.payments import Order, PaymentFact
from shared.failures import Unavailable
from shared.usecases.ask_who_paid import Asking, ask_of_all_that_wait, ask_who_paid
from shared.usecases.rule_on_payment import payments_in_review
from tests.paypal import COMPLETED, ORDER, fact_of, model
from tests.world import KEY, World, who

IDHA = read_catalogue(Path("events/catalogue_published/idha-2025.yaml").read_bytes())
NOOR = "noor.vanderberg@example.org"
ANSWER = json.dumps(model("checkout.order.completed") | {"id": "checkout:5TE1"}).encode()


@pytest.fixture
def provider() -> MemoryProviderPayments:
    """A provider that knows who paid."""
    return MemoryProviderPayments(said={ORDER: ANSWER})


def _asking(world: World, provider: MemoryProviderPayments, kept: list[bytes]) -> Asking:
    def read(name: str, body: bytes) -> list[PaymentFact]:
        return read_event(name, body, live=False).facts

    return Asking(
        payments={"paypal": provider},
        read=read,
        keep=lambda _, body, facts: kept.append(body),
        records=world.records,
        identity_key=KEY,
        live=False,
        now=world.now,
    )


@pytest.fixture
def waiting(world: World) -> World:
    """Somebody paid, and nobody knows who."""
    world.publish(IDHA)
    world.deliver(fact_of(model(COMPLETED)))
    return world


def test_the_answer_gives_the_seat_is_kept_and_is_asked_for_once(
    waiting: World, provider: MemoryProviderPayments
) -> None:
    kept: list[bytes] = []
    asking = _asking(waiting, provider, kept)

    assert ask_who_paid(ORDER, asking)
    assert not ask_who_paid(ORDER, asking), "it waits no longer"

    assert waiting.seats("idha-2025-2") == {who(NOOR): "active"}
    assert (kept, provider.asked) == ([ANSWER], [ORDER])


def test_who_knows_no_more_changes_nothing(waiting: World) -> None:
    provider = MemoryProviderPayments()
    before = waiting.records.everything(Order)

    assert ask_of_all_that_wait(_asking(waiting, provider, [])) == (0, [])

    assert provider.asked == [ORDER]
    assert waiting.records.everything(Order) == before


def test_nobody_is_asked_of_what_is_known_or_settled_or_not_there(
    world: World, provider: MemoryProviderPayments
) -> None:
    world.publish(IDHA)
    asking = _asking(world, provider, [])
    assert not ask_who_paid("paypal-NOSUCH", asking)
    odd = fact_of(model("checkout.order.completed")).model_copy(update={"offer_ids": ("none",)})
    world.deliver(odd)  # waits for another reason: its buyer is known

    assert not ask_who_paid(ORDER, asking)
    assert ask_of_all_that_wait(asking) == (0, [])
    assert provider.asked == []


def test_other_providers_are_not_asked(waiting: World, provider: MemoryProviderPayments) -> None:
    stripe = fact_of(model(COMPLETED)).model_copy(
        update={"provider": "stripe", "order": "stripe-pi_1", "event": "evt_1"}
    )
    waiting.deliver(stripe)

    assert not ask_who_paid("stripe-pi_1", _asking(waiting, provider, []))
    assert provider.asked == []


def test_silence_is_said_and_nothing_is_lost(
    waiting: World, provider: MemoryProviderPayments
) -> None:
    provider.silent = True
    for ask in (lambda asking: ask_who_paid(ORDER, asking), ask_of_all_that_wait):
        with pytest.raises(Unavailable):
            ask(_asking(waiting, provider, []))

    provider.silent = False
    assert ask_of_all_that_wait(_asking(waiting, provider, [])) == (1, [])


def test_an_answer_that_cannot_be_read_is_named_and_the_others_count(
    waiting: World, provider: MemoryProviderPayments
) -> None:
    other = "paypal-2TE1"
    waiting.deliver(fact_of(model(COMPLETED)).model_copy(update={"order": other, "event": "WH-2"}))
    provider.said[other] = b"{}"

    found, failures = ask_of_all_that_wait(_asking(waiting, provider, []))

    assert found == 1
    assert [(order, type(error)) for order, error in failures] == [(other, UnreadableEvent)]


def test_until_then_staff_see_what_it_would_be_and_what_to_do(waiting: World) -> None:
    (item,) = payments_in_review(records=waiting.records, now=waiting.now)

    assert item["reasons"] == ["The payment came without an e-mail address we can write to."]
    assert "who paid" in item["suggestion"]
    assert "General, class 2" in item["suggestion"]
