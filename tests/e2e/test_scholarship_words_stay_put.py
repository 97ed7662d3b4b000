"""What people wrote to apply is in one table and nowhere else, and at the end of its term nowhere.

Whoever applies bears words that no other text holds. They are searched for after the round, after
the day on which everything is erased, and after everything that ever came in came in once more.
"""

import base64
import time
from dataclasses import dataclass
from datetime import timedelta

import pytest

from devstack import clock
from devstack.mailbox import read_inbox
from devstack.quiet import settle
from shared.domain.rounds import SMALLEST_COUNT
from tests.e2e import scholarship_cast as cast
from tests.e2e import scholarship_words as words
from tests.e2e.scholarship_outcome import CameTo, Rounds, read_outcome
from tests.e2e.scholarship_round import sweep
from tests.e2e.scholarship_words import APPLICATIONS, RECORDS, Found

pytestmark = pytest.mark.timeout(1200)

_PLANTED = "zqtextplantedx"


@dataclass(frozen=True)
class Looked:
    """What was found, by right and not; and how many letters had arrived for anybody."""

    everywhere: Found
    by_no_right: Found
    letters: int


def _look(rounds: Rounds) -> Looked:
    everywhere = words.search(rounds)
    return Looked(
        everywhere,
        words.not_of_a_holder(rounds, everywhere),
        len(read_inbox(rounds.stack.letters_folder)),
    )


@pytest.fixture(scope="module")
def after_the_round(rounds: Rounds) -> Looked:
    """The search when both rounds are over."""
    return _look(rounds)


@pytest.fixture(scope="module")
def after_the_term(rounds: Rounds, after_the_round: Looked) -> Looked:
    """The search when all that was written has been kept for as long as it may be."""
    keep = max(one.policy.keep_days for one in rounds.played)
    ahead = clock.ahead(rounds.stack) + timedelta(days=keep + 1)
    clock.set_ahead(rounds.stack, ahead)
    while sweep(rounds.stack)["erased"]:
        settle(rounds.stack)
    return _look(rounds)


@pytest.fixture(scope="module")
def replayed(rounds: Rounds, after_the_term: Looked) -> tuple[list[str], Looked]:
    """The search when everything came in once more; and what of that was not refused."""
    wrong = words.replay(rounds)
    sweep(rounds.stack)
    settle(rounds.stack)
    return wrong, _look(rounds)


def test_all_that_was_written_is_among_the_applications(
    rounds: Rounds, after_the_round: Looked
) -> None:
    """The control: the search finds each word where it belongs."""
    assert after_the_round.everywhere[APPLICATIONS] == words.words_of_everybody(rounds)


def test_the_ids_that_belong_in_a_place_are_found_there(
    rounds: Rounds, after_the_round: Looked
) -> None:
    """The control: each place is one that is read."""
    written = words.read_everything(rounds)
    for one in rounds.played:
        (reference,) = one.references["award-01"]
        for place in (RECORDS, APPLICATIONS, "submission tokens", "stream of the applications"):
            assert reference in written[place], place
        for place in ("workflows", "object keys", "schedules", "output of the local AWS"):
            assert one.series in written[place], place
        assert one.series in written["logs"]
    assert "AWS/Lambda" in written["metrics"]


def test_it_is_nowhere_else(after_the_round: Looked) -> None:
    elsewhere = {
        place: found
        for place, found in after_the_round.by_no_right.items()
        if found and place != APPLICATIONS
    }
    assert elsewhere == {}


def test_the_records_name_those_who_hold_a_seat_and_say_nothing_of_what_they_wrote(
    rounds: Rounds, after_the_round: Looked
) -> None:
    assert after_the_round.everywhere[RECORDS] == {
        cast.words_of(who, one.series)[part]
        for one in rounds.played
        for who in cast.CAST
        for part in ("name", "mail")
        if who.taken
    }


def test_no_letter_says_anything_of_anybody_but_whom_it_is_for(
    rounds: Rounds, after_the_round: Looked
) -> None:
    assert words.words_in_letters_to_others(rounds) == {}


def test_no_letter_brings_back_what_was_written(rounds: Rounds, after_the_round: Looked) -> None:
    assert words.words_in_own_letters(rounds) == set()


def test_when_its_term_is_over_nothing_of_it_is_found_anywhere(after_the_term: Looked) -> None:
    assert {place: found for place, found in after_the_term.by_no_right.items() if found} == {}


def test_what_is_left_of_an_application_tells_nothing_of_who_sent_it(
    rounds: Rounds, after_the_term: Looked
) -> None:
    left = words.tombstones(rounds)
    assert len(left) == 2 * 38
    assert all(one.erased_at and one.learner is None and one.outcome is None for one in left)
    assert {(one.late, one.priority, one.ask.full) for one in left} == {(False, False, True)}


def test_no_number_below_ten_is_remembered_of_a_round(
    rounds: Rounds, after_the_term: Looked
) -> None:
    for around in words.rounds_kept(rounds):
        numbers = {one.what: one.number for one in around.counts}
        assert numbers["all"] == 34
        assert all(n is None or n == 0 or n >= SMALLEST_COUNT for n in numbers.values()), numbers


def test_seats_and_money_stay_when_what_was_written_goes(
    rounds: Rounds, after_the_term: Looked
) -> None:
    for played, before in rounds.ended:
        after = read_outcome(played)
        for what in ("seats", "taken", "awards", "balance", "movements"):
            assert getattr(after, what) == getattr(before, what), what


def test_nothing_old_is_taken_again(replayed: tuple[list[str], Looked]) -> None:
    wrong, _ = replayed
    assert wrong == []


def test_nothing_old_brings_anything_back(
    after_the_term: Looked, replayed: tuple[list[str], Looked]
) -> None:
    _, looked = replayed
    assert {place: found for place, found in looked.by_no_right.items() if found} == {}
    assert looked.everywhere[RECORDS] == after_the_term.everywhere[RECORDS]


def test_nothing_old_sends_anybody_a_letter(
    after_the_term: Looked, replayed: tuple[list[str], Looked]
) -> None:
    _, looked = replayed
    assert looked.letters == after_the_term.letters


def test_nothing_old_moves_money_or_seats(
    rounds: Rounds, replayed: tuple[list[str], Looked]
) -> None:
    for played, before in rounds.ended:
        after: CameTo = read_outcome(played)
        assert (after.seats, after.taken) == (before.seats, before.taken)
        assert (after.awards, after.movements) == (before.awards, before.movements)


def test_the_search_finds_a_word_that_somebody_let_slip(
    rounds: Rounds, replayed: tuple[list[str], Looked]
) -> None:
    """The control: a word in a log, one in a record, and one in a record in base64."""
    stack, spelled = rounds.stack, (_PLANTED, base64.b64encode(_PLANTED.encode()).decode())
    logs, table = stack.client("logs", "root"), stack.client("dynamodb", "root")
    group = logs.describe_log_groups()["logGroups"][0]["logGroupName"]
    logs.create_log_stream(logGroupName=group, logStreamName="planted")
    line = {"timestamp": int(time.time() * 1000), "message": f"Refused: {_PLANTED.upper()}."}
    logs.put_log_events(logGroupName=group, logStreamName="planted", logEvents=[line])
    for text in spelled:
        item = {"pk": {"S": "PLANTED"}, "sk": {"S": "PLANTED"}, "kind": {"S": "planted"}}
        table.put_item(TableName=stack.table, Item=item | {"note": {"S": f"of {text}"}})
        found = words.not_of_a_holder(rounds, words.search(rounds))
        table.delete_item(TableName=stack.table, Key={name: item[name] for name in ("pk", "sk")})
        assert {place for place, known in found.items() if _PLANTED in known} == {"logs", RECORDS}
