"""Hand a request to its payment provider: once by its name, whoever comes and however often.

What the provider answers is kept; that the money went is only believed when the provider says so
by the way all facts of payments come. Until then nobody loses a place.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.decisions import Decision
from shared.domain.payments import Order, OrderStatus
from shared.domain.refund_requests import (
    MOVING,
    RefundRequest,
    RefundState,
    Repayment,
    no_refund,
)
from shared.domain.refunds import heard_of, settled
from shared.failures import Unavailable
from shared.ports import Records, Refunds
from shared.usecases.ask_refund import commit_with_order
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed, owe_once
from shared.usecases.settle_refunds import asked_with, letter_of_case

# Longer than any worker lives: whoever was asking the provider has stopped.
LEASE = timedelta(minutes=15)
# Younger than this, the request itself is still at work.
PATIENCE = timedelta(minutes=10)
# How long a request may be on its way before staff hear of it.
_HANDED_OVER_WITHIN = timedelta(days=2)
_ANSWERED_WITHIN = timedelta(days=14)
_NO_KEY = "There is no key with which money could be given back at {provider}."
_NO_API = "Money cannot be given back at {provider} from here."


class Moved(StrEnum):
    """What became of handing a request over."""

    SENT = "sent"
    FOR_STAFF = "for_staff"
    LATER = "later"
    NOTHING = "nothing"


def move_money(
    order_id: str,
    request_id: str,
    *,
    refunds: Mapping[str, Refunds],
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> Moved:
    """Ask the provider to give the money of a request back, if it is to be asked now.

    `refunds` are the providers that can be asked. Raises Unavailable if the records were.
    """
    claimed = until_committed(lambda: _claim(order_id, request_id, records, identity_key, now))
    if claimed is None:
        return Moved.NOTHING
    if isinstance(claimed, Decision):
        return _to_staff(order_id, request_id, claimed, records, now)
    request, repayment = claimed
    provider = refunds.get(request.provider)
    try:
        answer = provider.give_back(repayment) if provider else None
    except Unavailable:
        return Moved.LATER  # it may have gone: the same request is made again, under its name
    if answer is None:
        words = _NO_KEY if provider else _NO_API
        why = no_refund(words.format(provider=request.provider.title()), "by_hand")
        return _to_staff(order_id, request_id, why, records, now)
    if isinstance(answer, Decision):
        return _to_staff(order_id, request_id, answer, records, now)
    until_committed(lambda: _sent(order_id, request_id, answer, records, identity_key, now))
    return Moved.SENT


def _claim(
    order_id: str, request_id: str, records: Records, identity_key: bytes, now: datetime
) -> tuple[RefundRequest, Repayment] | Decision | None:
    """The request as ours to hand over, why a person must, or None if there is nothing to do."""
    order = records.get(Order.key_of(order_id), Order)
    request = records.get(RefundRequest.key_of(order_id, request_id), RefundRequest)
    if order is None or request is None or request.state is not RefundState.ASKED:
        return None
    by_facts = settled(request, order)
    if by_facts != request:
        commit_with_order(order, by_facts, records=records, identity_key=identity_key, now=now)
        return None
    obstacle = _obstacle(request, order)
    if obstacle is not None:
        return obstacle
    claimed = request.at(RefundState.MOVING, attempts=request.attempts + 1, tried_at=now)
    # The order is saved with it, unchanged: nothing may have happened to it since it was read.
    records.commit(claimed, order)
    repayment = Repayment(
        request=request.request,
        payment=request.payment,
        amount=request.amount,
        sessions=request.sessions,
        heard_of=heard_of(order),
    )
    return claimed, repayment


def _obstacle(request: RefundRequest, order: Order) -> Decision | None:
    """Why this money must not move by itself."""
    if order.status is not OrderStatus.PAID:
        text = "The bank is looking into this payment; it may take the money back itself."
        return no_refund(text, "disputed")
    if set(request.sessions) & set(order.given_back):
        text = "One of the classes was given back meanwhile. What is left to give back?"
        return no_refund(text, "partly_given_back")
    left = (order.paid.minor if order.paid else 0) - (order.refunded.minor if order.refunded else 0)
    if request.amount.minor > left:
        return no_refund("It is more than is left of the payment.", "too_much")
    return None


def _to_staff(
    order_id: str, request_id: str, why: Decision, records: Records, now: datetime
) -> Moved:
    """Let a person do it, with the exact amount and the reason."""

    def attempt() -> Moved:
        request = records.get(RefundRequest.key_of(order_id, request_id), RefundRequest)
        if request is None or request.state not in (RefundState.ASKED, RefundState.MOVING):
            return Moved.NOTHING
        case = request.at(RefundState.STAFF, decided=why)
        records.commit(case, *not_yet_owed([letter_of_case(case, now)], records))
        return Moved.FOR_STAFF

    return until_committed(attempt)


def _sent(
    order_id: str,
    request_id: str,
    refund: str,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> None:
    """Keep the provider's id of the refund, and go by whatever was said of it meanwhile."""
    order = records.get(Order.key_of(order_id), Order)
    request = records.get(RefundRequest.key_of(order_id, request_id), RefundRequest)
    if order is None or request is None:
        return
    on_its_way = request.state in (RefundState.ASKED, RefundState.MOVING)
    state = RefundState.SENT if on_its_way else request.state
    sent = request.at(state, refund=refund)
    commit_with_order(
        asked_with(order, sent), sent, records=records, identity_key=identity_key, now=now
    )


def sweep_refunds(*, records: Records, now: datetime) -> int:
    """Put requests that nobody handed over back in line; how many.

    Staff hear of one that has been on its way for too long. It stays on its way.
    """
    again = 0
    for found in records.waiting(MOVING, now - PATIENCE, RefundRequest):

        def attempt(key: RefundRequest = found) -> bool:
            request = records.get(key.key(), RefundRequest)
            if request is None or not _was_left(request, now):
                return False
            records.commit(request.at(RefundState.ASKED))  # its change wakes whoever hands it over
            return True

        again += until_committed(attempt)
        silent_for = now - found.asked_at
        sent = found.state is RefundState.SENT
        if silent_for > (_ANSWERED_WITHIN if sent else _HANDED_OVER_WITHIN):
            said = "has not said what became of it" if sent else "could not be asked"
            why = f"{found.provider.title()} {said}. Please look there whether it went."
            owe_once(letter_of_case(found, now, why), records)
    return again


def _was_left(request: RefundRequest, now: datetime) -> bool:
    if request.state is RefundState.ASKED:
        return now - request.asked_at > PATIENCE
    tried_at = request.tried_at or request.asked_at
    return request.state is RefundState.MOVING and now - tried_at > LEASE
