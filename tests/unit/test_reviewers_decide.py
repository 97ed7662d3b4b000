"""What votes come to, what reviewers may see, and in which order awards are offered."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.applications import Answers, Application, Ask, Outcome, standing
from shared.domain.letters import LetterKind
from shared.domain.links import sign
from shared.domain.money import Money
from shared.domain.reviews import Vote, award_of, decide, down_the_list, hide_names
from shared.domain.rounds import kept_counts
from shared.domain.scholarship_views import ReviewView
from shared.usecases.review_applications import (
    LinkExpired,
    NotFound,
    Refused,
    list_of,
    open_one,
    open_review,
    reading_as,
    view_of,
    vote_as,
)
from shared.usecases.reviewers import reviewer_id
from shared.usecases.run_round import remind_reviewers, see_where_it_stands
from tests.scholarships import ONE, PRICE, THREE, TWO, Scholarships, at, round_catalogue
from tests.world import KEY

POLICY = round_catalogue().policies.scholarship
PRICED = Money(minor=PRICE, currency="USD")


def dollars(amount: int) -> Money:
    return Money(minor=amount * 100, currency="USD")


def said(reviewer: str, outcome: str, award: int = 0, strength: int = 2) -> Vote:
    return Vote(
        series="s", reference="S-1", reviewer=reviewer,
        outcome=None if outcome == "aside" else Outcome(outcome),
        award=dollars(award) if award else None, strength=strength, cast_at=at("2025-06-15T12:00"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        ([], None),
        ([("a", "full")], None),
        ([("a", "full"), ("b", "aside")], None),
        ([("a", "full"), ("b", "full")], "full"),
        ([("a", "decline"), ("b", "decline")], "decline"),
        ([("a", "full"), ("b", "decline")], None),
        ([("a", "full"), ("b", "decline"), ("c", "decline")], "decline"),
        ([("a", "full"), ("c", "waitlist")], "waitlist"),
        ([("a", "full"), ("b", "decline"), ("c", "aside")], None),
        ([("a", "full"), ("b", "decline"), ("c", "waitlist")], "waitlist"),
        ([("a", "full"), ("b", "full"), ("c", "decline")], "full"),
    ],
)
def test_two_votes_decide_and_the_third_reviewer_breaks_a_tie(
    votes: list[tuple[str, str]], outcome: str | None
) -> None:
    assert POLICY is not None
    cast = [said(*vote) for vote in votes]
    for order in permutations(cast):
        found = decide(order, POLICY, "c")
        assert found.outcome == (Outcome(outcome) if outcome else None)
        assert found.decided.reasons


def test_a_tie_that_nobody_breaks_stays_open_and_says_so() -> None:
    assert POLICY is not None
    found = decide([said("a", "full"), said("b", "decline")], POLICY, None)
    assert (found.outcome, found.decided.why) == (
        None, "The votes differ, and nobody has broken the tie yet.",
    )  # fmt: skip


def test_the_amount_of_a_partial_award_is_the_middle_one_in_favour_of_who_applied() -> None:
    assert POLICY is not None
    two = [said("a", "partial", 100), said("b", "partial", 150)]
    assert decide(two, POLICY, None).award == dollars(150)
    three = [*two, said("c", "partial", 120)]
    assert decide(three, POLICY, None).award == dollars(120)


def application(number: int, **changes: object) -> Application:
    fields = {
        "series": "s",
        "reference": f"S-{number}",
        "learner": f"L{number}",
        "submitted_at": at("2025-06-01T12:00") + timedelta(hours=number),
        "content_sha256": "x",
        "late": False,
        "priority": False,
        "ask": Ask(full=True),
        "outcome": Outcome.FULL,
        "strength": 200,
    }
    return Application.model_validate(fields | changes)


def test_the_list_puts_in_time_before_late_awards_first_priority_first_the_strong_first() -> None:
    in_order = [
        application(1, priority=True, strength=300),
        application(2, priority=True, strength=200),
        application(3, strength=300),
        application(4, strength=100),
        application(5, outcome=Outcome.WAITLIST, priority=True),
        application(6, outcome=Outcome.WAITLIST),
        application(7, late=True, priority=True, strength=300),
    ]
    others = [
        application(8, outcome=Outcome.DECLINE),
        application(9, outcome=None),
        application(10, withdrawn_at=at("2025-06-15T12:00")),
        application(11, erased_at=at("2025-06-15T12:00")),
    ]
    found = down_the_list([*reversed(in_order), *others])
    assert [one.reference for one in found] == [one.reference for one in in_order]


def test_who_is_equal_is_drawn_by_lot_and_not_by_who_came_first() -> None:
    equal = [application(number) for number in range(6)]
    drawn = [one.reference for one in down_the_list(equal)]
    assert drawn != sorted(drawn)
    for turned in (equal[::-1], equal[3:] + equal[:3]):
        assert [one.reference for one in down_the_list(turned)] == drawn
    later = [one.model_copy(update={"submitted_at": at("2025-06-09T12:00")}) for one in equal]
    assert [one.reference for one in down_the_list(later)] == drawn


@given(st.permutations(range(5)))
def test_the_last_version_in_time_counts_in_whatever_order_they_arrive(order: list[int]) -> None:
    sent = [
        application(0, learner="L"),
        application(1, learner="L"),
        application(2, learner="L", late=True),
        application(3, learner="M", late=True),
        application(4, learner="L", withdrawn_at=at("2025-06-09T12:00")),
    ]
    assert set(standing(sent[place] for place in order)) == {"S-1", "S-3"}


def test_an_award_is_what_was_voted_or_what_was_asked_for() -> None:
    partial = Ask(full=False, could_pay=dollars(60))
    assert award_of(application(1), PRICED) == PRICED
    voted = application(1, outcome=Outcome.PARTIAL, award=dollars(100))
    assert award_of(voted, PRICED) == dollars(100)
    waits = {"outcome": Outcome.WAITLIST}
    assert award_of(application(1, **waits), PRICED) == PRICED
    assert award_of(application(1, ask=partial, **waits), PRICED) == dollars(150)


def test_names_are_taken_out_of_what_reviewers_read() -> None:
    wrote = Answers(series="s", reference="S-1", name="Ana María Ruiz", address="ana@x.example")
    text = "I am ANA maría, of the Ruiz family; write to ana@x.example. Anatomy is my love."
    assert hide_names(text, wrote) == (
        "I am ••• •••, of the ••• family; write to •••. Anatomy is my love."
    )


def test_counts_under_ten_are_not_kept_nor_can_they_be_worked_out() -> None:
    counts = {Outcome.FULL: 12, Outcome.PARTIAL: 4, Outcome.WAITLIST: 11, Outcome.DECLINE: 20}
    kept = {one.what: one.number for one in kept_counts(counts, 30)}
    assert kept == {
        "all": 47, "outcome:full": 12, "outcome:partial": None, "outcome:waitlist": None,
        "outcome:decline": 20, "priority:yes": 30, "priority:no": 17,
    }  # fmt: skip
    few = {one.what: one.number for one in kept_counts({Outcome.FULL: 3}, 1)}
    assert few["all"] is None
    assert few["outcome:full"] is None


@pytest.fixture
def world() -> Scholarships:
    world = Scholarships()
    world.apply("ana", priorities=["Disabled"])
    world.wait(minutes=1)
    world.apply("ben")
    return world


def test_a_reviewer_sees_text_and_band_and_no_name_until_they_have_voted(
    world: Scholarships,
) -> None:
    world.begin_review()
    view = view_of(world.reading(ONE), world.reference("ana"), world.applications)
    assert isinstance(view, ReviewView)
    assert (view.name, view.votes, view.priority) == ("", (), True)
    assert view.texts == ("I am ••• and would like to come.",)
    assert "Disabled" not in view.model_dump_json(exclude={"catalogue"})
    world.vote(ONE, "ana", "full")
    voted = view_of(world.reading(ONE), world.reference("ana"), world.applications)
    assert isinstance(voted, ReviewView)
    assert (voted.name, voted.votes) == ("Ana", ("A full scholarship",))
    other = view_of(world.reading(TWO), world.reference("ana"), world.applications)
    assert isinstance(other, ReviewView)
    assert (other.name, other.votes) == ("", ())


def test_whoever_knows_the_person_stands_aside_and_their_vote_does_not_count(
    world: Scholarships,
) -> None:
    world.begin_review()
    found = world.vote(ONE, "ana", "", conflict="yes")
    assert isinstance(found, ReviewView)
    assert found.votes == ("Stood aside",)
    (row,) = [r for r in list_of(world.reading(ONE), world.applications, KEY).rows
              if r.reference == world.reference("ana")]  # fmt: skip
    assert (row.voted, row.stood_aside, row.votes, row.decided) == (True, True, 0, False)


def test_nobody_votes_twice(world: Scholarships) -> None:
    world.begin_review()
    world.vote(ONE, "ana", "full")
    again = world.vote(ONE, "ana", "decline")
    assert isinstance(again, Refused)
    assert again.status == 409
    assert len(world.applications.everything(Vote)) == 1


@pytest.mark.parametrize(
    "fields",
    [{}, {"outcome": ["perhaps"]}, {"outcome": ["partial"]},
     {"outcome": ["partial"], "award": ["210"]}, {"outcome": ["full"], "strength": ["9"]}],
)  # fmt: skip
def test_a_vote_that_cannot_be_meant_is_asked_about(
    world: Scholarships, fields: dict[str, list[str]]
) -> None:
    world.begin_review()
    found = vote_as(
        world.reading(ONE), world.reference("ana"), fields, **world.both,
        resume=world.round_machine.resume, key=KEY, now=world.now,
    )  # fmt: skip
    assert isinstance(found, Refused)
    assert found.status == 422
    assert found.view.problem.endswith("?")
    assert not world.applications.everything(Vote)


def test_nobody_votes_before_the_deadline_or_after_the_close(world: Scholarships) -> None:
    early = world.vote(ONE, "ana", "full")
    assert isinstance(early, Refused)
    world.begin_review()
    world.close_round()
    late = world.vote(ONE, "ana", "full")
    assert isinstance(late, Refused)
    assert (early.status, late.status) == (409, 409)
    assert not world.applications.everything(Vote)


def test_who_does_not_review_sees_and_votes_on_nothing(world: Scholarships) -> None:
    world.begin_review()
    assert isinstance(
        reading_as(world.series, "ana@people.example", **world.both, key=KEY), NotFound
    )
    world.change(reviewers=(TWO, THREE))
    assert isinstance(reading_as(world.series, ONE, **world.both, key=KEY), NotFound)


def test_a_link_opens_one_round_for_one_reviewer_until_it_expires(world: Scholarships) -> None:
    world.begin_review()
    subject = f"{world.series}/{reviewer_id(ONE, KEY)}"
    token = sign("review", subject, KEY, world.now + timedelta(days=1))
    how = {"keys": [KEY], **world.both}
    found = open_review(token, **how, now=world.now)
    assert len(getattr(found, "rows", ())) == 2
    later = world.now + timedelta(days=1)
    assert isinstance(open_review(token, **how, now=later), LinkExpired)
    assert isinstance(open_one(token, "S-NONE", **how, now=world.now), NotFound)
    for wrong in (sign("application", subject, KEY), sign("review", "x/y", KEY), token[:-2] + "xx"):
        assert isinstance(open_review(wrong, **how, now=world.now), NotFound)


def test_both_versions_of_one_person_are_shown_and_only_one_is_voted_on(
    world: Scholarships,
) -> None:
    world.apply("ana", nonce="second", text=["Better words."])
    world.begin_review()
    rows = list_of(world.reading(ONE), world.applications, KEY).rows
    second = world.reference("ana", "second")
    assert sorted(row.reference for row in rows) == sorted([second, world.reference("ben")])
    view = view_of(world.reading(ONE), second, world.applications)
    assert isinstance(view, ReviewView)
    assert view.texts == ("Better words.", "I am ••• and would like to come.")


def test_the_last_vote_that_is_needed_wakes_the_round(world: Scholarships) -> None:
    token = world.begin_review()
    world.both_vote("ana", "full")
    world.vote(ONE, "ben", "decline")
    assert world.round_machine.resumed == []
    world.vote(TWO, "ben", "decline")
    assert world.round_machine.resumed == [(token, {"series": world.series})]


def test_only_reviewers_who_have_not_voted_are_reminded_and_told_numbers_only(
    world: Scholarships,
) -> None:
    world.begin_review()
    world.both_vote("ana", "full")
    world.vote(ONE, "ben", "decline")
    world.wait(days=3)
    world.sweep_round()
    assert world.round_machine.resumed
    where = {**world.both, "key": KEY, "now": world.now}
    assert see_where_it_stands(world.series, **where)["next"] == "remind"
    remind_reviewers(world.series, **where)
    assert see_where_it_stands(world.series, **where)["next"] == "wait"
    reminded = {one.reviewer for one in world.round_letters(LetterKind.REVIEW_REMINDER)}
    assert reminded == {TWO, THREE}
    remind_reviewers(world.series, **where)
    assert len(world.round_letters(LetterKind.REVIEW_REMINDER)) == 2


def test_nobody_reads_or_votes_on_an_application_of_their_own(world: Scholarships) -> None:
    world.apply("one", email=[ONE.upper()])
    world.begin_review()
    own = world.reference("one")
    assert own not in [
        row.reference for row in list_of(world.reading(ONE), world.applications, KEY).rows
    ]
    assert isinstance(world.vote(ONE, "one", "full"), NotFound)
    assert own in [
        row.reference for row in list_of(world.reading(TWO), world.applications, KEY).rows
    ]
