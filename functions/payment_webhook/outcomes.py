"""What became of a payment's fact, told the same way whichever entrance it came through."""

from shared.domain.payments import PaymentFact
from shared.observability import count, logger
from shared.usecases.record_payment import Outcome

_METRICS = {
    Outcome.RECORDED: "PaymentRecorded",
    Outcome.DUPLICATE: "PaymentDuplicate",
    Outcome.ALTERED: "PaymentAltered",
    Outcome.IN_REVIEW: "PaymentInReview",
}


def tell(fact: PaymentFact, outcome: Outcome) -> None:
    """Count it, and log it by its ids."""
    count(_METRICS[outcome])
    logger.info("Payment %s", outcome, extra={"provider_event": fact.event, "order": fact.order})
