"""A webhook that is down costs a delay, not a seat: once an hour the provider is asked itself."""

import json
from datetime import timedelta
from itertools import permutations

import pytest

from shared.adapters.memory import MemoryRecords
from shared.adapters.memory_providers import MemoryProviderEvents
from shared.adapters.stripe_events import read_stripe_event
from shared.domain.letters import Letter, LetterKind
from shared.domain.payments import EventMarker, Order
from shared.domain.record import Record
from shared.failures import Unavailable
from shared.usecases.keep_events import kept_events
from shared.usecases.reconcile_payments import Reconciled, reconcile
from shared.usecases.record_payment import Outcome
from tests.catalogues import classes_catalogue
from tests.payments import changed, refund
from tests.world import KEY, World, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0].id
OFFER = CLASSES.offer(f"{CLASS_1}-general")
ANA, BO = who("ana@example.org"), who("bo@example.org")


@pytest.fixture
def provider() -> MemoryProviderEvents:
    """A provider that can be asked."""
    return MemoryProviderEvents()


@pytest.fixture(autouse=True)
def _on_sale(world: World) -> None:
    world.publish(CLASSES)


def _made(
    provider: MemoryProviderEvents, world: World, body: str, minutes_ago: float = 60
) -> bytes:
    """An event that the provider made, some time before now."""
    at = world.now - timedelta(minutes=minutes_ago)
    made = json.dumps(json.loads(body) | {"created": int(at.timestamp())}).encode()
    provider.made.append((at, made))
    return made


def _reconcile(provider: MemoryProviderEvents, world: World) -> Reconciled:
    return reconcile(
        provider,
        read=read_stripe_event,
        keep=world.keep,
        records=world.records,
        identity_key=KEY,
        live=False,
        now=world.now,
    )


def test_what_was_missed_is_kept_as_a_delivery_is_and_what_was_not_is_not(
    provider: MemoryProviderEvents, world: World
) -> None:
    _delivered(world, _made(provider, world, _paid("Ana", 1)))
    missed = _made(provider, world, _paid("Bo", 2))

    _reconcile(provider, world)

    assert [event.body for event in kept_events(world.raw_events)] == [missed]


def _delivered(world: World, body: bytes) -> Outcome:
    (fact,) = read_stripe_event(body)
    return world.deliver(fact, body.decode())


def _paid(name: str, number: int) -> str:
    details = {"email": f"{name.lower()}@example.org", "name": name}
    return changed(
        "checkout.session.completed.paid",
        event={"id": f"evt_{number}"},
        payment_intent=f"pi_{number}",
        payment_link=OFFER.id,
        amount_total=OFFER.amount,
        customer_details=details,
    )


def _ana() -> str:
    return _paid("Ana", 1)


def _bo() -> str:
    return _paid("Bo", 2)


def _counts(found: Reconciled) -> tuple[int, int, int]:
    return found.looked_at, found.fed, found.difference


def test_a_payment_that_never_arrived_becomes_a_seat_and_a_letter(
    world: World, provider: MemoryProviderEvents
) -> None:
    _made(provider, world, _ana())
    assert world.seats(CLASS_1) == {}

    assert _counts(_reconcile(provider, world)) == (1, 1, 1)

    assert world.seats(CLASS_1) == {ANA: "active"}
    assert len(world.letters(LetterKind.CONFIRMATION)) == 1


def test_asked_hour_after_hour_nothing_is_taken_in_twice(
    world: World, provider: MemoryProviderEvents
) -> None:
    _made(provider, world, _ana())
    _reconcile(provider, world)
    letters = world.records.everything(Letter)

    for _ in range(3):
        world.wait(hours=1)
        assert _counts(_reconcile(provider, world)) == (1, 0, 0)

    assert world.records.everything(Letter) == letters
    assert len(world.records.everything(EventMarker)) == 1


def test_what_was_delivered_is_no_difference(world: World, provider: MemoryProviderEvents) -> None:
    delivered = _made(provider, world, _ana())
    assert _delivered(world, delivered) is Outcome.RECORDED

    assert _counts(_reconcile(provider, world)) == (1, 0, 0)


@pytest.mark.parametrize("spaces", ["", " "], ids=["as listed", "written otherwise"])
def test_a_delivery_that_comes_after_all_is_a_duplicate_and_no_forgery(
    world: World, provider: MemoryProviderEvents, spaces: str
) -> None:
    listed = _made(provider, world, _ana())
    _reconcile(provider, world)
    (order,) = world.records.everything(Order)

    assert _delivered(world, listed + spaces.encode()) is Outcome.DUPLICATE
    assert _delivered(world, listed + b"\n") is Outcome.DUPLICATE, "and whenever it comes again"

    assert world.records.everything(Order) == [order]


def test_what_was_delivered_is_still_known_by_its_body_after_it_was_listed(
    world: World, provider: MemoryProviderEvents
) -> None:
    delivered = _made(provider, world, _ana())
    _delivered(world, delivered)
    _reconcile(provider, world)

    assert _delivered(world, delivered) is Outcome.DUPLICATE
    assert _delivered(world, delivered + b" ") is Outcome.ALTERED


def test_an_event_of_the_last_quarter_of_an_hour_is_left_to_its_delivery(
    world: World, provider: MemoryProviderEvents
) -> None:
    _made(provider, world, _ana(), minutes_ago=14.9)

    assert _counts(_reconcile(provider, world)) == (0, 0, 0)
    assert world.seats(CLASS_1) == {}

    world.wait(minutes=0.1)
    assert _counts(_reconcile(provider, world)) == (1, 1, 1)


def test_four_days_are_looked_back_and_not_a_moment_more(
    world: World, provider: MemoryProviderEvents
) -> None:
    four_days = 4 * 24 * 60
    _made(provider, world, _ana(), minutes_ago=four_days + 0.1)
    _made(provider, world, _bo(), minutes_ago=four_days)

    assert _counts(_reconcile(provider, world)) == (1, 1, 1)
    assert world.seats(CLASS_1) == {BO: "active"}


@pytest.mark.parametrize("unreadable", ["not json", "[]", '{"id": "evt_9"}', "amount"])
def test_one_event_that_cannot_be_read_does_not_stop_the_others(
    world: World, provider: MemoryProviderEvents, unreadable: str
) -> None:
    in_words = changed("checkout.session.completed.paid", amount_total="60.00")
    _made(provider, world, _ana())
    provider.made.append(
        (
            world.now - timedelta(hours=1),
            (in_words if unreadable == "amount" else unreadable).encode(),
        )
    )
    _made(provider, world, _bo())

    found = _reconcile(provider, world)

    assert (found.fed, found.difference, len(found.failures)) == (2, 3, 1)
    assert world.seats(CLASS_1) == {ANA: "active", BO: "active"}


def test_an_event_that_cannot_be_read_is_named_so_that_people_find_it(
    world: World, provider: MemoryProviderEvents
) -> None:
    body = changed("checkout.session.completed.paid", event={"id": "evt_odd"}, amount_total="60.00")
    _made(provider, world, body)

    ((name, _),) = _reconcile(provider, world).failures

    assert name == "evt_odd"


def test_an_event_of_which_nothing_follows_is_no_difference(
    world: World, provider: MemoryProviderEvents
) -> None:
    _made(provider, world, changed("charge.dispute.created.warning"))

    assert _counts(_reconcile(provider, world)) == (1, 0, 0)


def test_what_matches_no_price_is_found_and_waits_for_staff(
    world: World, provider: MemoryProviderEvents
) -> None:
    _made(provider, world, changed("checkout.session.completed.paid", amount_total=1))

    assert _reconcile(provider, world).fed == 1

    assert len(world.letters(LetterKind.STAFF_REVIEW)) == 1


def test_a_provider_that_does_not_answer_is_said_to_be_one(
    world: World, provider: MemoryProviderEvents
) -> None:
    _made(provider, world, _ana())
    provider.silent = True

    with pytest.raises(Unavailable):
        _reconcile(provider, world)

    provider.silent = False
    assert _reconcile(provider, world).fed == 1


class _Unwritable(MemoryRecords):
    """A table that answers and takes nothing."""

    def commit(self, *records: Record, seats: object = ()) -> None:
        raise Unavailable("The table takes nothing.")


def test_when_we_cannot_write_ourselves_the_rest_is_left_to_the_next_hour(
    world: World, provider: MemoryProviderEvents
) -> None:
    for body in (_ana(), _bo()):
        _made(provider, world, body)
    kept, world.records = world.records, _Unwritable()

    assert _counts(_reconcile(provider, world)) == (1, 0, 1)

    world.records = kept
    assert _reconcile(provider, world).fed == 2


@pytest.mark.parametrize("known", [(), (0,), (1,), (0, 1)])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_listed_or_delivered_in_any_order_it_comes_to_the_same(
    provider: MemoryProviderEvents, world: World, known: tuple[int, ...], order: tuple[int, ...]
) -> None:
    """Two payments and a refund; some were delivered before, all are afterwards."""
    events = [
        _made(provider, world, body) for body in (_ana(), _bo(), refund(CLASSES, OFFER.id, 1))
    ]
    provider.made = [provider.made[at] for at in order]
    for at in known:
        _delivered(world, events[at])

    assert _reconcile(provider, world).fed == 3 - len(known)

    assert [_delivered(world, event) for event in events] == [Outcome.DUPLICATE] * 3
    assert world.seats(CLASS_1) == {ANA: "ended", BO: "active"}
    assert len(world.records.everything(EventMarker)) == 3
