"""Rules of credit that a file would change are tried on people, and it is said on how many."""

from shared.domain.catalogue import Catalogue
from shared.domain.credit import Verdict
from shared.domain.desk_catalogue import ComparedView
from shared.domain.registrations import Registration
from shared.domain.sessions import SessionPhase
from shared.domain.takings import Takings
from shared.ports import Records
from shared.usecases.compare_catalogue import NAMED, TRIED, compare_catalogue
from tests.desk import CLASS_1, CLASSES, Counted, full_class
from tests.world import World

CLASS_2 = CLASSES.sessions[1]


def _stricter() -> Catalogue:
    """Nobody of those who came attended enough any more."""
    attendance = CLASSES.policies.attendance.model_copy(update={"grace_late": 5})
    return CLASSES.model_copy(
        update={"policies": CLASSES.policies.model_copy(update={"attendance": attendance})}
    )


def _decided(**people: int) -> World:
    """So many people in class 1 and in class 2, decided long ago; nobody is in the record now."""
    world = full_class(people["first"])
    world.now = CLASSES.sessions[-1].ends_at
    (totals,) = world.records.everything(Takings)
    held = dict(zip((CLASS_1.id, CLASS_2.id), people.values(), strict=False))
    world.records.commit(totals.model_copy(update={"seats": held}))
    seats = world.records.everything(Registration)[: people.get("second", 0)]
    for seat in seats:
        verdict = world.records.get(Verdict.key_of(CLASS_1.id, seat.learner), Verdict)
        assert verdict is not None
        there = (
            seat.model_copy(update={"session": CLASS_2.id}),
            verdict.model_copy(update={"scope": CLASS_2.id}),
        )
        world.records.put_all(there)
    for session in held:
        state = world.state(session)
        closed = {"report": "abc", "decided_report": "abc", "phase": SessionPhase.CLOSED}
        world.records.commit(state.model_copy(update=closed))
    return world


def _compare(world: World, records: Records) -> ComparedView:
    return compare_catalogue(
        _stricter().model_dump_json(exclude_none=True).encode(),
        read=Catalogue.model_validate_json,
        line_of=lambda _content, _path: 7,
        records=records,
        now=world.now,
    )


def test_of_very_many_a_part_is_tried_and_the_page_says_of_how_many() -> None:
    world = _decided(first=TRIED + 100)

    compared = _compare(world, world.records)

    (one,) = compared.tried
    assert (one.people, one.tried, one.otherwise) == (TRIED + 100, TRIED, TRIED)
    assert not one.all
    assert len(compared.otherwise) == NAMED
    assert compared.unnamed == TRIED - NAMED


def test_what_a_small_class_does_not_need_of_its_share_goes_to_the_larger() -> None:
    world = _decided(first=TRIED + 100, second=50)

    compared = _compare(world, world.records)

    assert [(one.people, one.tried, one.all) for one in compared.tried] == [
        (TRIED + 100, TRIED - 50, False),
        (50, 50, True),
    ]


def test_everybody_is_tried_where_they_are_few_enough() -> None:
    world = _decided(first=30, second=20)

    compared = _compare(world, world.records)

    assert [(one.people, one.tried, one.all) for one in compared.tried] == [
        (30, 30, True),
        (20, 20, True),
    ]
    assert len(compared.otherwise) == NAMED
    assert compared.unnamed == 10


def test_trying_asks_no_more_however_many_people_there_are() -> None:
    asked = []
    for people in (TRIED + 100, TRIED + 1000):
        world = _decided(first=people)
        counted = Counted(world.records)
        (one,) = _compare(world, counted).tried
        assert one.tried == TRIED
        asked.append(len(counted.asked))

    assert asked[0] == asked[1]
