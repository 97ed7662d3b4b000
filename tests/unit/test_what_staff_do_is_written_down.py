"""Every act at the desk leaves one record: who, when, why, and what came of it."""

from datetime import UTC, datetime

import pytest

from shared.adapters.memory import MemoryRecords
from shared.domain.audits import Audit, CameOf, day_key
from shared.usecases.audit import audited
from shared.usecases.rule_on_payment import CannotBeRuled

NOW = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)


def _act(records: MemoryRecords, error: Exception | None = None) -> None:
    def do() -> None:
        (begun,) = records.everything(Audit)
        assert begun.came_of is CameOf.BEGUN, "written before it is done"
        if error is not None:
            raise error

    audited(
        "accept-payment",
        ("stripe-pi_1", "general-class-1"),
        do,
        by="robin@idha.example",
        why="She wrote to us.",
        records=records,
        now=NOW,
        refusals=(CannotBeRuled,),
    )


def test_an_act_says_who_did_it_when_why_and_that_it_was_done() -> None:
    records = MemoryRecords()

    _act(records)

    (kept,) = records.find(day_key(NOW), Audit)
    assert kept.by == "robin@idha.example"
    assert kept.at == NOW
    assert kept.why == "She wrote to us."
    assert kept.about == ("stripe-pi_1", "general-class-1")
    assert kept.came_of is CameOf.DONE


@pytest.mark.parametrize(
    ("error", "came_of"),
    [(CannotBeRuled("It has not been paid."), CameOf.REFUSED), (KeyError("x"), CameOf.FAILED)],
)
def test_what_was_not_done_is_written_down_as_well(error: Exception, came_of: CameOf) -> None:
    records = MemoryRecords()

    with pytest.raises(type(error)):
        _act(records, error)

    (kept,) = records.everything(Audit)
    assert kept.came_of is came_of


def test_what_died_half_way_stays_as_begun() -> None:
    records = MemoryRecords()

    with pytest.raises(KeyboardInterrupt):
        _act(records, KeyboardInterrupt())  # type: ignore[arg-type]

    (kept,) = records.everything(Audit)
    assert kept.came_of is CameOf.BEGUN
