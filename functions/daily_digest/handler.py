"""Every hour: is it morning at an institute for which something waits? Then its staff are told."""

from typing import Any

from shared import wiring
from shared.observability import count, logger, metrics
from shared.usecases.owe_digests import owe_digests


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def owe(event: dict[str, Any], context: object) -> dict[str, int]:
    """Owe the letters that are due; how many these are."""
    owed = owe_digests(
        records=wiring.records(), applications=wiring.applications(), now=wiring.now()
    )
    count("DigestOwed", owed)
    return {"owed": owed}
