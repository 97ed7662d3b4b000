"""Once an hour: whatever an event should have done and did not."""

from dataclasses import asdict
from typing import Any

from shared import wiring
from shared.observability import count, logger, metrics
from shared.usecases.sweep import sweep as run_sweep


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
    found = asdict(swept)
    for name, value in found.items():
        count("Swept" + name.title().replace("_", ""), value)
    logger.info("Swept", extra=found)
    return found
