"""Somebody asks for a decision to be looked at again → staff: the steps of workflow.asl.json."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import one_change, place_of
from shared import appeal_wiring, wiring
from shared.domain.appeals import Appeal
from shared.messages import AppealAsked, AppealWaits
from shared.observability import count, log_failure, logger, metrics
from shared.usecases import follow_appeal


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def start(event: dict[str, Any], context: LambdaContext) -> Any:
    """An appeal was asked for: follow it. What fails is tried again, then swept."""
    return one_change(event, context, _start)


def _start(record: DynamoDBRecord) -> None:
    appeal = wiring.records().get(place_of(record), Appeal)
    if appeal is None:
        return
    try:
        started = follow_appeal.start_appeal(
            appeal.id, records=wiring.records(), workflows=appeal_wiring.appeal_machine()
        )
    except Exception as error:
        log_failure("An appeal that was asked for is not followed", error)
        raise
    count("AppealFollowed", int(started))


@logger.inject_lambda_context(clear_state=True)
def check(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Is it still open, and how long is to be waited before staff are reminded?"""
    asked = AppealAsked.model_validate(event)
    stands = follow_appeal.where_it_stands(asked.appeal, records=wiring.records(), now=wiring.now())
    return {
        "open": stands.open,
        "reminding": stands.reminding,
        "wait_seconds": stands.wait_seconds,
    }


@logger.inject_lambda_context(clear_state=True)
def wait_for_answer(event: dict[str, Any], context: object) -> None:
    """Remember the token under which the machine waits."""
    waits = AppealWaits.model_validate(event)
    follow_appeal.wait_for_answer(
        waits.appeal, waits.task_token, records=wiring.records(), resume=wiring.resume
    )


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def remind(event: dict[str, Any], context: object) -> None:
    """The answer is overdue: remind staff. The appeal stays open."""
    asked = AppealAsked.model_validate(event)
    reminded = follow_appeal.remind_staff(asked.appeal, records=wiring.records(), now=wiring.now())
    count("AppealOverdue", int(reminded))
