"""Whoever works on a round may be stopped after any write: repeated and swept, it ends the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.letters import Letter
from tests.scholarships import PRICE, Scholarships

PEOPLE = ("ana", "ben", "cy", "dee")


class Stopped(BaseException):
    """The worker is gone."""


@contextmanager
def stopped_after(writes: int, world: Scholarships) -> Iterator[None]:
    """Let so many commits through, on both tables together; whoever comes next is stopped."""
    left = writes
    kept: list[tuple[MemoryRecords, Any]] = []

    def counting(commit: Callable[..., None]) -> Callable[..., None]:
        def counted(*records: Any, **more: Any) -> None:
            nonlocal left
            if left == 0:
                raise Stopped
            left -= 1
            commit(*records, **more)

        return counted

    for table in (world.records, world.applications):
        kept.append((table, table.commit))
        table.commit = counting(table.commit)  # type: ignore[method-assign]
    try:
        yield
    finally:
        for table, commit in kept:
            table.commit = commit  # type: ignore[method-assign]


def prepared() -> Scholarships:
    """A round at the moment voting ends: money for two and a half, four people."""
    world = Scholarships()
    world.change(fund=2 * PRICE + 11000)
    for person in PEOPLE:
        world.apply(person)
    world.begin_review()
    world.both_vote("ana", "full", strength="3")
    world.both_vote("ben", "partial", award="110", strength="3")
    world.both_vote("cy", "full", strength="2")
    world.both_vote("dee", "decline")
    return world


def closed(world: Scholarships) -> None:
    world.close_round()


def answered(world: Scholarships) -> None:
    world.act("ana", "accept")
    world.act("ben", "accept")
    world.act("cy", "decline")


def lapsed(world: Scholarships) -> None:
    world.wait(days=4)
    world.sweep_round()


def erased(world: Scholarships) -> None:
    world.act("ana", "erase")
    world.wait(days=92)
    world.sweep_round()


def outcome(world: Scholarships) -> dict[str, object]:
    """All that people and the fund end with."""
    letters = sorted(f"{one.letter}#{one.about}" for one in world.applications.everything(Letter))
    return {
        "states": [world.page(person).state for person in PEOPLE],
        "seats": [world.seats_of(person) for person in PEOPLE],
        "fund": world.fund(),
        "letters": letters,
        "to staff": sorted(one.letter for one in world.records.everything(Letter)),
    }


def settled(world: Scholarships) -> None:
    for _ in range(2):
        world.wait(minutes=20)
        world.sweep_round()


@pytest.mark.parametrize("step", [closed, answered, lapsed, erased])
def test_wherever_a_step_is_cut_off_doing_it_again_ends_the_same(
    step: Callable[[Scholarships], None],
) -> None:
    steps: list[Callable[[Scholarships], None]] = [closed, answered, lapsed, erased]
    before = steps[: steps.index(step)]
    whole = prepared()
    for earlier in (*before, step):
        earlier(whole)
    settled(whole)
    cuts = 0
    for writes in range(60):
        world = prepared()
        for earlier in before:
            earlier(world)
        try:
            with stopped_after(writes, world):
                step(world)
        except Stopped:
            cuts += 1
            step(world)
        settled(world)
        assert outcome(world) == outcome(whole), f"stopped after {writes} writes"
    assert 3 <= cuts < 60


def test_the_outcome_notices_a_step_that_is_not_done_again() -> None:
    """The negative control: cut off and left alone, the round does not end the same."""
    whole, world = prepared(), prepared()
    closed(whole)
    with pytest.raises(Stopped), stopped_after(4, world):
        closed(world)
    assert outcome(world) != outcome(whole)
