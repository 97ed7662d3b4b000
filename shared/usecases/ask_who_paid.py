"""Ask who paid: some providers tell of a payment and not whose it is, and say so when asked.

What is answered goes through the same door as an event, so asking again changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.payments import REVIEW, Order, PaymentFact
from shared.failures import Unavailable
from shared.ports import ProviderPayments, Records
from shared.usecases.record_payment import LISTED, record_payment

# Each is a question or two to a provider: the others have the next hour.
_AT_ONCE = 25


@dataclass(frozen=True)
class Asking:
    """Whom to ask, by provider, and what is done with an answer.

    `read` says which facts the answer of that provider states, `keep` keeps it as it came.
    """

    payments: Mapping[str, ProviderPayments]
    read: Callable[[str, bytes], list[PaymentFact]]
    keep: Callable[[str, bytes, Sequence[PaymentFact]], object]
    records: Records
    identity_key: bytes
    live: bool
    now: datetime


def ask_who_paid(order_id: str, asking: Asking) -> bool:
    """Ask of one payment that waits because nobody knows whose it is; True if it waits no longer.

    Raises Unavailable if its provider does not answer, and whatever `read` does.
    """
    order = asking.records.get(Order.key_of(order_id), Order)
    if order is None or not _is_nobodys(order) or order.provider not in asking.payments:
        return False
    answer = asking.payments[order.provider].about(order_id)
    if answer is None:
        return False
    facts = [fact for fact in asking.read(order.provider, answer) if fact.buyer_address]
    if facts:
        asking.keep(order.provider, answer, facts)
    for fact in facts:
        record_payment(
            fact,
            LISTED,
            records=asking.records,
            identity_key=asking.identity_key,
            live=asking.live,
            now=asking.now,
        )
    settled = asking.records.get(Order.key_of(order_id), Order)
    return settled is not None and settled.waiting != REVIEW


def ask_of_all_that_wait(asking: Asking) -> tuple[int, list[tuple[str, Exception]]]:
    """Ask of each such payment: how many wait no longer, and of which what went wrong.

    The sweep does this before it asks staff. Raises Unavailable at the first silence.
    """
    waiting = asking.records.waiting(REVIEW, asking.now, Order)
    able = [one for one in waiting if _is_nobodys(one) and one.provider in asking.payments]
    found, failures = 0, []
    for order in able[:_AT_ONCE]:
        try:
            found += ask_who_paid(order.order, asking)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others count
            failures.append((order.order, error))
    return found, failures


def _is_nobodys(order: Order) -> bool:
    return order.waiting == REVIEW and order.price is not None and not order.buyer_address
