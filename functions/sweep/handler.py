"""Once an hour: whatever an event should have done and did not."""

from dataclasses import asdict
from typing import Any

from shared import wiring
from shared.observability import count, logger, metrics
from shared.usecases.sweep import sweep as run_sweep
from shared.usecases.sweep_scholarships import sweep_scholarships as run_scholarship_sweep


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def sweep(event: dict[str, Any], context: object) -> dict[str, int]:
    """Sweep, and count what was found, so that an alarm can ask why."""
    swept = run_sweep(
        records=wiring.records(),
        uploads=wiring.uploads(),
        close_machine=wiring.close_machine(),
        recording_machine=wiring.recording_machine(),
        identity_key=wiring.identity_keys()[0],
        live=wiring.takes_real_money(),
        now=wiring.now(),
    )
    return _counted(asdict(swept))


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def sweep_scholarships(event: dict[str, Any], context: object) -> dict[str, int]:
    """Sweep what belongs to scholarship rounds, and count what was found."""
    swept = run_scholarship_sweep(
        records=wiring.records(),
        applications=wiring.applications(),
        workflows=wiring.round_machine(),
        resume=wiring.resume,
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    return _counted(asdict(swept))


def _counted(found: dict[str, int]) -> dict[str, int]:
    for name, value in found.items():
        count("Swept" + name.title().replace("_", ""), value)
    logger.info("Swept", extra=found)
    return found
