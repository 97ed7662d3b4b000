"""A notice is due → who holds a seat → letters: the steps of workflow.asl.json."""

from typing import Any

from shared import wiring
from shared.messages import NoticeDue, ToBeTold
from shared.observability import count, logger, metrics
from shared.usecases import tell_of_notice


@logger.inject_lambda_context(clear_state=True)
def start(event: dict[str, Any], context: object) -> dict[str, bool]:
    """The alarm rang: start telling, under the notice's name."""
    due = NoticeDue.model_validate(event)
    started = tell_of_notice.start_notice(
        due.session, due.notice, workflows=wiring.notice_machine()
    )
    return {"started": started}


@logger.inject_lambda_context(clear_state=True)
def load_who_to_tell(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Load who holds a seat at this moment, if the plan is still the one the notice is about."""
    due = NoticeDue.model_validate(event)
    return tell_of_notice.load_who_to_tell(
        due.session,
        due.notice,
        records=wiring.records(),
        documents=wiring.documents(),
        now=wiring.now(),
    )


@logger.inject_lambda_context(clear_state=True)
def owe_letter(event: dict[str, Any], context: object) -> dict[str, bool]:
    """Owe one person the letter."""
    one = ToBeTold.model_validate(event)
    owed = tell_of_notice.owe_notice_letter(
        one.session, one.notice, one.learner, records=wiring.records(), now=wiring.now()
    )
    return {"owed": owed}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def remember_told(event: dict[str, Any], context: object) -> None:
    """Remember that everybody was told."""
    due = NoticeDue.model_validate(event)
    tell_of_notice.remember_told(
        due.session, due.notice, records=wiring.records(), now=wiring.now()
    )
    count("NoticeTold")
