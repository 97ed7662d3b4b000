"""What its votes left open waits for the institute until it says, and is kept no longer for it."""

from datetime import timedelta

import pytest

from shared.domain.applications import KEPT, LEFT_OPEN, UNDECIDED, Answers, Application, Outcome
from shared.usecases.decide_application import CannotBeDecided, decide_application
from shared.usecases.offer_awards import policy_of
from tests.awards import dollars
from tests.scholarships import ONE, Scholarships


@pytest.fixture
def left_open() -> Scholarships:
    """Ana has one vote of two when voting ends, Ben has both."""
    world = Scholarships()
    world.apply("ana")
    world.apply("ben")
    world.begin_review()
    world.vote(ONE, "ana", "full")
    world.both_vote("ben", "decline")
    world.close_round()
    return world


def _waiting(world: Scholarships) -> list[str]:
    found = world.applications.waiting(LEFT_OPEN, world.now, Application)
    return [one.reference for one in found]


def _decide(world: Scholarships, person: str, outcome: Outcome) -> Application:
    return decide_application(
        world.series,
        world.reference(person),
        outcome,
        dollars(100) if outcome is Outcome.PARTIAL else None,
        by="noor@idha.example",
        why="We read it together.",
        **world.both,
        now=world.now,
    )


def test_what_the_votes_left_open_waits_and_what_they_decided_does_not(
    left_open: Scholarships,
) -> None:
    assert _waiting(left_open) == [left_open.reference("ana")]
    assert left_open.application("ana").left_open
    assert left_open.application("ben").waiting == KEPT
    assert left_open.told("ana")[-1] == "scholarship_waiting"


def test_what_the_sweep_decides_by_itself_waits_for_nobody(left_open: Scholarships) -> None:
    """It came while voting was being closed; the hourly look decides it from its votes."""
    ana = left_open.application("ana")
    late = ana.model_copy(
        update={"waiting": UNDECIDED, "waiting_since": left_open.now.isoformat(), "decided": None}
    )
    left_open.applications.commit(late)
    assert _waiting(left_open) == []

    left_open.sweep_round()

    assert _waiting(left_open) == [left_open.reference("ana")]


@pytest.mark.parametrize("outcome", [Outcome.FULL, Outcome.PARTIAL, Outcome.DECLINE])
def test_once_decided_it_waits_no_more_and_is_kept_as_long_as_any_other(
    left_open: Scholarships, outcome: Outcome
) -> None:
    left_open.wait(days=3)

    decided = _decide(left_open, "ana", outcome)

    policy = policy_of(left_open.catalogue)
    assert _waiting(left_open) == []
    assert decided.erase_at == policy.erase_at(left_open.now)
    assert (left_open.award("ana") is None) == (outcome is Outcome.DECLINE)
    with pytest.raises(CannotBeDecided):
        _decide(left_open, "ana", Outcome.FULL)


def test_what_nobody_decides_is_erased_when_its_term_ends(left_open: Scholarships) -> None:
    policy = policy_of(left_open.catalogue)
    ends = policy.erase_at(left_open.now)
    left_open.now = ends - timedelta(hours=1)
    left_open.sweep_round()
    assert left_open.page("ana").erase_at == ends
    assert left_open.answers("ana").text

    left_open.now = ends
    left_open.sweep_round()

    assert left_open.answers("ana").text == ""
    assert _waiting(left_open) == []


def test_a_version_that_no_longer_counts_is_left_to_nobody(left_open: Scholarships) -> None:
    ana = left_open.application("ana")
    newer = ana.model_copy(
        update={
            "reference": "S-NEWER222",
            "submitted_at": ana.submitted_at + timedelta(hours=1),
            "version": 0,
        }
    )
    left_open.applications.commit(newer)

    left_open.sweep_round()
    left_open.close_round()

    assert _waiting(left_open) == ["S-NEWER222"]


def test_what_people_wrote_never_waits_so_the_list_of_what_waits_holds_none_of_it(
    left_open: Scholarships,
) -> None:
    """Whoever may ask only what waits can come by no word of anybody's."""
    assert left_open.applications.everything(Answers)
    assert [one.waiting for one in left_open.applications.everything(Answers)] == [None, None]
