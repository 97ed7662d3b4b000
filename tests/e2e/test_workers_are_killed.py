"""Workers die in the middle of a close and its letters: in the end all is as if none had.

One session is closed undisturbed, another while workers are killed, with the same people in both.
TENDING_DEATHS says how many workers of each function (1). What the dead left is made good as staff
would: failed workflows are run again, the report is put in the bucket once more for
certificates that were set aside, and the sweep comes for letters.
"""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from devstack import desk
from devstack.functions import invoke
from devstack.publishing import publish
from devstack.redrive import redrive
from devstack.season.attendance import zoom_report
from devstack.season.people import Person, Stay
from devstack.season.play import Season
from devstack.stack import Stack
from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.letters import WAITING, Letter, LetterKind, LetterStatus
from tests.e2e.killing import workers_die
from tests.e2e.ledger import (
    arrivals,
    everything,
    letters_of,
    name_of,
    wait_until,
    wait_until_still,
    waiting_in,
)
from tests.e2e.stacks import Kept
from tests.e2e.sweeping import sweep_later
from tests.e2e.workflow_settings import workflows_wait
from tests.faults.deliveries import series_file
from tests.payments import checkout

pytestmark = [
    pytest.mark.skipif(
        not Path("/proc/self/stat").exists(), reason="Whose workers are at work is read from /proc"
    ),
    pytest.mark.timeout(1500),
]
# Seconds. Whoever dies is followed by a worker that starts cold, on a machine that may be busy.
_PATIENCE = 240
_SERIES = "deaths-2025"
_FIRST_ORDER = 700_000
_MORTAL = (
    *("SessionCloseCheckDue", "SessionCloseDecideCredit", "SessionCloseReserveCertificate"),
    *("SessionClosePrintCertificate", "SessionClosePostCertificate", "SessionCloseReport"),
    "LetterOutboxSend",
)
# Of each function; a night's run may kill more.
_DEATHS_EACH = int(os.environ.get("TENDING_DEATHS", "1"))
# Fifteen people, twice: two earn a certificate, eight left too early for theirs, three did not
# come, two have a rate without one. Few certificates: each is printed by a worker of its own.
_STAYED: tuple[tuple[str, Stay], ...] = (
    ("general", "stayed"),
    ("supporter", "two devices"),
    *(("general", "left after half"), ("supporter", "left after half")) * 4,
    *(("general", "never came"),) * 3,
    *(("reduced", "stayed"),) * 2,
)
_CERTIFICATES, _LETTERS = 4, 20


@dataclass(frozen=True)
class Closed:
    """What a close came to, by person; and of which letters nobody knew whether they had gone."""

    verdicts: dict[str, tuple[Any, ...]]
    certificates: dict[str, CertificateStatus]
    letters: dict[tuple[str, LetterKind], Letter]
    arrived: "Counter[str]"
    uncertain: frozenset[str]


@dataclass(frozen=True)
class Comparison:
    """Both closes, how many workers of each function died, and what had to be made good."""

    disturbed: Closed
    undisturbed: Closed
    killed: "Counter[str]"
    made_good: "Counter[str]"


@pytest.fixture(scope="module")
def both(
    stack: Stack,
    kept: Kept,
    tmp_path_factory: pytest.TempPathFactory,
    say: Callable[[str], None],
) -> Comparison:
    """Two sessions with the same thirty people, closed one after the other."""
    # Three weeks lie between the sessions, so two of them are over.
    first_end = desk.now() - timedelta(days=22)
    publish(stack, series_file(_SERIES, tmp_path_factory.mktemp("deaths")), first_end)
    catalogue = Season(stack).catalogue(_SERIES)
    people = _thirty_people()
    _pay(stack, catalogue, people)
    first, second = catalogue.sessions[:2]

    _report(stack, first, people)
    _start_close(stack, first)
    wait_until(lambda: desk.session_state(stack, first.id).closed, "the first close", _PATIENCE)
    wait_until_still(stack, _PATIENCE)

    _report(stack, second, people)
    with (
        workers_die(kept.scratch(), _MORTAL, each=_DEATHS_EACH) as killed,
        workflows_wait(stack, 0.25),
    ):
        _start_close(stack, second)
        wait_until_still(stack, _PATIENCE)
    uncertain, made_good = _make_good(stack, second, people)
    say(f"workers killed during a close: {dict(killed)}; made good: {dict(made_good)}")
    return Comparison(_closed(stack, second, uncertain), _closed(stack, first), killed, made_good)


def _thirty_people() -> list[Person]:
    return [
        Person(
            f"Robin Number {number}",
            f"robin-{number}@deaths.example",
            f"{_SERIES}-{rate}-bundle",
            stay=stay,
        )
        for number, (rate, stay) in enumerate(_STAYED * 2)
    ]


def _pay(stack: Stack, catalogue: Catalogue, people: list[Person]) -> None:
    for number, person in enumerate(people, start=_FIRST_ORDER):
        body = checkout(catalogue, person.offer, person.name, number, address=person.address)
        stack.client("sqs").send_message(
            QueueUrl=stack.outputs["PaymentEventsQueueUrl"], MessageBody=body
        )
    wait_until(lambda: not waiting_in(stack, "PaymentEventsQueueUrl"), "the payments", _PATIENCE)
    wait_until_still(stack, _PATIENCE)


def _report(stack: Stack, session: Session, people: list[Person]) -> None:
    """Put the report in the bucket and wait until it is the one that counts."""
    before = desk.session_state(stack, session.id).uploaded
    key = f"attendance/{session.id}/participants.csv"
    stack.client("s3", "staff").put_object(
        Bucket=stack.uploads, Key=key, Body=zoom_report(session, people)
    )
    wait_until(
        lambda: desk.session_state(stack, session.id).uploaded != before, "the report", _PATIENCE
    )


def _start_close(stack: Stack, session: Session) -> None:
    asked = {"session": session.id, "ends_at": session.ends_at.isoformat()}
    invoke(stack, "SessionCloseStart", asked)


def _make_good(
    stack: Stack, session: Session, people: list[Person]
) -> tuple[frozenset[str], "Counter[str]"]:
    """Do what staff and the sweep would; which letters were uncertain, and what had to be done."""
    done: Counter[str] = Counter()
    for attempt in range(6):
        done["workflows run again"] += (again := redrive(stack).workflows)
        wait_until_still(stack, _PATIENCE)
        parked = [one for one in _certificates(stack, session) if one.status == "parked"]
        if parked:
            # The same facts in other bytes: only a report that has changed is decided on again.
            _report(stack, session, people[attempt + 1 :] + people[: attempt + 1])
            done["certificates printed after all"] += len(parked)
            wait_until_still(stack, _PATIENCE)
        if not again and not parked:
            break
    uncertain: set[str] = set()
    for _ in range(4):
        letters = letters_of(stack, _SERIES)
        waiting = {name_of(letter) for letter in letters if letter.waiting == WAITING}
        if not waiting:
            break
        uncertain |= waiting
        sweep_later(stack)
        wait_until_still(stack, _PATIENCE)
    done["letters swept"] = len(uncertain)
    return frozenset(uncertain), done


def _certificates(stack: Stack, session: Session) -> list[Certificate]:
    return [one for one in everything(stack, Certificate) if one.scope == session.id]


def _closed(stack: Stack, session: Session, uncertain: frozenset[str] = frozenset()) -> Closed:
    about = session.id
    return Closed(
        verdicts={
            verdict.learner: (
                verdict.minutes,
                verdict.attended.granted,
                verdict.earned.granted,
                [reason.code for reason in verdict.earned.reasons],
            )
            for verdict in everything(stack, Verdict)
            if verdict.scope == about
        },
        certificates={one.learner: one.status for one in _certificates(stack, session)},
        letters={
            (letter.learner or "", letter.letter): letter
            for letter in letters_of(stack, _SERIES)
            if letter.about.startswith(f"{about}/") and not letter.letter.to_staff
        },
        arrived=arrivals(stack),
        uncertain=uncertain,
    )


def test_workers_of_several_steps_did_die(both: Comparison) -> None:
    assert both.killed.total() >= 4
    assert len(both.killed) >= 3


def test_everybody_gets_the_same_verdict_as_without_deaths(both: Comparison) -> None:
    assert len(both.undisturbed.verdicts) == 30
    assert both.disturbed.verdicts == both.undisturbed.verdicts


def test_everybody_gets_the_same_certificate_as_without_deaths(both: Comparison) -> None:
    assert len(both.undisturbed.certificates) == _CERTIFICATES
    assert set(both.undisturbed.certificates.values()) == {CertificateStatus.ISSUED}
    assert both.disturbed.certificates == both.undisturbed.certificates


def test_everybody_is_owed_the_same_letters_as_without_deaths(both: Comparison) -> None:
    assert len(both.undisturbed.letters) == _LETTERS
    assert both.disturbed.letters.keys() == both.undisturbed.letters.keys()


def test_every_letter_arrives_once_but_for_those_whose_sender_died(both: Comparison) -> None:
    for closed in (both.disturbed, both.undisturbed):
        for letter in closed.letters.values():
            if name_of(letter) not in closed.uncertain:
                assert letter.status is LetterStatus.SENT
                assert closed.arrived[name_of(letter)] == 1, name_of(letter)


def test_a_letter_whose_sender_died_goes_once_more_or_staff_hear_of_it(both: Comparison) -> None:
    for letter in both.disturbed.letters.values():
        if name_of(letter) in both.disturbed.uncertain:
            arrived = both.disturbed.arrived[name_of(letter)]
            if letter.status is LetterStatus.SENT:
                assert 1 <= arrived <= 2
            else:
                assert letter.status is LetterStatus.FAILED
                assert arrived <= 1
                assert both.disturbed.arrived[f"staff_letter#{name_of(letter)}"] == 1
