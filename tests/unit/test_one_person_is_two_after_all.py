"""That two addresses are one person can be taken back: it is said what moves, then it moves."""

import contextlib
from typing import Any

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.likeness import Likeness, SamePerson
from shared.domain.payments import Order
from shared.domain.registrations import Learner, SeatCount
from shared.domain.takings import Takings, together
from shared.domain.unmatched import WAITING, UnmatchedRows
from shared.failures import Unavailable
from shared.usecases.correct_address import correct_address
from shared.usecases.gather_person import gather_person
from shared.usecases.part_people import CannotBeParted, part_people
from shared.usecases.quote_parting import quote_parting
from shared.usecases.rule_on_likeness import likenesses_in_review, say_same_person
from shared.usecases.search_desk import search_desk
from tests.catalogues import classes_catalogue
from tests.desk import Counted
from tests.world import KEY, World, paid, who

CLASSES = classes_catalogue()
CLASS_1, CLASS_2 = CLASSES.sessions[:2]
FIRST, SECOND = CLASS_1.id, CLASS_2.id
ONE, OTHER = "priya.k@gmail.com", "priyak+class@gmail.com"


@pytest.fixture(autouse=True)
def _on_sale(world: World) -> None:
    world.publish(CLASSES)


def buy(world: World, address: str, number: int, session: str = FIRST) -> None:
    fact = paid(CLASSES, f"{session}-general", address, number)
    name = "Priya Kumar" if address == ONE else "Priyanka Klein"
    world.deliver(fact.model_copy(update={"buyer_name": name}))


def said(world: World) -> dict[str, Any]:
    return {
        "by": "noor", "why": "Her sister wrote.", "records": world.records,
        "identity_key": KEY, "now": world.now,
    }  # fmt: skip


def join(world: World) -> str:
    (pair,) = likenesses_in_review(records=world.records, now=world.now)
    say_same_person(pair["pair"], **said(world))
    return str(pair["pair"])


def part(world: World) -> str:
    return part_people(who(OTHER), **said(world))


def told(world: World, other: str = OTHER) -> str:
    quote = quote_parting(who(other), records=world.records, identity_key=KEY, now=world.now)
    assert quote is not None
    return "\n".join((*quote.moves, *quote.stays, *quote.in_the_way))


def state(world: World) -> dict[str, Any]:
    """What everybody has: seats that are held, orders, totals, and what waits."""
    _, held = together(world.records.everything(Takings))
    return {
        "seats": {
            session: {one for one, status in world.seats(session).items() if status == "active"}
            for session in (FIRST, SECOND)
        },
        "orders": {one.order: one.learner for one in world.records.everything(Order)},
        "held": {session: number for session, number in held.items() if number},
        "waits": [one.waiting for one in world.records.everything(SamePerson)],
    }


@pytest.fixture
def joined(world: World) -> World:
    """The first bought class 1, the second classes 1 and 2; staff said that they are one."""
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    buy(world, OTHER, 3, SECOND)
    join(world)
    return world


def test_each_has_again_what_they_bought_and_the_totals_are_those_of_before(world: World) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    buy(world, OTHER, 3, SECOND)
    before = state(world)
    join(world)
    assert state(world)["seats"][FIRST] == {who(ONE)}

    assert part(world) == who(ONE)

    assert state(world) == before | {"waits": [None]}
    (kept,) = world.records.everything(SamePerson)
    assert kept.parted is not None
    assert (kept.parted.by, kept.parted.why) == ("noor", "Her sister wrote.")
    (pair,) = world.records.everything(Likeness)
    assert pair.said is not None
    assert (pair.said.same, pair.waiting) == (False, None)


def test_what_the_second_bought_while_they_were_one_is_theirs_and_so_is_what_they_buy_later(
    world: World,
) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    join(world)
    buy(world, OTHER, 3, SECOND)
    assert state(world)["seats"][SECOND] == {who(ONE)}

    part(world)
    buy(world, OTHER, 4, CLASSES.sessions[2].id)

    assert state(world)["seats"][SECOND] == {who(OTHER)}
    assert set(world.seats(CLASSES.sessions[2].id)) == {who(OTHER)}
    assert likenesses_in_review(records=world.records, now=world.now) == []
    for session, number in ((FIRST, 2), (SECOND, 3)):
        letters = [
            one for one in world.letters(LetterKind.CONFIRMATION)
            if one.learner == who(OTHER) and one.order == f"stripe-pi_{number}"
        ]  # fmt: skip
        assert letters, f"who has the seat of {session} hears of it"


def test_the_first_is_called_and_reached_as_their_own_orders_say(world: World) -> None:
    """While they were one, the last order said how to greet them: it was the second's."""
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    join(world)
    buy(world, OTHER, 3, SECOND)
    person = world.records.get(Learner.key_of(who(ONE)), Learner)
    assert person is not None
    assert (person.name, person.address) == ("Priyanka Klein", OTHER)

    part(world)

    people = {one: world.records.get(Learner.key_of(who(one)), Learner) for one in (ONE, OTHER)}
    assert {address: one and (one.name, one.address) for address, one in people.items()} == {
        ONE: ("Priya Kumar", ONE),
        OTHER: ("Priyanka Klein", OTHER),
    }
    found = search_desk(OTHER, keys=[KEY], records=world.records)
    assert found.people[0].learner == who(OTHER), "before whoever was once reached there"
    found = search_desk("Priya Kum", keys=[KEY], records=world.records)
    assert [one.learner for one in found.people] == [who(ONE)]


@pytest.mark.parametrize("reported_first", [True, False])
def test_who_was_there_is_told_apart_by_address_and_both_are_decided_again(
    joined: World, reported_first: bool
) -> None:
    """The second was there and the first was not: as one, the first earned it."""
    joined.now = CLASS_1.ends_at
    joined.report(FIRST, [(OTHER, CLASS_1.starts_at, CLASS_1.ends_at)])
    joined.wait(minutes=20)
    if reported_first:
        joined.close(FIRST)
        verdict = joined.records.get(Verdict.key_of(FIRST, who(ONE)), Verdict)
        assert verdict
        assert verdict.earned.granted

    part(joined)
    joined.decide_wanted()
    if not reported_first:
        joined.close(FIRST)

    one, other = (
        joined.records.get(Verdict.key_of(FIRST, who(address)), Verdict) for address in (ONE, OTHER)
    )
    assert one
    assert other
    assert (one.attended.granted, other.attended.granted) == (False, True)
    assert other.earned.granted


def test_who_was_there_and_has_no_seat_of_their_own_is_a_question_to_staff(joined: World) -> None:
    """In class 3 the first has a seat, and the second came."""
    third = CLASSES.sessions[2]
    buy(joined, ONE, 5, third.id)
    joined.now = third.ends_at
    joined.report(third.id, [(OTHER, third.starts_at, third.ends_at)])
    joined.wait(minutes=20)
    joined.close(third.id)
    assert joined.records.get(UnmatchedRows.key_of(third.id), UnmatchedRows) is None

    part(joined)

    rows = joined.records.get(UnmatchedRows.key_of(third.id), UnmatchedRows)
    assert rows is not None
    assert (rows.people, rows.waiting) == (1, WAITING)


def test_a_certificate_that_was_given_stays_and_the_page_says_so_before(joined: World) -> None:
    joined.now = CLASS_1.ends_at
    joined.report(FIRST, [(OTHER, CLASS_1.starts_at, CLASS_1.ends_at)])
    joined.wait(minutes=20)
    joined.close(FIRST)
    (given,) = joined.certificates()
    assert given.learner == who(ONE)

    before = told(joined)
    part(joined)
    joined.decide_wanted()

    assert f"Certificate {given.text.number} ({CLASS_1.title}) stays" in before
    assert given in joined.certificates()


def test_what_is_said_before_is_what_is_done(joined: World) -> None:
    before = told(joined)

    assert "Order stripe-pi_2 is Priyanka Klein <priyak+class@gmail.com>'s again" in before
    assert f"{CLASS_1.title}: each of them has a seat." in before
    assert f"{CLASS_2.title}: the seat is Priyanka Klein" in before
    assert "stripe-pi_1" not in before
    assert "decided again" not in before, "nobody was there yet"
    part(joined)
    assert joined.seats(FIRST) == {who(ONE): "active", who(OTHER): "active"}
    assert joined.seats(SECOND) == {who(ONE): "ended", who(OTHER): "active"}


def test_in_a_class_that_is_full_by_now_nothing_is_done_and_the_way_on_is_said(
    joined: World,
) -> None:
    seats = {one.id: one for one in CLASSES.sessions}
    small = seats[FIRST].model_copy(update={"capacity": 2})
    joined.publish(CLASSES.model_copy(update={"sessions": (small, *CLASSES.sessions[1:])}))
    count = joined.records.get(SeatCount.key_of(FIRST), SeatCount) or SeatCount(session=FIRST)
    joined.records.commit(count.model_copy(update={"taken": 1}))
    buy(joined, "somebody@example.org", 9)
    before = state(joined)

    with pytest.raises(CannotBeParted, match="is full"):
        part(joined)

    assert state(joined) == before
    larger = small.model_copy(update={"capacity": 3})
    joined.publish(CLASSES.model_copy(update={"sessions": (larger, *CLASSES.sessions[1:])}))
    part(joined)
    assert len(state(joined)["seats"][FIRST]) == 3


def test_where_letters_go_to_the_second_address_another_one_is_wanted_first(
    joined: World,
) -> None:
    """Else the first one's letters would go to a stranger."""

    def change(address: str) -> None:
        correct_address(
            who(ONE), address, by="noor", records=joined.records, key=KEY, now=joined.now
        )

    change(OTHER)
    with pytest.raises(CannotBeParted, match="another address"):
        part(joined)

    change("priya@home.example")
    part(joined)

    assert state(joined)["seats"][SECOND] == {who(OTHER)}


def test_who_are_two_cannot_be_parted_and_a_stranger_is_nobodys_second_address(
    joined: World,
) -> None:
    part(joined)
    for strange in (who(OTHER), who(ONE), "Lnobody", ""):
        with pytest.raises(CannotBeParted):
            part_people(strange, **said(joined))
        assert (
            quote_parting(strange, records=joined.records, identity_key=KEY, now=joined.now) is None
        )


def test_they_can_be_one_again_and_two_again_and_each_time_all_of_it_follows(
    joined: World,
) -> None:
    as_one = state(joined)
    (pair,) = joined.records.everything(Likeness)
    name = f"{pair.series}/{'+'.join(pair.pair)}"
    for _ in range(2):
        joined.wait(minutes=1)
        part(joined)
        apart = state(joined)
        joined.wait(minutes=1)
        say_same_person(name, **said(joined))
        assert state(joined) == as_one
    joined.wait(minutes=1)
    part(joined)
    assert state(joined) == apart


def test_what_either_takes_along_or_away_is_their_own(joined: World) -> None:
    part(joined)

    for mine, theirs in ((ONE, OTHER), (OTHER, ONE)):
        found = gather_person(
            who(mine),
            records=joined.records,
            applications=MemoryRecords(),
            identity_key=KEY,
            now=joined.now,
        )
        assert found.ids == (who(mine),)
        assert {one.learner for one in found.of(Order)} == {who(mine)}
        assert theirs not in found.words


@pytest.mark.parametrize("cut", range(1, 7))
def test_whatever_is_cut_off_the_sweep_finishes(joined: World, cut: int) -> None:
    commit, done = joined.records.commit, list[bool]()

    def failing(*records: Any, seats: Any = ()) -> None:
        if len(done) == cut:
            raise Unavailable("Cut off.")
        done.append(True)
        commit(*records, seats=seats)

    joined.records.commit = failing  # type: ignore[method-assign]
    with contextlib.suppress(Unavailable):
        part(joined)
    joined.records.commit = commit  # type: ignore[method-assign]
    joined.sweep()

    assert state(joined)["seats"] == {FIRST: {who(ONE), who(OTHER)}, SECOND: {who(OTHER)}}
    assert state(joined)["waits"] == [None]


def test_an_order_that_comes_while_they_are_parted_ends_where_it_belongs(joined: World) -> None:
    """Between the word and what follows from it the second buys once more."""
    commit, done = joined.records.commit, list[bool]()

    def meanwhile(*records: Any, seats: Any = ()) -> None:
        commit(*records, seats=seats)
        if not done:
            done.append(True)
            buy(joined, OTHER, 7, CLASSES.sessions[2].id)

    joined.records.commit = meanwhile  # type: ignore[method-assign]
    part(joined)

    assert set(joined.seats(CLASSES.sessions[2].id)) == {who(OTHER)}


def test_what_it_means_is_said_with_so_many_questions_however_much_they_bought(
    joined: World,
) -> None:
    counted = Counted(joined.records)
    quote_parting(who(OTHER), records=counted, identity_key=KEY, now=joined.now)
    few = len(counted.asked)
    for number in range(20, 40):
        buy(joined, OTHER, number, CLASSES.sessions[number % 3].id)

    counted = Counted(joined.records)
    quote_parting(who(OTHER), records=counted, identity_key=KEY, now=joined.now)

    assert few <= 12
    assert len(counted.asked) <= few + 3
