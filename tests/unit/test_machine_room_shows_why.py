"""The machine room says what failed and why, by ids and kinds; one silence hides nothing else."""

from datetime import UTC, datetime
from typing import Any

from shared.adapters.memory_machines import MemoryDeadLetters, MemoryFailedRuns
from shared.domain.desk_page_lists import listed_machines
from shared.domain.machine_room import (
    DeadLetter,
    FailedMessage,
    HandedBack,
    MachineRoomView,
    SweepRuns,
)
from shared.failures import Unavailable
from shared.usecases.keep_failure import keep_failure
from shared.usecases.keep_findings import keep_findings
from shared.usecases.look_at_machine_room import look_at_machine_room
from tests.catalogues import classes_catalogue
from tests.world import World

NOW = datetime(2025, 6, 1, 12, 0, tzinfo=UTC)


def _look(world: World, **changes: Any) -> MachineRoomView:
    how: dict[str, Any] = {
        "dead_letters": MemoryDeadLetters(),
        "failed_runs": MemoryFailedRuns(),
        "schedules": world.schedules,
        **changes,
    }
    return look_at_machine_room(records=world.records, now=world.now, **how)


def test_the_reason_that_was_kept_stands_with_the_message(world: World) -> None:
    keep_failure("m-1", "Unavailable", "record.py:42", records=world.records, now=world.now)
    keep_failure("m-1", "UnreadableEvent", "read.py:7", records=world.records, now=world.now)
    dead = MemoryDeadLetters(
        {"PaymentEvents": [DeadLetter(id="m-1", tries=9), DeadLetter(id="m-2", tries=5)]},
        {"PaymentEvents": HandedBack.QUEUE},
    )

    (queue,) = _look(world, dead_letters=dead).queues or ()
    first, second = queue.letters
    assert (first.reason, first.tries) == ("UnreadableEvent, at read.py:7", 2)
    assert (second.reason, second.tries) == ("", 5)


def test_a_reason_is_forgotten_a_day_after_the_queue_has_forgotten_the_message(
    world: World,
) -> None:
    keep_failure("m-1", "Unavailable", "record.py:42", records=world.records, now=world.now)

    kept = world.records.get(FailedMessage.key_of("m-1"), FailedMessage)
    assert kept is not None
    assert kept.expires_at == int(world.now.timestamp()) + 15 * 86400


def test_the_last_sweeps_stand_there_youngest_first_and_only_so_many(world: World) -> None:
    for _ in range(30):
        keep_findings("hourly", {"letters": 1, "sessions": 0}, records=world.records, now=world.now)
        world.wait(hours=1)

    runs = _look(world).sweeps["hourly"]
    assert len(runs) == 24
    assert runs[0].at > runs[1].at
    assert runs[0].found == {"letters": 1}
    assert world.records.get(SweepRuns.key_of("scholarships"), SweepRuns) is None


def test_one_thing_that_does_not_answer_hides_no_other(world: World) -> None:
    class Silent(MemoryDeadLetters):
        def queues(self, most: int) -> list[Any]:
            raise Unavailable("The queues could not be looked at.")

    world.publish(classes_catalogue())
    view = _look(world, dead_letters=Silent())

    assert view.queues is None
    assert view.runs == []
    assert view.drift is not None


def test_all_of_it_is_a_list_that_says_what_could_not_be_looked_at(world: World) -> None:
    class Silent(MemoryFailedRuns):
        def failed(self, most: int) -> list[Any]:
            raise Unavailable("The workflows could not be looked at.")

    world.publish(classes_catalogue())
    keep_failure("m-1", "UnreadableEvent", "read.py:7", records=world.records, now=world.now)
    keep_findings("hourly", {"letters": 2}, records=world.records, now=world.now)
    many = [DeadLetter(id=f"m-{number}") for number in range(1, 9)]
    dead = MemoryDeadLetters({"PaymentEvents": many}, {"PaymentEvents": HandedBack.QUEUE})
    world.schedules.alarms.clear()

    listed = listed_machines(_look(world, dead_letters=dead, failed_runs=Silent()))

    said = [(row[0], row[1], row[2]) for row in listed.rows]
    assert ("dead letter", "PaymentEvents", "m-1") in said
    assert ("dead letter", "PaymentEvents", "3 more") in said
    assert ("sweep", "hourly", "letters: 2") in said
    assert ("workflows", "", "could not be looked at just now") in said
    assert any(row[0] == "alarm" and row[4] == "missing" for row in listed.rows)
    assert {len(row) for row in listed.rows} == {len(listed.columns)}
