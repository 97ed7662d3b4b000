"""Awards are offered down one list as far as the money reaches, and to the next when let go."""

import threading
from itertools import permutations
from typing import Any

import pytest

from shared.domain.applications import Application
from shared.domain.applications import Outcome as Verdict
from shared.domain.awards import Award, AwardStatus, Fund
from shared.domain.letters import Letter, LetterKind
from shared.domain.rounds import RoundPhase
from shared.failures import Conflict
from shared.usecases.decide_application import CannotBeDecided, decide_application
from shared.usecases.offer_awards import offer_down_the_list
from shared.usecases.record_payment import Outcome
from shared.usecases.run_round import check_round, close_now, start_round
from tests.awards import dollars, full, partial, played, settle
from tests.scholarships import PRICE, Scholarships


def test_money_goes_down_one_list_and_nobody_is_passed_over() -> None:
    world = played({"ana": full(3), "ben": full(2), "cy": partial(50, 1)}, fund=PRICE + 10000)
    states = [world.page(person).state for person in ("ana", "ben", "cy")]
    assert states == ["offered", "waiting", "waiting"]
    assert world.fund() == 10000
    world.wait(minutes=1)
    world.change(fund=2 * PRICE + 10000)
    assert world.sweep_round().offered == 2
    assert [world.page(person).state for person in ("ben", "cy")] == ["offered", "offered"]
    assert world.fund() == 5000
    assert world.told("ben") == [
        "scholarship_received", "scholarship_waiting", "scholarship_offered",
    ]  # fmt: skip


def test_what_is_declined_or_lapses_is_offered_to_the_next() -> None:
    people = {"ana": full(3), "ben": full(2), "cy": full(1), "dee": ("waitlist", {})}
    world = played(people, fund=2 * PRICE)
    assert world.page("cy").state == "waiting"
    world.act("ana", "decline")
    assert world.page("ana").state == "turned_down"
    assert world.page("cy").state == "offered"
    world.wait(days=3)
    assert world.page("ben").state == "lapsed"
    world.sweep_round()
    assert world.award("ben").status is AwardStatus.LAPSED  # type: ignore[union-attr]
    assert world.told("ben")[-1] == "scholarship_lapsed"
    assert world.page("dee").state == "offered"
    world.sweep_round()
    assert world.fund() == PRICE


def test_who_gets_what_does_not_depend_on_the_order_of_events() -> None:
    """Three acts in every order; the money that comes back finds the same people."""
    people = {
        "ana": full(3), "ben": partial(60, 3), "cy": full(2), "dee": partial(100, 1),
        "eva": ("waitlist", {}),
    }  # fmt: skip
    outcomes = set()
    for order in permutations(("ana declines", "ben declines", "more money")):
        world = played(people, fund=PRICE + 6000)
        for act in order:
            match act:
                case "more money":
                    world.change(fund=PRICE + 6000 + 5000)
                    world.sweep_round()
                case _:
                    world.act(act.split()[0], "decline")
        world.sweep_round()
        states = tuple(world.page(person).state for person in people)
        outcomes.add((states, world.fund()))
    assert len(outcomes) == 1, outcomes


def test_two_awards_that_race_never_spend_the_same_money() -> None:
    world = played({"ana": full(3), "ben": full(3)}, fund=0)
    world.change(fund=PRICE)
    barrier = threading.Barrier(2)

    def race() -> None:
        barrier.wait()
        offer_down_the_list(world.series, **world.both, now=world.now)

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.records.everything(Award)) == 1
    assert world.fund() == 0


def test_the_fund_cannot_be_spent_twice_at_the_version_it_was_read() -> None:
    """The negative control of the race: what would happen without the condition."""
    world = played({"ana": full(3)}, fund=2 * PRICE)
    fund = world.records.get(Fund.key_of(world.series), Fund)
    assert fund is not None
    world.records.commit(fund.moved(-100, world.now))
    with pytest.raises(Conflict):
        world.records.commit(fund.moved(-100, world.now))
    with pytest.raises(ValueError, match="reach"):
        fund.moved(-fund.balance - 1, world.now)


def test_a_payment_after_the_award_lapsed_is_honoured_while_the_fund_reaches() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    world.wait(days=4)
    world.sweep_round()
    assert world.page("ana").state == "lapsed"
    assert settle(world, "ana", 100) is Outcome.RECORDED
    assert world.seats_of("ana") == 5
    assert world.fund() == 9 * PRICE - 11000


def test_a_refund_of_the_rest_ends_the_seats_and_returns_the_award() -> None:
    world = played({"ana": partial(110)})
    world.act("ana", "accept")
    settle(world, "ana", 100, order="stripe-pi_back", event="evt_1")
    settle(world, "ana", 100, order="stripe-pi_back", event="evt_2", says="refunded")
    assert world.seats_of("ana") == 0
    assert world.page("ana").state == "turned_down"
    assert world.fund() == 9 * PRICE


def test_no_award_is_offered_once_the_series_has_begun() -> None:
    world = played({"ana": full(2)}, fund=0)
    world.wait(days=30)
    world.change(fund=PRICE)
    assert world.sweep_round().offered == 0
    assert world.fund() == PRICE


def test_the_fund_is_what_the_file_says_in_all_however_often_it_is_published() -> None:
    world = played({"ana": full(2)}, fund=PRICE)
    for fund in (PRICE, 3 * PRICE, 3 * PRICE, 2 * PRICE):
        world.change(fund=fund)
    assert world.fund() == PRICE
    before = world.fund()
    world.change(fund=100)  # less than has been awarded: asked about, and nothing is changed
    assert world.fund() == before


@pytest.fixture
def unread() -> Scholarships:
    """A closed round in which Ben and Cy have too few votes, and there is money."""
    world = Scholarships()
    for person in ("ana", "ben", "cy"):
        world.apply(person)
    world.begin_review()
    world.both_vote("ana", "full")
    world.vote("one@idha.example", "ben", "decline")
    world.wait(days=5)
    world.close_round()
    return world


def test_an_application_without_its_votes_is_neither_declined_nor_given_money(
    unread: Scholarships,
) -> None:
    assert unread.application("ben").outcome is None
    assert [unread.page(person).state for person in ("ben", "cy")] == ["waiting", "waiting"]
    assert unread.told("ben")[-1] == "scholarship_waiting"
    assert unread.fund() == 8 * PRICE
    (letter,) = unread.letters(LetterKind.STAFF_SCHOLARSHIP_ROUND)
    assert unread.reference("ben") in letter.lines[0]
    assert unread.reference("cy") in letter.lines[0]


def decide(world: Scholarships, person: str, outcome: str, award: int = 0) -> Application:
    return decide_application(
        world.series, world.reference(person), Verdict(outcome), dollars(award) if award else None,
        by="noor", why="Read by both of us.", **world.both, now=world.now,
    )  # fmt: skip


def test_staff_decide_what_reviewers_left_open_and_it_stands_on_the_list(
    unread: Scholarships,
) -> None:
    unread.wait(minutes=1)
    assert decide(unread, "ben", "partial", 100).decided.why.endswith(  # type: ignore[union-attr]
        "Decided by noor: Read by both of us."
    )
    assert unread.page("ben").state == "offered"
    assert unread.fund() == 8 * PRICE - 10000
    decide(unread, "cy", "decline")
    assert unread.page("cy").state == "not_awarded"
    assert unread.told("cy")[-1] == "scholarship_not_awarded"


@pytest.mark.parametrize(
    ("person", "outcome", "award"),
    [("ana", "full", 0), ("ben", "partial", 0), ("ben", "partial", 210)],
)
def test_staff_decide_nothing_that_was_decided_or_is_not_whole(
    unread: Scholarships, person: str, outcome: str, award: int
) -> None:
    with pytest.raises(CannotBeDecided):
        decide(unread, person, outcome, award)
    assert unread.fund() == 8 * PRICE


def test_staff_may_close_after_the_deadline_and_not_before() -> None:
    world = Scholarships()
    world.apply("ana")
    how: dict[str, Any] = {"records": world.records, "resume": world.round_machine.resume,
           "workflows": world.round_machine}  # fmt: skip
    assert not close_now(world.series, **how, now=world.now)
    token = world.begin_review()
    assert close_now(world.series, **how, now=world.now)
    assert world.round_machine.resumed == [(token, {"series": world.series})]


def test_a_moved_deadline_starts_the_review_then_and_not_before() -> None:
    world = Scholarships()
    first = world.round().closes_at
    world.change(deadline="2025-06-15 23:59")
    second = world.round().closes_at
    assert world.schedules.rounds == {world.series: second}
    assert not start_round(world.series, second, workflows=world.round_machine, now=first)
    assert not check_round(world.series, first, records=world.records, now=second)["due"]
    assert check_round(world.series, second, records=world.records, now=second)["due"]


def test_a_clock_that_never_rang_is_made_good_by_the_sweep() -> None:
    world = Scholarships()
    world.apply("ana")
    world.to_the_deadline()
    world.wait(hours=1)
    assert world.sweep_round().rounds == 1
    assert list(world.round_machine.started) == ["round-tending-2025-20250614T0400Z"]


def test_the_letters_of_a_round_go_to_whom_they_are_for_and_say_nothing_of_others() -> None:
    world = played({"ana": full(3), "ben": ("decline", {})})
    world.post()
    world.post_round()
    for envelope, letter in world.mailer.sent:
        for person in ("ana", "ben"):
            if envelope.to != (f"{person}@people.example",):
                assert person not in letter.text.lower()
    assert world.told("ben")[-1] == "scholarship_not_awarded"


def test_a_decision_whose_letter_went_unanswered_is_not_sent_again_by_itself() -> None:
    world = played({"ana": full(3)})
    offered = next(
        one for one in world.applications.everything(Letter) if one.letter == "scholarship_offered"
    )
    assert not offered.may_be_sent_again


def test_an_award_that_was_cut_off_before_its_letter_is_told_by_the_sweep() -> None:
    world = played({"ana": full(3)}, fund=0)
    world.change(fund=PRICE)
    # Cut off between the two tables: the award stands, its letter is not owed.
    whole = world.applications.commit
    world.applications.commit = lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        offer_down_the_list(world.series, **world.both, now=world.now)
    world.applications.commit = whole  # type: ignore[method-assign]
    assert world.told("ana")[-1] == "scholarship_waiting"
    world.wait(hours=1)
    world.sweep_round()
    assert world.told("ana")[-1] == "scholarship_offered"


def test_who_sent_while_voting_was_being_closed_hears_by_the_sweep() -> None:
    world = played({"ana": full(3)})
    world.records.commit(world.round().model_copy(update={"phase": RoundPhase.VOTING}))
    world.apply("ben")
    world.records.commit(world.round().model_copy(update={"phase": RoundPhase.CLOSED}))
    world.wait(days=5)
    world.sweep_round()
    assert world.told("ben")[-1] == "scholarship_waiting"
