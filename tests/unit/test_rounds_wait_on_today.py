"""What waits in scholarship rounds stands on Today for those whose part it is, and names nobody."""

from datetime import timedelta

import pytest

from shared.domain.audits import Audit
from shared.domain.desk_today import Entry
from shared.domain.letters import Letter, LetterKind
from shared.domain.staff import Role, Staff, begins_at
from shared.domain.waiting_items import WaitingKind
from shared.usecases.look_at_today import list_today, look_at_today
from shared.usecases.measure_waiting import Waiting, measure_rounds, measure_waiting
from shared.usecases.owe_digests import owe_digests
from tests.scholarships import ONE, THREE, TWO, Scholarships
from tests.world import KEY

REVIEWER = Staff(name=THREE, roles=frozenset({Role.REVIEWER}))
ROBIN = Staff(name="robin@idha.example", roles=frozenset({Role.COORDINATOR}))
ACCOUNTANT = Staff(name=ONE, roles=frozenset({Role.ACCOUNTANT}))


@pytest.fixture
def left_open() -> Scholarships:
    """Ana and a reviewer, who applied, have one vote of two when voting ends."""
    world = Scholarships()
    world.apply("ana")
    world.apply("two", email=[TWO])
    world.begin_review()
    world.vote(ONE, "ana", "full")
    world.close_round()
    return world


def _today(world: Scholarships, asks: Staff) -> list[Entry]:
    view = look_at_today(asks, **world.both, key=KEY, now=world.now)
    assert view.in_all == len(view.entries)
    listed = list_today(asks, **world.both, key=KEY, now=world.now)
    assert listed == tuple(entry.item for entry in view.entries), "the file holds the same"
    return list(view.entries)


def _failed(world: Scholarships, kind: LetterKind) -> Letter:
    letter = world.round_letters(kind)[0].failed("Address refused.")
    world.applications.commit(letter)
    return letter


def test_a_reviewer_decides_what_was_left_open_with_one_form(left_open: Scholarships) -> None:
    ana, two = _today(left_open, REVIEWER)

    assert {ana.item.kind, two.item.kind} == {WaitingKind.APPLICATION}
    references = {left_open.reference("ana"), left_open.reference("two")}
    assert {one.item.name.partition("/")[2] for one in (ana, two)} == references
    assert "waits for the institute to decide" in " ".join(ana.item.reasons)
    (offered,) = ana.offered
    assert offered.suggested is not None
    assert offered.suggested.what == "decide-application"
    assert offered.link == f"staff/scholarships/{ana.item.name}"
    shown = " ".join(one.model_dump_json() for one in (ana, two))
    assert [word for word in ("Ana", "people.example", TWO) if word in shown] == []


def test_nobody_finds_their_own_application_there(left_open: Scholarships) -> None:
    own = Staff(name=TWO.upper(), roles=frozenset({Role.REVIEWER}))

    (only,) = _today(left_open, own)

    assert only.item.name.endswith(left_open.reference("ana"))


def test_a_coordinator_who_does_not_read_applications_is_told_who_decides(
    left_open: Scholarships,
) -> None:
    entry, _ = _today(left_open, ROBIN)

    (offered,) = entry.offered
    assert offered.suggested is None
    assert "Ask one of them" in offered.said
    assert offered.link == f"staff/scholarships/{left_open.series}"


def test_a_coordinator_whom_the_catalogue_names_decides_it(left_open: Scholarships) -> None:
    named = Staff(name=ONE, roles=frozenset({Role.COORDINATOR}))

    entry, _ = _today(left_open, named)

    assert entry.offered[0].suggested is not None


def test_an_accountant_sees_none_of_it(left_open: Scholarships) -> None:
    _failed(left_open, LetterKind.REVIEW_WANTED)

    assert _today(left_open, ACCOUNTANT) == []


def test_a_letter_of_a_round_that_failed_is_for_coordinators_and_says_who_was_to_get_it(
    left_open: Scholarships,
) -> None:
    _failed(left_open, LetterKind.REVIEW_WANTED)
    _failed(left_open, LetterKind.SCHOLARSHIP_RECEIVED)

    letters = [one for one in _today(left_open, ROBIN) if one.item.kind == "round_letter"]

    told = {one.item.evidence[0].value for one in letters}
    assert told & {ONE, TWO, THREE}
    assert {to.partition(" application ")[0] for to in told if "@" not in to} == {"Whoever sent"}
    for one in letters:
        assert one.item.learner is None, "nothing leads from a person to an application"
        again, seen_to = one.offered[0].suggested, one.offered[0].others[0]
        assert again is not None
        assert (again.what, seen_to.what) == ("send-round-letter-again", "round-letter-seen-to")
        assert again.ids == {"letter": one.item.name}
    assert {one.item.kind for one in _today(left_open, REVIEWER)} == {WaitingKind.APPLICATION}


def test_staff_read_of_it_in_their_morning_letter(left_open: Scholarships) -> None:
    left_open.wait(hours=8)

    assert owe_digests(**left_open.both, now=left_open.now) == 1

    (letter,) = left_open.letters(LetterKind.STAFF_DIGEST)
    assert letter.staff == left_open.catalogue.institute.staff
    assert sorted(one.title for one in letter.listed) == sorted(
        f"Application {left_open.reference(who)} was left open by the votes"
        for who in ("ana", "two")
    )


def test_how_long_it_waits_is_measured_by_whoever_may_look_there(left_open: Scholarships) -> None:
    left_open.post_round()
    left_open.now += timedelta(days=3)

    assert measure_waiting(left_open.records, left_open.now).oldest_for_staff < 3 * 24 * 60
    assert measure_rounds(left_open.applications, left_open.now) == Waiting(0, 0, 3 * 24 * 60)


def test_looking_changes_nothing_and_leaves_no_record(left_open: Scholarships) -> None:
    before = dict(left_open.applications._kept), dict(left_open.records._kept)

    _today(left_open, REVIEWER)

    assert (dict(left_open.applications._kept), dict(left_open.records._kept)) == before
    assert left_open.records.everything(Audit) == []


@pytest.mark.parametrize(
    ("roles", "begins"),
    [
        ({Role.REVIEWER}, "/staff/scholarships"),
        ({Role.REVIEWER, Role.COORDINATOR}, "/staff"),
        ({Role.ACCOUNTANT}, "/staff"),
    ],
)
def test_who_only_reviews_begins_where_votes_wait(roles: set[Role], begins: str) -> None:
    assert begins_at(frozenset(roles)) == begins
