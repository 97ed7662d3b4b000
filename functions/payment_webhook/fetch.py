"""Queue → Eventbrite → record. What a notice is about is asked at Eventbrite; only that counts.

A function of its own, because Eventbrite may be slow or want patience for an hour, and no other
provider's payments are to wait for that.
"""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.batches import each_message
from functions.failures import message_failed
from functions.payment_webhook.outcomes import tell
from shared import provider_wiring, wiring
from shared.adapters.payment_providers import read_event
from shared.messages import OrderNotice
from shared.observability import count, logger, metrics
from shared.usecases.take_order import take_order

_PROVIDER = "eventbrite"


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Take in the order of each notice. What fails comes again, for more than an hour."""
    return each_message(event, context, _take)


def _take(record: SQSRecord) -> None:
    try:
        _ask(OrderNotice.model_validate_json(record.body))
    except Exception as error:
        count("PaymentNotRecorded")
        message_failed("An Eventbrite order was not taken in", error, record.message_id)
        raise


def _ask(notice: OrderNotice) -> None:
    live = wiring.takes_real_money()
    taken = take_order(
        notice,
        orders=wiring.eventbrite_orders(),
        read=lambda body: read_event(_PROVIDER, body, live=live).facts,
        keep=partial(provider_wiring.keep, _PROVIDER),
        records=wiring.records(),
        identity_key=wiring.identity_keys()[0],
        live=live,
        now=wiring.now(),
    )
    if not taken:
        count("PaymentEventNotNeeded")
    for fact, outcome in taken:
        tell(fact, outcome)
