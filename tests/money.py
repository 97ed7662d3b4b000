"""What providers say of one payment, and what it came to: for tests of money."""

from datetime import UTC, datetime

from shared.domain.awards import FundEntry
from shared.domain.money import Money
from shared.domain.payments import Order, PaymentFact
from tests.scholarships import Scholarships
from tests.world import paid, who

ANA = "ana@people.example"
ORDER = "stripe-pi_ana"
BUNDLE = "all-five-supporter"
EARLY = datetime(2025, 6, 2, tzinfo=UTC)


def dollars(amount: float) -> Money:
    return Money(minor=round(amount * 100), currency="USD")


def bought(world: Scholarships, offer: str = BUNDLE) -> PaymentFact:
    return paid(world.catalogue, offer, ANA, 1).model_copy(update={"order": ORDER})


def said(world: Scholarships, says: str, event: str, **changes: object) -> PaymentFact:
    """Something that is said of the payment later, by a provider that names no buyer."""
    fields = {
        "provider": "stripe", "event": event, "order": ORDER, "says": says, "live": False,
        "at": EARLY,
    }  # fmt: skip
    return PaymentFact.model_validate(fields | changes)


def refund(
    world: Scholarships, amount: float, state: str = "succeeded", part: str = "re_1",
    sessions: tuple[str, ...] = (), at: datetime = EARLY,
) -> PaymentFact:  # fmt: skip
    return said(
        world, "refund", f"evt_{part}_{state}", part=part, state=state, amount=dollars(amount),
        sessions=sessions, at=at,
    )  # fmt: skip


def dispute(world: Scholarships, state: str, part: str = "dp_1") -> PaymentFact:
    return said(world, "dispute", f"evt_{part}_{state}", part=part, state=state)


def classes(world: Scholarships) -> list[str]:
    return [session.id for session in world.catalogue.sessions]


def held(world: Scholarships) -> list[str]:
    """The status of Ana's place in each class."""
    return [world.seats(session).get(who(ANA), "none") for session in classes(world)]


def order_of(world: Scholarships) -> Order:
    found = world.records.get(Order.key_of(ORDER), Order)
    assert found is not None
    return found


def posted(world: Scholarships) -> int:
    """What the order has put into the fund by now, entries that wait included."""
    entries = world.records.everything(FundEntry)
    return sum(entry.by for entry in entries if entry.about.startswith("surplus/"))
