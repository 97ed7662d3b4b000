"""Table stream → SES: every letter that is owed, once, no faster than the account may send."""

import uuid
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_change, place_of
from shared import wiring
from shared.domain.letters import Letter, LetterKind, LetterStatus, name_of
from shared.failures import NotSent
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.send_letter import send_letter

if TYPE_CHECKING:
    from shared.usecases.gather_letter_facts import Desk


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def send(event: dict[str, Any], context: LambdaContext) -> Any:
    """Send each letter of the batch. What cannot go now stays owed, and the sweep comes for it."""
    return each_change(event, context, _send)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def send_scholarship_letters(event: dict[str, Any], context: LambdaContext) -> Any:
    """The same for letters that are owed among the applications for scholarships."""
    return each_change(event, context, _send_scholarship_letter)


def _send(record: DynamoDBRecord) -> None:
    image = (record.dynamodb.new_image if record.dynamodb else None) or {}
    name = name_of(str(image["about"]), int(image.get("again", 0)))
    letter = wiring.records().get(Letter.key_of(LetterKind(image["letter"]), name), Letter)
    if letter is not None:
        _send_from(wiring.desk(), letter)


def _send_scholarship_letter(record: DynamoDBRecord) -> None:
    # That stream names places only. It tells of every change, so most find nothing owed any more.
    letter = wiring.applications().get(place_of(record), Letter)
    if letter is not None and letter.status is LetterStatus.PENDING:
        _send_from(wiring.scholarship_desk(), letter)


def _send_from(desk: "Desk", letter: Letter) -> None:
    kind, about = letter.letter, letter.name
    try:
        status = send_letter(letter, uuid.uuid4().hex, desk, wiring.now())
    except NotSent as error:
        # Repeating the whole batch would only press on a service that asked for patience.
        logger.warning("Letter put back in line: %s", error, extra={"letter_kind": kind})
        count("LetterPutBack")
        return
    except Exception as error:
        count("LetterNotSent")
        log_failure("A letter was not sent", error)
        raise
    count(f"Letter{status.capitalize()}")
    logger.info("Letter %s", status, extra={"letter_kind": kind, "about": about})
