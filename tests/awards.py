"""A round played to its close in a few words: for tests of awards."""

from shared.domain.money import Money
from shared.usecases.record_payment import Outcome
from tests.scholarships import Scholarships, round_catalogue


def dollars(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")


def played(people: dict[str, tuple[str, dict[str, str]]], **policy: object) -> Scholarships:
    """A round to its close: people by name, with what two reviewers said of them."""
    world = Scholarships(catalogue=round_catalogue(**policy))
    for person in people:
        world.apply(person)
    world.begin_review()
    for person, (outcome, fields) in people.items():
        world.both_vote(person, outcome, **fields)
    world.close_round()
    return world


def full(strength: int) -> tuple[str, dict[str, str]]:
    return "full", {"strength": str(strength)}


def partial(award: int, strength: int = 2) -> tuple[str, dict[str, str]]:
    return "partial", {"award": str(award), "strength": str(strength)}


def settle(world: Scholarships, fact_of: str, amount: int, **changes: object) -> Outcome:
    """Somebody pays so much through the link of the bundle."""
    return world.pay(
        world.catalogue, "all-five-general", f"{fact_of}@people.example",
        amount=dollars(amount), **changes,
    )  # fmt: skip
