"""The desk's pages ask the table as many questions for ten people as for ten thousand."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import pairwise

import pytest

from shared.adapters.memory import MemoryRecords
from shared.adapters.memory_machines import MemoryDeadLetters, MemoryFailedRuns
from shared.domain.applications import reference_of
from shared.domain.catalogue import Catalogue
from shared.domain.desk_roster import RosterPage
from shared.domain.letters import LetterKind, owe
from shared.domain.links import learner_id
from shared.domain.mailboxes import Mailbox
from shared.domain.name_order import place_of
from shared.domain.registrations import Registration
from shared.domain.staff import Role, Staff
from shared.domain.takings import Takings
from shared.domain.unmatched import UnmatchedRow, UnmatchedRows
from shared.domain.waiting_items import WaitingKind
from shared.ports import Records
from shared.usecases.compare_catalogue import compare_catalogue
from shared.usecases.look_at_catalogue import look_at_catalogue, look_at_catalogues
from shared.usecases.look_at_machine_room import look_at_machine_room
from shared.usecases.look_at_person import look_at_person
from shared.usecases.look_at_roster import PEOPLE, SORTED
from shared.usecases.look_at_scholarships import (
    APPLICATIONS,
    look_at_application,
    look_at_round,
    look_at_rounds,
)
from shared.usecases.look_at_series import list_series, look_at_series
from shared.usecases.look_at_session import look_at_session
from shared.usecases.look_at_today import look_at_today
from shared.usecases.search_desk import search_desk
from tests.desk import CLASS_1, CLASSES, Counted, address_of, full_class
from tests.scholarships import ONE, Scholarships, crowded_round
from tests.world import KEY, World

MANY, FEW = 10_000, 10
HOUR = timedelta(hours=1)
ROBIN = Staff(name="robin@idha.example", roles=frozenset({Role.COORDINATOR}))
ASKED = learner_id(address_of(3), KEY)


def _compared(world: World, records: Records) -> object:
    """What a file would change that moves the class."""
    later = {"starts": CLASS_1.starts + HOUR, "ends": CLASS_1.ends + HOUR}
    moved = CLASSES.model_copy(
        update={"sessions": (CLASS_1.model_copy(update=later), *CLASSES.sessions[1:])}
    )
    compared = compare_catalogue(
        moved.model_dump_json().encode(),
        read=Catalogue.model_validate_json,
        line_of=lambda _content, _path: 1,
        records=records,
        now=world.now,
    )
    assert len(compared.changes) == 1
    return compared


PAGES: dict[str, tuple[int, Callable[[World, Records], object]]] = {
    "session": (
        11,
        lambda world, records: look_at_session(CLASS_1.id, records=records, now=world.now),
    ),
    "series": (6, lambda world, records: look_at_series(CLASSES.series.id, records=records)),
    "all series": (2, lambda world, records: list_series(records=records)),
    "person": (
        11,
        lambda world, records: look_at_person(ASKED, keys=[KEY], records=records, now=world.now),
    ),
    "all catalogues": (2, lambda world, records: look_at_catalogues(records=records)),
    "catalogue": (
        2,
        lambda world, records: look_at_catalogue(
            CLASSES.series.id, records=records, files=world.uploads, now=world.now
        ),
    ),
    "what a catalogue changes": (31, _compared),
    "machine room": (
        16,
        lambda world, records: look_at_machine_room(
            records=records,
            dead_letters=MemoryDeadLetters(),
            failed_runs=MemoryFailedRuns(),
            schedules=world.schedules,
            now=world.now,
        ),
    ),
    "search by name": (
        2,
        lambda world, records: search_desk("Amara Os", keys=[KEY], records=records),
    ),
    "search by a long word": (
        7,
        lambda world, records: search_desk("Devika", keys=[KEY], records=records),
    ),
    "search by address": (
        3,
        lambda world, records: search_desk(address_of(3), keys=[KEY], records=records),
    ),
    "search by order": (
        8,
        lambda world, records: search_desk("pi_3", keys=[KEY], records=records),
    ),
}


ONES = Staff(name=ONE, roles=frozenset({Role.REVIEWER}))
# Of a round too: with how many questions to the records, and to the applications.
ROUND_PAGES: dict[str, tuple[int, int, Callable[[Scholarships, Records, Records], object]]] = {
    "all rounds": (
        4,
        3,
        lambda world, records, applications: look_at_rounds(
            ONES, records=records, applications=applications, key=KEY, now=world.now
        ),
    ),
    "round": (
        5,
        2,
        lambda world, records, applications: look_at_round(
            world.series, ONES, records=records, applications=applications, key=KEY, now=world.now
        ),
    ),
    "application": (
        3,
        3,
        lambda world, records, applications: look_at_application(
            world.series,
            reference_of(world.series, "crowd.3", KEY),
            ONES,
            records=records,
            applications=applications,
            key=KEY,
        ),
    ),
}


@cache
def _round_of(people: int) -> Scholarships:
    return crowded_round(people)


@pytest.mark.parametrize("page", ROUND_PAGES)
def test_a_page_of_a_round_asks_the_same_for_ten_applications_and_for_two_thousand(
    page: str,
) -> None:
    of_records, of_applications, look = ROUND_PAGES[page]
    for people in (FEW, 2_000):
        world = _round_of(people)
        records, applications = Counted(world.records), Counted(world.applications)

        assert look(world, records, applications) is not None

        assert len(records.asked) == of_records, records.asked
        assert len(applications.asked) == of_applications, applications.asked


def test_a_long_round_is_shown_fifty_applications_at_a_time_and_together_they_are_all() -> None:
    world, begins, seen = _round_of(120), "", []
    for length in (APPLICATIONS, APPLICATIONS, 20):
        page = look_at_round(
            world.series, ONES, begins=begins, **world.both, key=KEY, now=world.now
        )
        assert page is not None and len(page.lines) == length
        assert (page.in_all, page.for_me) == (120, 120)
        seen += [line.review.reference for line in page.lines]
        begins = page.next

    assert (begins, seen) == ("", sorted(set(seen)))


@cache
def _class_of(people: int) -> World:
    return full_class(people)


def _questions(page: str, people: int) -> list[str]:
    world = _class_of(people)
    counted = Counted(world.records)
    found = PAGES[page][1](world, counted)
    assert found is not None
    return counted.asked


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_same_for_ten_people_and_for_ten_thousand(page: str) -> None:
    few, many = _questions(page, FEW), _questions(page, MANY)

    assert few == many
    assert len(many) == PAGES[page][0], many


@pytest.mark.parametrize("people", [FEW, MANY])
def test_what_waits_is_listed_with_so_many_questions_for_each_thing_however_many_people_there_are(
    people: int,
) -> None:
    world = full_class(people)
    none, rounds = Counted(world.records), Counted(MemoryRecords())
    look_at_today(ROBIN, records=none, applications=rounds, key=KEY, now=world.now)
    box = Mailbox(learner=ASKED, address_id=ASKED).bounced(world.now)
    failed = owe(LetterKind.RECORDING, "x", world.now, learner=ASKED, series=CLASSES.series.id)
    strange = UnmatchedRows(session=CLASS_1.id, series=CLASSES.series.id, people=0).counted(
        [UnmatchedRow(participant=f"P{number}", source="ab", likely=ASKED) for number in range(2)],
        world.now,
    )
    world.records.commit(box, failed.failed("Refused."), strange)

    counted = Counted(world.records)
    found = look_at_today(ROBIN, records=counted, applications=rounds, key=KEY, now=world.now)

    assert found.in_all == 3
    # One question for each kind of thing that may wait, and one for the series of a class that is
    # near and may have no link.
    assert rounds.asked == ["waiting"] * 4, "two kinds stand there, and it was looked at twice"
    # Of sessions it is asked once, whether they want a link or a report.
    assert none.asked.count("waiting") == len(WaitingKind) - 2 - 1
    assert len(none.asked) == len(WaitingKind) - 2 - 1 + 1
    # The person and their seats; the person; the rows, and of each row two.
    assert len(counted.asked) - len(none.asked) == 2 + 1 + 1 + 2 * 2


def test_a_page_that_read_the_whole_roster_would_be_noticed() -> None:
    world = _class_of(MANY)
    counted = Counted(world.records)
    seats = counted.find(f"SESSION#{CLASS_1.id}", Registration, "REG#")

    for seat in list(seats)[:20]:
        counted.get(seat.key(), Registration)

    assert len(counted.asked) > PAGES["session"][0]


def _pages(people: int, most: int = 100) -> list[RosterPage]:
    """One page of the roster after the other, as the links lead."""
    world, begins, seen = _class_of(people), "", list[RosterPage]()
    while len(seen) < most and (begins or not seen):
        page = look_at_session(CLASS_1.id, begins=begins, records=world.records, now=world.now)
        assert page is not None
        seen.append(page.roster)
        begins = page.roster.next
    return seen


def test_no_page_of_a_large_roster_is_longer_than_another_and_nobody_stands_on_two() -> None:
    pages = _pages(MANY, most=3)
    seen = [row.learner for page in pages for row in page.rows]

    assert [len(page.rows) for page in pages] == [PEOPLE] * 3
    assert seen == sorted(set(seen))
    assert [page.in_all for page in pages] == [0] * 3, (
        "they are in the order of ids, and it says so"
    )


@pytest.mark.parametrize(("people", "pages"), [(FEW, 1), (SORTED, 8), (SORTED - 49, 8)])
def test_a_roster_is_in_the_order_of_names_and_says_where_one_is_in_it(
    people: int, pages: int
) -> None:
    seen = _pages(people)
    rows = [row for page in seen for row in page.rows]

    assert len(seen) == pages
    assert len({row.learner for row in rows}) == len(rows) == people
    assert rows == sorted(rows, key=lambda row: place_of(row.name, row.learner, "en"))
    assert [page.first for page in seen] == [1 + PEOPLE * number for number in range(pages)]
    assert (seen[-1].last, {page.in_all for page in seen}) == (people, {people})


def test_from_each_page_of_a_roster_leads_a_way_to_the_one_before() -> None:
    world, pages = _class_of(SORTED), _pages(SORTED)
    for earlier, page in pairwise(pages):
        assert page.before is not None
        back = look_at_session(CLASS_1.id, begins=page.before, records=world.records, now=world.now)
        assert back is not None
        assert back.roster == earlier
    assert pages[0].before is None


@pytest.mark.parametrize(
    ("people", "questions"), [(FEW, 11), (101, 12), (SORTED, 14), (SORTED + 1, 11), (MANY, 11)]
)
def test_names_are_sorted_with_a_question_for_each_hundred_people_up_to_four_hundred(
    people: int, questions: int
) -> None:
    assert len(_questions("session", people)) == questions


def test_somebody_who_left_while_the_page_was_read_leads_to_the_first_page() -> None:
    world = _class_of(FEW)
    page = look_at_session(CLASS_1.id, begins="Lgone", records=world.records, now=world.now)

    assert page is not None
    assert (page.roster.first, page.roster.before) == (1, None)


def test_a_roster_whose_seats_were_never_counted_is_read_as_far_as_it_could_be_sorted() -> None:
    world = full_class(SORTED + 1)
    takings = world.records.get(Takings(series=CLASSES.series.id, part=0).key(), Takings)
    assert takings is not None
    world.records.commit(takings.model_copy(update={"seats": {}}))

    page = look_at_session(CLASS_1.id, records=world.records, now=world.now)

    assert page is not None
    assert (len(page.roster.rows), page.roster.in_all) == (PEOPLE, 0)


def test_the_last_page_of_a_roster_leads_nowhere() -> None:
    (only,) = _pages(FEW)
    assert (len(only.rows), only.next, only.before) == (FEW, "", None)
