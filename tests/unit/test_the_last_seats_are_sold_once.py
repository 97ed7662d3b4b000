"""A small class and many buyers at once: every seat is sold once, and nobody is forgotten."""

from concurrent.futures import ThreadPoolExecutor

from shared.domain.letters import LetterKind
from shared.domain.registrations import SeatCount
from shared.usecases.record_payment import Outcome
from tests.catalogues import classes_catalogue
from tests.world import World, paid

SEATS, BUYERS, AT_ONCE = 50, 1000, 16
CLASS = "tfc-1-wisdom"


def test_a_thousand_buyers_of_fifty_seats_get_fifty_seats_and_the_rest_wait_for_staff() -> None:
    catalogue = classes_catalogue()
    small = catalogue.model_copy(
        update={
            "sessions": tuple(
                s.model_copy(update={"capacity": SEATS}) if s.id == CLASS else s
                for s in catalogue.sessions
            )
        }
    )
    world = World()
    world.publish(small)
    facts = [
        paid(small, f"{CLASS}-general", f"buyer-{number}@people.example", number)
        for number in range(BUYERS)
    ]

    with ThreadPoolExecutor(AT_ONCE) as buyers:
        outcomes = list(buyers.map(world.deliver, facts))

    assert outcomes.count(Outcome.RECORDED) == SEATS
    assert outcomes.count(Outcome.IN_REVIEW) == BUYERS - SEATS
    assert list(world.seats(CLASS).values()) == ["active"] * SEATS
    assert [count.taken for count in world.records.everything(SeatCount)] == [SEATS]
    assert len(world.letters(LetterKind.CONFIRMATION)) == SEATS
    assert len(world.letters(LetterKind.STAFF_REVIEW)) == BUYERS - SEATS
