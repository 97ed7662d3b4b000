"""Payments while answers get lost and services refuse: each is recorded, each letter goes once.

TENDING_DELIVERIES says how many (500; a night's run takes 10000), TENDING_SEED in which order.
"""

import json
from collections import Counter
from collections.abc import Callable

import pytest

from devstack.redrive import Redriven
from devstack.stack import Stack
from shared.domain.letters import WAITING, LetterKind, LetterStatus
from shared.domain.registrations import RegistrationStatus
from tests.e2e.ledger import name_of
from tests.faults.deliveries import MARKED
from tests.faults.drill import BY_HTTP, DELIVERIES, LOCKED_OUT_BUYERS, Drill, run_drill

pytestmark = pytest.mark.timeout(300 + DELIVERIES)


@pytest.fixture(scope="module")
def drill(
    stack: Stack, tmp_path_factory: pytest.TempPathFactory, say: Callable[[str], None]
) -> Drill:
    """What the drill found."""
    return run_drill(stack, tmp_path_factory.mktemp("faults"), say)


def test_the_faults_did_strike(drill: Drill) -> None:
    struck: Counter[str] = Counter()
    for fault, count in drill.struck.items():
        service, _, action = fault.split(" ")
        struck[f"{service} {action}"] += count
    for fault in (
        "dynamodb response:abort",
        "dynamodb error:TransactionCanceledException",
        "dynamodb error:ProvisionedThroughputExceededException",
        "dynamodb error:AccessDeniedException",
        "ses response:abort",
        "ses reset",
        "ses error:Throttling",
    ):
        assert struck[fault], fault


def test_the_provider_is_told_that_its_event_is_safe(drill: Drill) -> None:
    assert drill.answers == {200: BY_HTTP}


def test_every_event_is_recorded_or_waits_for_staff(drill: Drill) -> None:
    delivered = {_id(event) for buyer in drill.everybody for event in buyer.events}
    locked_out = {
        _id(event) for buyer in drill.everybody if buyer.number >= MARKED for event in buyer.events
    }

    assert (drill.recorded & delivered) | drill.dead.keys() == delivered
    assert not drill.recorded & locked_out
    assert locked_out <= drill.dead.keys()


def _id(event: str) -> str:
    return str(json.loads(event)["id"])


def test_a_redrive_records_what_waited_and_a_second_one_finds_nothing(drill: Drill) -> None:
    assert drill.first.payment_events == drill.dead.total() >= LOCKED_OUT_BUYERS
    assert drill.orders.keys() == {buyer.order for buyer in drill.everybody}
    assert drill.second == Redriven(payment_events=0, calls=0, letters=0, workflows=0)


def test_each_buyer_has_one_seat_in_the_state_that_their_payment_is_in(drill: Drill) -> None:
    by_order = {order: r for r in drill.registrations for order in r.grants}

    assert len(drill.registrations) == len(drill.everybody) == len(by_order)
    for buyer in drill.everybody:
        wanted = RegistrationStatus.ACTIVE if buyer.ends == "paid" else RegistrationStatus.ENDED
        assert drill.orders[buyer.order].status == buyer.ends
        assert by_order[buyer.order].status is wanted


def test_each_buyer_is_owed_the_letter_about_how_their_payment_ended(drill: Drill) -> None:
    for buyer in drill.everybody:
        kind = LetterKind.CONFIRMATION if buyer.ends == "paid" else LetterKind.REFUNDED
        letter = drill.letters[f"{kind}#{buyer.order}"]
        given_up = letter.letter is LetterKind.REFUNDED and name_of(letter) in drill.uncertain
        assert letter.status is LetterStatus.SENT or given_up


def test_every_letter_goes_once_and_none_is_left_lying(drill: Drill) -> None:
    for name, letter in drill.letters.items():
        if name not in drill.uncertain:
            assert letter.status in (LetterStatus.SENT, LetterStatus.WITHDRAWN)
            assert drill.arrived[name] == (letter.status is LetterStatus.SENT), name
    assert not any(letter.waiting == WAITING for letter in drill.letters.values())


def test_a_letter_without_an_answer_goes_once_more_or_is_for_staff_to_settle(drill: Drill) -> None:
    assert LetterStatus.UNKNOWN in drill.uncertain.values()
    for name in drill.uncertain:
        letter = drill.letters[name]
        if letter.status is LetterStatus.SENT:
            assert 1 <= drill.arrived[name] <= 2, name
            assert letter.attempts <= 2
        elif letter.status is LetterStatus.FAILED:
            assert drill.arrived[name] <= 1, name
            assert letter.letter.to_staff or f"staff_letter#{name}" in drill.letters
        else:
            assert letter.status is LetterStatus.WITHDRAWN
            assert drill.arrived[name] <= 1, name
