"""Builds what appeals need beside the records."""

from functools import lru_cache
from typing import TYPE_CHECKING

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.adapters.step_functions import StepFunctions


@lru_cache
def appeal_machine() -> "StepFunctions":
    """The state machine that follows appeals."""
    from shared.adapters.step_functions import StepFunctions

    arn = settings.read(settings.AppealMachineSettings).arn
    return StepFunctions(wiring.client("stepfunctions"), arn)
