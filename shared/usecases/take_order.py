"""Take an order in: ask the provider what it is now, and record what the answer says, ticket by
ticket.

For a provider whose webhook is no proof of anything: a notice is only a reason to ask.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from shared.domain.payments import PaymentFact
from shared.messages import OrderNotice
from shared.ports import ProviderOrders, Records
from shared.usecases.record_payment import LISTED, Outcome, record_payment


def take_order(
    notice: OrderNotice,
    *,
    orders: ProviderOrders,
    read: Callable[[bytes], list[PaymentFact]],
    keep: Callable[[bytes, Sequence[PaymentFact] | None], object],
    records: Records,
    identity_key: bytes,
    live: bool,
    now: datetime,
) -> list[tuple[PaymentFact, Outcome]]:
    """What the order's answer says, each with what became of it; none if nothing was bought yet.

    `read` says which facts an order's answer states; `keep` keeps the answer with them (or None if
    it cannot be read), before anything of it is done, as a delivery is kept. Raises Unavailable if
    the provider did not answer or the records could not be written. What was recorded before that
    stays, and asking again finds it.
    """
    order = notice.order or orders.order_of(notice.event, notice.attendee)
    answer = orders.order(order)
    try:
        facts = read(answer)
    except Exception:
        keep(answer, None)
        raise
    keep(answer, facts)
    return [
        (
            fact,
            record_payment(
                fact, LISTED, records=records, identity_key=identity_key, live=live, now=now
            ),
        )
        for fact in facts
    ]
