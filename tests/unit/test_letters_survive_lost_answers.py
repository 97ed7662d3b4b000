"""When the table does not say whether a write stands, nobody is written to twice for it."""

from collections.abc import Sequence

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.letters import Letter, LetterKind, LetterStatus
from shared.domain.record import Record
from shared.domain.registrations import SeatChange
from shared.failures import Conflict, Unavailable
from shared.usecases.send_letter import send_letter
from tests.catalogues import classes_catalogue
from tests.world import World

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]


def _confirmation(world: World) -> Letter:
    (letter,) = world.letters(LetterKind.CONFIRMATION)
    return letter


class ForgetfulRecords(MemoryRecords):
    """Applies commits of letters and, so many times, loses the answer or denies its own write."""

    def __init__(self, *answers: type[Exception] | None) -> None:
        super().__init__()
        self.answers = list(answers)

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        super().commit(*records, seats=seats)
        if any(isinstance(r, Letter) and r.status is not LetterStatus.PENDING for r in records):
            answer = self.answers.pop(0) if self.answers else None
            if answer:
                raise answer("The answer was lost.")


def _owing_from(records: MemoryRecords) -> World:
    world = World(records=records)
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    return world


def test_a_worker_recognises_its_own_claim_when_the_answer_to_it_was_lost() -> None:
    world = _owing_from(ForgetfulRecords(Conflict))

    assert send_letter(_confirmation(world), "mine", world.desk, world.now) == "SENT"

    assert len(world.mailer.sent) == 1


def test_a_claim_that_nobody_can_vouch_for_sends_nothing() -> None:
    world = _owing_from(ForgetfulRecords(Unavailable))

    with pytest.raises(Unavailable):
        send_letter(_confirmation(world), "first", world.desk, world.now)

    assert send_letter(_confirmation(world), "second", world.desk, world.now) == "SENDING"
    assert world.mailer.sent == []


def test_a_letter_whose_sending_could_not_be_noted_is_not_sent_by_the_retry() -> None:
    world = _owing_from(ForgetfulRecords(None, Unavailable))

    with pytest.raises(Unavailable):
        send_letter(_confirmation(world), "first", world.desk, world.now)
    send_letter(_confirmation(world), "retry", world.desk, world.now)

    assert len(world.mailer.sent) == 1
