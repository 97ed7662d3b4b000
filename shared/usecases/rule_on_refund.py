"""What staff say of a request that a person decides: give back all or part of it, or decline it.

Their word is kept on the request with who, when and why. The money then moves by the same path.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.domain.decisions import granted
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus
from shared.domain.refund_requests import (
    FOR_STAFF,
    RULE_VERSION,
    RefundRequest,
    RefundRuling,
    RefundState,
    order_of_request,
)
from shared.domain.registrations import Learner
from shared.domain.scholarship_form import read_amount
from shared.ports import Records
from shared.usecases.ask_refund import commit_with_order
from shared.usecases.commit_again import until_committed
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.rule_on_payment import CannotBeRuled
from shared.usecases.settle_refunds import asked_with, make_request

# After these the provider would only repeat its no: the request is made again under another name.
_NO_FOR_GOOD = ("provider_refused", "key_refused")


def refunds_for_staff(*, records: Records, now: datetime) -> list[dict[str, Any]]:
    """Every request that waits for staff, oldest first: the reason, the evidence, a suggestion."""
    return [_item(found, records) for found in records.waiting(FOR_STAFF, now, RefundRequest)]


def accept_refund(
    request_id: str,
    *,
    by: str,
    why: str,
    sessions: Sequence[str] = (),
    minor: int | None = None,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> RefundRequest:
    """Give back what was asked for, or some of the classes, or less money. Raises CannotBeRuled.

    Classes that are left out are declined with the same words.
    """

    def attempt() -> RefundRequest:
        order, request = _waiting(request_id, records)
        chosen = tuple(one for one in request.sessions if one in sessions) or request.sessions
        strange = [one for one in sessions if one not in request.sessions]
        if strange:
            raise CannotBeRuled(f"'{strange[0]}' is no class of this request.")
        if order.status is not OrderStatus.PAID:
            raise CannotBeRuled(f"Its payment is {order.status}, so nothing can go back now.")
        worth = sum(request.shares[one] for one in chosen)
        most = min(worth, request.amount.minor) if chosen == request.sessions else worth
        if minor is not None and not 0 < minor <= most:
            said = Money(minor=most, currency=request.amount.currency)
            raise CannotBeRuled(f"Between the smallest coin and {said} can go back.")
        amount = Money(minor=most if minor is None else minor, currency=request.amount.currency)
        ruling = RefundRuling(by=by, at=now, why=why, amount=amount)
        rest = tuple(one for one in request.sessions if one not in chosen)
        accepted = _accepted(order, request, chosen, amount, ruling, now)
        changed = list(accepted)
        order = asked_with(order, *accepted)
        letters: list[Letter] = []
        if rest:
            reason = granted(RULE_VERSION, "left_out", "Staff gave back the other classes.")
            left_out = make_request(order, rest, RefundState.DECLINED, reason, now, ruling=ruling)
            order = asked_with(order, left_out)
            changed.append(left_out)
            letters.append(_letter_of_declined(left_out, now))
        owed = not_yet_owed(letters, records)
        commit_with_order(
            order, *changed, *owed, records=records, identity_key=identity_key, now=now
        )
        return changed[-2] if rest else changed[-1]

    return until_committed(attempt)


def read_part(request_id: str, typed: str, *, records: Records) -> int:
    """An amount as people type it, in the smallest coin. Raises CannotBeRuled."""
    _, request = _waiting(request_id, records)
    amount = read_amount(typed, request.amount.currency)
    if amount is None:
        raise CannotBeRuled(f"'{typed}' is no amount of {request.amount.currency}.")
    return amount.minor


def decline_refund(
    request_id: str, *, by: str, why: str, records: Records, identity_key: bytes, now: datetime
) -> RefundRequest:
    """Give nothing back; the person is told why by letter. Raises CannotBeRuled."""

    def attempt() -> RefundRequest:
        order, request = _waiting(request_id, records)
        if request.cause == "cancelled":
            raise CannotBeRuled("The institute cancelled this class, so its share goes back.")
        declined = request.at(RefundState.DECLINED, ruling=RefundRuling(by=by, at=now, why=why))
        owed = not_yet_owed([_letter_of_declined(declined, now)], records)
        commit_with_order(
            asked_with(order, declined),
            declined,
            *owed,
            records=records,
            identity_key=identity_key,
            now=now,
        )
        return declined

    return until_committed(attempt)


def _accepted(
    order: Order,
    request: RefundRequest,
    chosen: tuple[str, ...],
    amount: Money,
    ruling: RefundRuling,
    now: datetime,
) -> list[RefundRequest]:
    """The request as it is handed over; under another name if the provider would say no again."""
    refused = request.decided.reasons[0].code in _NO_FOR_GOOD
    how = {"sessions": chosen, "amount": amount, "ruling": ruling}
    if request.state is not RefundState.FAILED and not refused:
        return [request.at(RefundState.ASKED, **how)]
    old = request.at(RefundState.WITHDRAWN, ruling=ruling)
    more = {"amount": amount, "ruling": ruling, "cause": request.cause, "note": request.note}
    return [old, make_request(order, chosen, RefundState.ASKED, request.decided, now, **more)]


def _waiting(request_id: str, records: Records) -> tuple[Order, RefundRequest]:
    key = RefundRequest.key_of(order_of_request(request_id), request_id)
    request = records.get(key, RefundRequest)
    order = records.get(Order.key_of(request.order), Order) if request else None
    if order is None or request is None or request.waiting != FOR_STAFF:
        raise CannotBeRuled(f"No request '{request_id}' waits for a decision (any more).")
    return order, request


def _letter_of_declined(request: RefundRequest, now: datetime) -> Letter:
    return owe(
        LetterKind.REFUND_DECLINED,
        request.request,
        now,
        learner=request.learner,
        series=request.series,
        order=request.order,
    )


def _item(request: RefundRequest, records: Records) -> dict[str, Any]:
    person = records.get(Learner.key_of(request.learner or ""), Learner)
    came_back = request.state is RefundState.FAILED
    by_hand = request.decided.reasons[0].code not in ("late", "over", "attended", "by_hand")
    suggestion = (
        "It came back. Ask them for another way, or give it back by hand."
        if came_back
        else "Give back this amount at the provider, or accept once the reason is gone."
        if by_hand
        else "Accept it, in part if that is fair, or decline it with a reason they will read."
    )
    return {
        "request": request.request,
        "order": request.order,
        "since": request.asked_at.isoformat(),
        "person": f"{person.name} <{person.address}>" if person else None,
        "classes": list(request.sessions),
        "amount": str(request.amount),
        "note": request.note or None,
        "reasons": [reason.text for reason in request.decided.reasons],
        "suggestion": suggestion,
    }
