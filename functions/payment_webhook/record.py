"""Queue → record. One poison message costs one message: the others of its batch are done."""

import time
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_message
from functions.failures import message_failed
from functions.payment_webhook.outcomes import tell
from shared import provider_wiring, wiring
from shared.adapters.payment_providers import read_event
from shared.adapters.stripe_events import UnreadableEvent
from shared.failures import Unavailable
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.ask_who_paid import ask_who_paid
from shared.usecases.record_payment import Outcome, record_payment

_ASK_AGAIN_AFTER = 60.0
_quiet: dict[str, float] = {}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Record each message; those that failed come again, and after five times wait for staff."""
    return each_message(event, context, _record)


def _record(record: SQSRecord) -> None:
    try:
        _take(record)
    except Exception as error:
        # The queue brings it again, and at last to the dead-letter queue; the reason is said here.
        count("PaymentNotRecorded")
        message_failed("A payment event was not recorded", error, record.message_id)
        raise


def _take(message: SQSRecord) -> None:
    live = wiring.takes_real_money()
    provider, body = _provider(message), message.body.encode()
    try:
        event = read_event(provider, body, live=live)
    except Exception:
        # What cannot be read today is kept too, for the code that can.
        provider_wiring.keep(provider, body, None)
        raise
    # Before anything is done with it.
    provider_wiring.keep(provider, body, event.facts)
    if not event.facts:
        count("PaymentEventNotNeeded")
    for fact in event.facts:
        outcome = record_payment(
            fact,
            event.sha256,
            records=wiring.records(),
            identity_key=wiring.identity_keys()[0],
            live=live,
            now=wiring.now(),
        )
        tell(fact, outcome)
        if outcome is Outcome.IN_REVIEW:
            _ask_who_paid(fact.order)


def _ask_who_paid(order: str) -> None:
    """What was recorded stays recorded, whether its provider answers now or to the sweep."""
    if time.monotonic() < _quiet.get("until", 0.0):
        return
    try:
        found = ask_who_paid(order, wiring.asking())
    except Unavailable as error:
        log_failure("A payment provider did not say who paid", error)
        count("PayerNotTold")
        # The rest of the batch must not wait for the same silence, each in its turn.
        _quiet["until"] = time.monotonic() + _ASK_AGAIN_AFTER
        return
    except UnreadableEvent as error:
        log_failure("What a payment provider said of who paid could not be read", error)
        count("PayerNotTold")
        return
    if found:
        count("PayerTold")


def _provider(message: SQSRecord) -> str:
    """Who sent it. From Stripe's bus on EventBridge it comes without a word about that."""
    said = message.raw_event.get("messageAttributes", {}).get("provider")
    return str(said["stringValue"]) if said else "stripe"
