"""A scholarship round from the form to the seat: who ends where is exact, whatever came first.

Two rounds are played with the same forty applications. In the second one nearly everything happens
in another order, some of it twice.
"""

import itertools
from collections import Counter

import pytest

from shared.domain.awards import AwardStatus
from tests.e2e import scholarship_cast as cast
from tests.e2e.scholarship_outcome import CameTo, Rounds
from tests.e2e.scholarship_played import PlayedRound

pytestmark = pytest.mark.timeout(1200)

Ended = tuple[PlayedRound, CameTo]


@pytest.fixture(params=["plain", "turned"])
def ended(request: pytest.FixtureRequest, rounds: Rounds) -> Ended:
    """One of the two rounds, and what it came to."""
    return next(pair for pair in rounds.ended if pair[0].order == request.param)


def test_the_cast_is_a_round_of_forty_with_twelve_recommended_and_money_for_nine() -> None:
    sent = [one for who in cast.CAST for one in who.sent]
    assert len(sent) + len(cast.SPAM) == 40
    assert sum(one.late for one in sent) == 10
    assert sum(len(who.sent) > 1 for who in cast.CAST) == 3
    recommended = [
        who
        for who in cast.CAST
        if any(vote.outcome in ("full", "partial") for vote in who.votes.values())
    ]
    assert len(recommended) == 12
    first = [who.amount for who in recommended if who.ends and not who.waits_first]
    assert (len(first), sum(first)) == (9, cast.FUND)


def test_nothing_was_answered_in_another_way_than_it_ought_to_be(ended: Ended) -> None:
    played, _ = ended
    assert played.wrong == []


def test_machines_store_nothing_and_get_their_form_back(ended: Ended) -> None:
    played, came_to = ended
    assert [answer.status for answer in played.refused] == [422, 422]
    assert all("We could not tell you from a machine" in one.text for one in played.refused)
    assert came_to.stored == 38


def test_of_somebody_who_sends_two_one_counts_and_who_took_theirs_back_does_not(
    ended: Ended,
) -> None:
    played, came_to = ended
    assert came_to.counting == 34
    assert {len(known) for known in played.references.values()} == {1, 2}
    assert len(set(itertools.chain(*played.references.values()))) == 38
    assert came_to.outcomes.keys() == {who.label for who in cast.CAST if not who.withdraws}


def test_what_comes_late_is_kept_and_known_as_late(ended: Ended) -> None:
    _, came_to = ended
    # Ten came late; one of them is beside an earlier one that was in time.
    assert came_to.late == 9


def test_everybody_who_took_an_award_holds_the_five_seats_and_nobody_else_does(
    ended: Ended,
) -> None:
    _, came_to = ended
    assert came_to.seats == {who.label: 5 for who in cast.CAST if who.taken}
    assert came_to.taken == [9] * 5


def test_every_award_is_for_what_was_voted_and_ends_where_its_holder_left_it(
    ended: Ended,
) -> None:
    _, came_to = ended
    assert came_to.awards == {
        who.label: (str(who.ends), who.amount) for who in cast.CAST if who.ends
    }


def test_the_fund_adds_up_and_was_never_below_zero(ended: Ended) -> None:
    _, came_to = ended
    held = sum(
        amount for status, amount in came_to.awards.values() if AwardStatus(status).holds_money
    )
    assert came_to.put_in == cast.FUND
    assert came_to.balance == sum(came_to.movements) == cast.FUND - held
    assert came_to.balance == cast.LEFT_IN_THE_END
    assert min(itertools.accumulate(came_to.movements)) >= 0
    # In, nine awards, one back and given again, one back and given again.
    assert len(came_to.movements) == 1 + 9 + 2 + 2


@pytest.mark.parametrize("who", cast.CAST, ids=lambda who: who.label)
def test_each_person_gets_the_letters_that_are_due_to_them_and_each_once(
    ended: Ended, who: cast.Applicant
) -> None:
    played, came_to = ended
    assert came_to.letters[who.label] == cast.letters_of(who, played.order)


def test_reviewers_are_asked_once_and_reminded_once(ended: Ended) -> None:
    _, came_to = ended
    assert came_to.to_reviewers == [Counter(review_wanted=1, review_reminder=1)] * 3


def test_staff_hear_how_it_ended_and_of_what_only_they_can_do(ended: Ended) -> None:
    _, came_to = ended
    assert came_to.to_staff == Counter(
        staff_scholarship_round=1,  # in numbers
        staff_scholarship_refund=1,  # of what award-06 had paid before
        staff_scholarship_payment=4,  # a link for each who pays a rest
    )


def test_the_order_in_which_things_happen_changes_nothing(rounds: Rounds) -> None:
    (_, plain), (_, turned) = rounds.ended
    for what in ("outcomes", "seats", "taken", "awards", "balance", "stored", "counting", "late"):
        assert getattr(plain, what) == getattr(turned, what), what
    assert sorted(plain.movements) == sorted(turned.movements)
