"""Two addresses that look like one person: staff are asked once, and nothing happens by itself."""

import contextlib
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.credit import Verdict
from shared.domain.letters import LetterKind
from shared.domain.likeness import Face, Likeness, SamePerson, Trace, alike, traces
from shared.domain.payments import Order
from shared.failures import Unavailable
from shared.usecases.find_attendance import unmatched_in
from shared.usecases.find_session import find_session
from shared.usecases.match_attendance import confirm_match
from shared.usecases.record_payment import Outcome
from shared.usecases.rule_on_likeness import (
    NothingToSay,
    likenesses_in_review,
    say_same_person,
    say_two_people,
)
from tests.catalogues import classes_catalogue
from tests.world import KEY, World, paid, who

CLASSES = classes_catalogue()
FIRST, SECOND = (session.id for session in CLASSES.sessions[:2])
ONE, OTHER = "priya.k@gmail.com", "priyak+class@gmail.com"


def face(address: str, name: str = "") -> Face:
    return Face(name, address)


def codes(one: Face, other: Face) -> list[str]:
    found = alike(one, other)
    return [reason.code for reason in found.reasons[:-1]] if found else []


# --- the rule ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (face(ONE), face(OTHER), ["same_mailbox"]),
        (face("priya.k@gmail.com"), face("priyak@googlemail.com"), ["same_mailbox"]),
        (face("priya+a@work.example"), face("priya+b@work.example"), ["same_mailbox"]),
        (face("priyak@gmail.com"), face("priyak@gmial.com"), ["mistyped_host"]),
        (face("priyak@gmail.com"), face("priya.k@gmail.co"), ["mistyped_host"]),
        (face("priyak@hotmail.com"), face("priyak@hotmal.com"), ["mistyped_host"]),
        (face("a@work.example", "Priya Kumar"), face("b@a.example", "KUMAR, Priya"), ["same_name"]),
        (face("a@work.example", "José Núñez"), face("b@home.example", "Jose Nunez"), ["same_name"]),
        (face(ONE, "Priya Kumar"), face(OTHER, "Priya Kumar"), ["same_mailbox", "same_name"]),
    ],
)  # fmt: skip
def test_who_looks_like_one_person_and_why(one: Face, other: Face, why: list[str]) -> None:
    assert codes(one, other) == codes(other, one) == why


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (face("priya.k@work.example"), face("priyak@work.example")),  # dots count elsewhere
        (face("priyak@gmail.com"), face("priyam@gmail.com")),
        (face("priyak@gmail.com"), face("priyak@mail.com")),  # two mail hosts, one letter apart
        (face("priyak@gmx.com"), face("priyak@gmx.net")),
        (face("priyak@gmail.com"), face("priyak@work.example")),
        (face("priyak@acme.example"), face("priyak@acne.example")),  # neither is well known
        (face("info@gmail.com"), face("info@gmial.com")),
        (face("bo@gmail.com"), face("bo@gmial.com")),  # too short to say anything
        (face("a@work.example", "Priya"), face("b@home.example", "Priya")),
        (face("a@work.example", "P. K."), face("b@home.example", "P. K.")),
        (face("a@work.example", ""), face("b@home.example", "")),
        (face("a@work.example", "Priya Kumar"), face("b@home.example", "Priya Kumari")),
        (face("a@work.example", "Test Person 1"), face("b@home.example", "Test Person 2")),
    ],
)
def test_who_does_not(one: Face, other: Face) -> None:
    assert codes(one, other) == codes(other, one) == []


_LETTERS = st.text("abc.+", min_size=1, max_size=8)
_FACES = st.builds(
    lambda local, host, name: face(f"x{local.strip('.+')}y@{host}", name),
    _LETTERS,
    st.sampled_from(["gmail.com", "gmial.com", "work.example", "googlemail.com"]),
    st.sampled_from(["", "Ana", "Ana Lima", "Lima Ana", "Bo Lind"]),
)


@given(_FACES, _FACES)
def test_whoever_is_alike_shares_a_trace_so_nobody_alike_is_overlooked(
    one: Face, other: Face
) -> None:
    found = alike(one, other)

    assert (found is None) is (alike(other, one) is None)
    if found:
        assert set(traces(one)) & set(traces(other))


# --- what is noticed ---------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _on_sale(world: World) -> None:
    world.publish(CLASSES)


def buy(world: World, address: str, number: int, session: str = FIRST, name: str = "") -> Outcome:
    fact = paid(CLASSES, f"{session}-general", address, number)
    return world.deliver(fact.model_copy(update={"buyer_name": name or f"Nobody{number}"}))


def asked(world: World) -> list[dict[str, Any]]:
    return likenesses_in_review(records=world.records, now=world.now)


def only_pair(world: World) -> str:
    (one,) = asked(world)
    return str(one["pair"])


def rule(world: World) -> dict[str, Any]:
    return {"by": "noor", "why": "She wrote.", "records": world.records, "now": world.now}


def test_staff_are_asked_with_reason_evidence_and_suggestion_and_both_have_their_seats(
    world: World,
) -> None:
    assert buy(world, ONE, 1) is buy(world, OTHER, 2) is Outcome.RECORDED

    assert world.seats(FIRST) == {who(ONE): "active", who(OTHER): "active"}
    assert len(world.letters(LetterKind.CONFIRMATION)) == 2
    (one,) = asked(world)
    assert {person.split("<")[1] for person in one["people"]} == {f"{ONE}>", f"{OTHER}>"}
    assert "goes to one mailbox" in one["reasons"][0]
    assert "most likely one person" in one["suggestion"]
    (letter,) = world.letters(LetterKind.STAFF_SAME_PERSON)
    assert {fact.value for fact in letter.facts} == set(one["people"])


def test_somebody_who_buys_twice_is_no_two_people(world: World) -> None:
    buy(world, ONE, 1)
    buy(world, ONE, 2, SECOND)

    assert asked(world) == []


def test_they_are_asked_about_once_however_often_they_buy(world: World) -> None:
    for number, (address, session) in enumerate(
        [(ONE, FIRST), (OTHER, FIRST), (ONE, SECOND), (OTHER, SECOND)]
    ):
        buy(world, address, number, session)

    assert len(asked(world)) == len(world.letters(LetterKind.STAFF_SAME_PERSON)) == 1


def test_of_two_who_pay_in_the_same_moment_the_second_sees_the_first(world: World) -> None:
    """Both look before either is written: the second's commit meets the first's, and asks again."""
    commit = world.records.commit
    interrupted: list[bool] = []

    def meanwhile(*records: Any, seats: Any = ()) -> None:
        if not interrupted:
            interrupted.append(True)
            buy(world, ONE, 1)
        commit(*records, seats=seats)

    world.records.commit = meanwhile  # type: ignore[method-assign]
    buy(world, OTHER, 2)

    assert len(asked(world)) == 1


def test_no_key_that_is_kept_tells_a_name_or_an_address(world: World) -> None:
    buy(world, ONE, 1, name="Priya Kumar")
    buy(world, OTHER, 2, name="Priya Kumar")

    keys = " ".join(f"{r.key().partition} {r.key().sort}" for r in world.records.everything(Trace))
    assert "TRACE#" in keys
    for word in ("priya", "kumar", "gmail"):
        assert word not in keys.lower()
    assert "priya" not in " ".join(t.model_dump_json() for t in world.records.everything(Trace))


def test_a_name_that_a_dozen_bear_tells_nobody_apart(world: World) -> None:
    for number in range(14):
        buy(world, f"person{number}@host{number}.example", number, name="Ana Lima")

    (trace,) = (t for t in world.records.everything(Trace) if len(t.learners) > 1)
    assert len(trace.learners) == 12
    assert len(asked(world)) == 12 * 11 // 2


# --- what staff say ----------------------------------------------------------------------------


def test_two_people_stay_two_and_are_not_asked_about_again(world: World) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    pair = only_pair(world)

    say_two_people(pair, **rule(world))
    buy(world, OTHER, 3, SECOND)

    assert asked(world) == []
    assert world.seats(FIRST) == {who(ONE): "active", who(OTHER): "active"}
    (kept,) = world.records.everything(Likeness)
    assert kept.said is not None
    assert (kept.said.same, kept.said.by, kept.said.why, kept.said.at) == (
        False, "noor", "She wrote.", world.now,
    )  # fmt: skip
    with pytest.raises(NothingToSay):
        say_two_people(pair, **rule(world))


def test_one_person_has_one_seat_and_what_is_paid_twice_is_said(world: World) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    buy(world, OTHER, 3, SECOND)

    person = say_same_person(only_pair(world), identity_key=KEY, **rule(world))

    assert person == who(ONE), "who came first"
    assert world.seats(FIRST) == {who(ONE): "active", who(OTHER): "ended"}
    assert world.seats(SECOND) == {who(ONE): "active", who(OTHER): "ended"}
    (letter,) = world.letters(LetterKind.STAFF_PAID_TWICE)
    assert "Give back $60.00" in letter.facts[2].value
    (said,) = world.records.everything(SamePerson)
    assert (said.other, said.by, said.why, said.at) == (
        who(OTHER), "noor", "She wrote.", world.now,
    )  # fmt: skip
    assert asked(world) == []


def test_what_the_second_address_buys_later_is_the_first_one_s(world: World) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    say_same_person(only_pair(world), identity_key=KEY, **rule(world))

    buy(world, OTHER, 3, SECOND)

    assert world.seats(SECOND) == {who(ONE): "active"}
    assert asked(world) == []


@pytest.mark.parametrize("said_first", [True, False])
def test_who_was_there_under_the_second_address_was_there(world: World, said_first: bool) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    session = CLASSES.sessions[0]

    def report() -> None:
        world.now = session.ends_at
        world.report(FIRST, [(OTHER, session.starts_at, session.ends_at)])

    def say() -> None:
        say_same_person(only_pair(world), identity_key=KEY, **rule(world))

    for step in (say, report) if said_first else (report, say):
        step()
    world.wait(minutes=20)
    world.close(FIRST)

    verdict = world.records.get(Verdict.key_of(FIRST, who(ONE)), Verdict)
    assert verdict is not None
    assert verdict.earned.granted, verdict.earned.why


def test_both_addresses_of_one_person_are_theirs_in_every_later_report(world: World) -> None:
    buy(world, ONE, 1)
    buy(world, OTHER, 2)
    buy(world, ONE, 3, SECOND)
    say_same_person(only_pair(world), identity_key=KEY, **rule(world))
    second = CLASSES.sessions[1]
    world.now = second.ends_at

    world.report(SECOND, [(OTHER, second.starts_at, second.ends_at)])
    world.close(SECOND)

    verdict = world.records.get(Verdict.key_of(SECOND, who(ONE)), Verdict)
    assert verdict is not None
    assert verdict.attended.granted
    (letter,) = [one for one in world.letters(LetterKind.STAFF_CLOSE) if one.session == SECOND]
    assert letter.lines == (), "nobody is asked about"


def test_an_address_that_staff_matched_in_a_class_and_that_buys_later_is_asked_about(
    world: World,
) -> None:
    at_work = "pk@work.example"
    buy(world, ONE, 1)
    first = CLASSES.sessions[0]
    world.now = first.ends_at
    world.report(FIRST, [(at_work, first.starts_at, first.ends_at)])
    found = find_session(FIRST, world.records)
    assert found is not None
    (row,) = [one.sighting.participant for one in unmatched_in(found, world.records)]
    confirm_match(
        FIRST, row, who(ONE), by="noor", why="She wrote.", records=world.records,
        workflows=world.close_machine, now=world.now,
    )  # fmt: skip
    assert asked(world) == []

    buy(world, at_work, 2, SECOND)
    buy(world, at_work, 3)

    (pair,) = asked(world)
    assert "you said" in pair["reasons"][0]
    say_same_person(only_pair(world), identity_key=KEY, **rule(world))
    assert world.seats(SECOND)[who(ONE)] == "active"


@pytest.mark.parametrize("cut", range(1, 5))
def test_whatever_is_cut_off_the_sweep_finishes(world: World, cut: int) -> None:
    buy(world, ONE, 1)
    for number in (2, 3):
        buy(world, OTHER, number, (FIRST, SECOND)[number - 2])
    pair = only_pair(world)
    commit = world.records.commit
    done: list[bool] = []

    def failing(*records: Any, seats: Any = ()) -> None:
        if len(done) == cut:
            raise Unavailable("Cut off.")
        done.append(True)
        commit(*records, seats=seats)

    world.records.commit = failing  # type: ignore[method-assign]
    with contextlib.suppress(Unavailable):
        say_same_person(pair, identity_key=KEY, **rule(world))
    world.records.commit = commit  # type: ignore[method-assign]

    world.sweep()

    assert world.seats(FIRST)[who(ONE)] == world.seats(SECOND)[who(ONE)] == "active"
    assert {world.seats(one)[who(OTHER)] for one in (FIRST, SECOND)} == {"ended"}
    assert [pair.waiting for pair in world.records.everything(Likeness)] == [None]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_in_whatever_order_they_paid_the_end_is_the_same(
    world: World, order: tuple[int, ...]
) -> None:
    steps = [(ONE, 1, FIRST), (OTHER, 2, FIRST), (OTHER, 3, SECOND)]
    for at in order:
        buy(world, *steps[at])
    say_same_person(only_pair(world), identity_key=KEY, **rule(world))

    for session in (FIRST, SECOND):
        assert sorted(world.seats(session).values(), reverse=True)[-1] in ("active", "ended")
        assert list(world.seats(session).values()).count("active") == 1
    assert len({order.learner for order in world.records.everything(Order)}) == 1
