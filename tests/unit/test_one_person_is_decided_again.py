"""Something about a person changes after the close: they are decided once more, and nobody else."""

from datetime import timedelta

import pytest

from shared.domain.attendance import PresenceRow
from shared.domain.certificates import CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.letters import LetterKind
from shared.domain.payments import PaymentFact
from shared.domain.record import Record
from shared.domain.registrations import Registration
from shared.failures import Conflict
from shared.usecases.close_session import check_due
from shared.usecases.decide_again import decide_again
from shared.usecases.decide_credit import decide_credit
from tests.catalogues import classes_catalogue, unit_catalogue
from tests.world import World, paid, who

CLASSES = classes_catalogue()
CLASS_1 = CLASSES.sessions[0]
UNIT = unit_catalogue()
ANA = who("ana@example.org")
STAYED = ("ana@example.org", CLASS_1.starts_at, CLASS_1.ends_at)
BO_STAYED = ("bo@example.org", CLASS_1.starts_at, CLASS_1.ends_at)


def _pending(number: int = 7) -> PaymentFact:
    fact = paid(CLASSES, f"{CLASS_1.id}-general", "ana@example.org", number)
    return fact.model_copy(update={"event": f"evt_pending_{number}", "says": "pending"})


@pytest.fixture
def closed(world: World) -> World:
    """Class 1 is closed. Bo paid in time; Ana attended while her payment was on its way."""
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "bo@example.org")
    world.deliver(_pending())
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [STAYED, BO_STAYED])
    world.close(CLASS_1.id)
    return world


def _verdict(world: World, learner: str = ANA) -> Verdict:
    found = world.records.get(Verdict.key_of(CLASS_1.id, learner), Verdict)
    assert found is not None
    return found


def _ana_pays(world: World) -> None:
    world.deliver(paid(CLASSES, f"{CLASS_1.id}-general", "ana@example.org", 7))


def test_who_attended_while_the_payment_was_pending_gets_the_certificate_when_it_arrives(
    closed: World,
) -> None:
    assert [reason.code for reason in _verdict(closed).earned.reasons] == ["payment_pending"]
    closed.wait(days=2)

    _ana_pays(closed)
    (name,) = closed.decide_wanted()

    assert name.startswith(f"again-{CLASS_1.id}-")
    assert _verdict(closed).earned.granted
    assert {c.learner: c.status for c in closed.certificates()} == {
        ANA: CertificateStatus.ISSUED,
        who("bo@example.org"): CertificateStatus.ISSUED,
    }
    assert [letter.learner for letter in closed.letters(LetterKind.CERTIFICATE)].count(ANA) == 1


def test_that_it_is_to_be_decided_stands_in_the_same_commit_as_the_payment(closed: World) -> None:
    commits: list[set[str]] = []
    commit = closed.records.commit

    def noted(*records: Record, **seats: object) -> None:
        commits.append({record.kind for record in records})
        commit(*records, **seats)  # type: ignore[arg-type]

    closed.records.commit = noted  # type: ignore[method-assign]
    _ana_pays(closed)

    (together,) = [kinds for kinds in commits if "registration" in kinds]
    assert "decision_wanted" in together


def test_the_payment_delivered_twice_decides_once(closed: World) -> None:
    for _ in range(2):
        _ana_pays(closed)

    assert len(closed.decide_wanted()) == 1
    assert closed.decide_wanted() == []
    assert len(closed.records.everything(DecisionWanted)) == 1


def test_who_is_not_of_them_is_not_touched(closed: World) -> None:
    before = _verdict(closed, who("bo@example.org"))
    closed.wait(days=1)
    _ana_pays(closed)
    closed.decide_wanted()

    assert _verdict(closed, who("bo@example.org")) == before


def test_a_payment_that_comes_in_time_wants_no_second_decision(world: World) -> None:
    world.publish(CLASSES)
    world.deliver(_pending())
    _ana_pays(world)

    assert world.records.everything(DecisionWanted) == []


def test_before_the_end_nothing_is_started_because_the_close_sees_the_change_by_itself(
    world: World,
) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")

    assert decide_again(
        CLASS_1.id, ANA, cause="particulars/1", records=world.records, now=world.now
    )
    assert world.decide_wanted() == []

    (wanted,) = world.records.everything(DecisionWanted)
    assert wanted.waiting is None


def test_without_a_report_nobody_is_given_or_refused_anything(world: World) -> None:
    world.publish(CLASSES)
    world.pay(CLASSES, f"{CLASS_1.id}-general", "ana@example.org")
    world.now = CLASS_1.ends_at + timedelta(hours=1)
    decide_again(CLASS_1.id, ANA, cause="particulars/1", records=world.records, now=world.now)

    assert len(world.decide_wanted()) == 1

    assert world.records.everything(Verdict) == []
    (wanted,) = world.records.everything(DecisionWanted)
    assert wanted.waiting is None


def test_a_payment_between_the_end_and_the_report_is_read_by_the_close(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(minutes=5)
    _ana_pays(world)

    assert world.decide_wanted() == []
    (wanted,) = world.records.everything(DecisionWanted)
    assert wanted.waiting is None

    world.report(CLASS_1.id, [STAYED])
    world.close(CLASS_1.id)
    assert _verdict(world).earned.granted


def test_a_payment_while_the_close_may_be_past_the_person_waits_for_its_end(world: World) -> None:
    world.publish(CLASSES)
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [STAYED])
    _ana_pays(world)
    assert world.decide_wanted() == []
    world.wait(hours=1)
    assert world.sweep().decisions == 0, "the close is still to come"

    world.close(CLASS_1.id)

    assert world.sweep().decisions == 1


def test_the_same_cause_is_decided_once_and_another_cause_again(closed: World) -> None:
    def again(cause: str) -> bool:
        return decide_again(CLASS_1.id, ANA, cause=cause, records=closed.records, now=closed.now)

    assert [again("particulars/1"), again("particulars/1"), again("particulars/2")] == [
        True, False, True,
    ]  # fmt: skip
    assert len(closed.decide_wanted()) == 2


def test_there_is_nothing_to_decide_in_a_session_that_nobody_knows(world: World) -> None:
    assert not decide_again("no-such", ANA, cause="x", records=world.records, now=world.now)
    assert world.records.everything(DecisionWanted) == []


def test_a_decision_is_due_however_often_the_session_was_closed(closed: World) -> None:
    def due(of_one: bool) -> bool:
        return check_due(
            CLASS_1.id,
            CLASS_1.ends_at,
            None,
            of_one=of_one,
            records=closed.records,
            now=closed.now,
        ).due

    assert (due(of_one=True), due(of_one=False)) == (True, False)


def test_what_the_stream_missed_the_sweep_starts_and_a_run_that_failed_gets_another(
    closed: World,
) -> None:
    _ana_pays(closed)
    closed.wait(hours=1)
    assert closed.sweep().decisions == 1
    assert closed.sweep().decisions == 0, "its run is under way"
    closed.wait(hours=1)
    assert closed.sweep().decisions == 1, "it still waits, so the run has failed"

    (*_, name) = closed.close_machine.started
    closed.run_decision(name)
    closed.wait(hours=1)

    assert closed.sweep().decisions == 0
    assert _verdict(closed).earned.granted


def test_the_business_key_names_nobody_and_fits(closed: World) -> None:
    _ana_pays(closed)
    (wanted,) = closed.records.everything(DecisionWanted)

    name = wanted.execution("20250623T18")

    assert ANA not in name
    assert len(name) <= 80
    assert len(wanted.model_copy(update={"session": "s" * 40}).execution("20250623T18")) <= 80


def test_what_changes_while_the_whole_class_is_decided_is_not_overwritten(closed: World) -> None:
    """The close has read Ana as not paid; she pays and is decided; then the close saves."""
    closed.report(CLASS_1.id, [STAYED, BO_STAYED], content=b"corrected")
    commit, meanwhile = closed.records.commit, [_ana_pays, World.decide_wanted]

    def late(*records: Record, **seats: object) -> None:
        if any(record.kind == "verdict" for record in records):
            while meanwhile:
                meanwhile.pop(0)(closed)
        commit(*records, **seats)  # type: ignore[arg-type]

    closed.records.commit = late  # type: ignore[method-assign]
    decide_credit(CLASS_1.id, records=closed.records, documents=closed.documents, now=closed.now)

    assert meanwhile == []
    assert _verdict(closed).earned.granted


def test_a_verdict_read_before_a_change_cannot_be_saved_after_it(closed: World) -> None:
    """The negative control of the test above: without the version, the older verdict would win."""
    stale = _verdict(closed)
    _ana_pays(closed)
    closed.decide_wanted()

    with pytest.raises(Conflict):
        closed.records.commit(stale)
    closed.records.put_all([stale])
    assert not _verdict(closed).earned.granted


def test_the_last_late_payment_completes_a_unit(world: World) -> None:
    world.publish(UNIT)
    offer = UNIT.prices[0].id
    fact = paid(UNIT, offer, "ana@example.org", 7)
    world.deliver(fact.model_copy(update={"event": "evt_p", "says": "pending"}))
    for part in UNIT.sessions:
        world.now = part.ends_at + timedelta(minutes=15)
        world.report(part.id, [("ana@example.org", part.starts_at, part.ends_at)])
        world.close(part.id)
    assert world.certificates() == []

    world.deliver(fact)
    assert len(world.decide_wanted()) == len(UNIT.sessions)

    (certificate,) = world.certificates()
    assert (certificate.scope, certificate.learner) == (UNIT.series.id, ANA)
    assert len(world.letters(LetterKind.CERTIFICATE)) == 1


def test_deciding_again_on_the_same_facts_writes_nothing(closed: World) -> None:
    versions = {v.learner: v.version for v in closed.records.everything(Verdict)}
    closed.wait(hours=3)
    decide_credit(CLASS_1.id, records=closed.records, documents=closed.documents, now=closed.now)

    assert {v.learner: v.version for v in closed.records.everything(Verdict)} == versions


def test_a_class_of_a_hundred_is_decided_in_batches_and_nobody_is_left_out(world: World) -> None:
    world.publish(CLASSES)
    people = [f"p{number}@example.org" for number in range(100)]
    for number, address in enumerate(people):
        world.deliver(paid(CLASSES, f"{CLASS_1.id}-general", address, 100 + number))
    world.now = CLASS_1.ends_at + timedelta(minutes=15)
    world.report(CLASS_1.id, [(address, *STAYED[1:]) for address in people[::2]])
    world.close(CLASS_1.id)

    assert len(world.records.everything(Registration)) == 100
    assert len(world.records.everything(PresenceRow)) == 50
    granted = [v.earned.granted for v in world.records.everything(Verdict)]
    assert (len(granted), sum(granted)) == (100, 50)
    assert len(world.certificates()) == 50
