"""What a person gets back for each class of an order, before they ask for it.

By the policy that stood when they bought it, and the class's own clock. After the last moment a
person decides: the answer is never a silent no.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Literal

from shared.domain.catalogue import Catalogue, Session
from shared.domain.decisions import Reason
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus
from shared.domain.refund_requests import AskedBack
from shared.domain.refunds import request_of, shares
from shared.domain.value import Value
from shared.domain.zones import days_before, say_day, say_moment

RULE_VERSION = "refund-quote-1"
# Money goes back by itself; a person decides; there is only a place to give up; nothing can be.
Way = Literal["now", "staff", "give_up", "none"]
_CAN_ASK = "You can still ask: a person reads it and answers you."


class RefundLine(Value):
    """One class of the order: what it brings back, in which way, until when, and why."""

    session: str
    way: Way
    share: Money
    closes_at: datetime | None = None
    reason: Reason

    @property
    def can_be_asked(self) -> bool:
        """Whether the person can ask for it on their page."""
        return self.way != "none"


class RefundQuote(Value):
    """Every class of one order, in its order."""

    order: str
    lines: tuple[RefundLine, ...]
    rule_version: str = RULE_VERSION

    def line(self, session: str) -> RefundLine | None:
        """The line of that class; None if the order has no such class."""
        return next((line for line in self.lines if line.session == session), None)

    def seal_of(self, sessions: Collection[str]) -> str:
        """A short text that is another as soon as anything of what these classes bring back is.

        Whoever asks hands back the one they saw, so nobody asks for other than what they saw.
        """
        chosen = [line for line in self.lines if line.session in sessions]
        said = "\n".join(f"{line.session} {line.way} {line.share}" for line in chosen)
        return hashlib.sha256(f"{self.order}\n{said}".encode()).hexdigest()[:16]


def quote_refund(
    order: Order,
    at_purchase: Catalogue,
    today: Catalogue,
    now: datetime,
    *,
    attended: Collection[str] = (),
) -> RefundQuote:
    """What each class of the order brings back at `now`.

    `at_purchase` is the catalogue by which it was bought; its refund policy holds. `today` says
    when a class is: one that was moved can be given back until the later of its two last moments.
    `attended` are the classes that the person took part in.
    """
    worth = shares(order)
    currency = order.paid.currency if order.paid else "USD"
    lines = []
    for session_id in order.sessions:
        session = _find(session_id, today)
        way, closes_at, reason = _way(order, session_id, at_purchase, session, attended, now)
        lines.append(
            RefundLine(
                session=session_id,
                way=way,
                share=Money(minor=worth[session_id], currency=currency),
                closes_at=closes_at,
                reason=reason,
            )
        )
    return RefundQuote(order=order.order, lines=tuple(lines))


def last_moment(session: Session, at_purchase: Catalogue) -> datetime | None:
    """Until when (inclusive, UTC) a class can be given back; None if a person decides each time."""
    days = at_purchase.policies.refund.days_before
    if days is None:
        return None
    dates = [session, _find(session.id, at_purchase)]
    return max(days_before(one.starts_at, days, one.zone) for one in dates if one is not None)


def _way(
    order: Order,
    session_id: str,
    at_purchase: Catalogue,
    session: Session | None,
    attended: Collection[str],
    now: datetime,
) -> tuple[Way, datetime | None, Reason]:
    """How that class can be given back at `now`, until when, and why so."""
    settled = _settled(order, session_id, session)
    if settled is not None or session is None:
        return "none", None, settled or _because("gone", "This class is no longer listed.")
    day = say_day(session.starts_at, session.zone)
    if shares(order)[session_id] == 0:
        if now >= session.ends_at:
            return "none", None, _because("over", f"This class was on {day}.")
        text = "Nothing was paid for this place. You can give it up, and it goes to somebody else."
        return "give_up", None, _because("free", text)
    asked = _asked_by_hand(order, session_id)
    if asked is not None:
        return "staff", None, asked
    if session_id in attended:
        return "staff", None, _because("attended", f"You took part on {day}. {_CAN_ASK}")
    if now >= session.ends_at:
        return "staff", None, _because("over", f"This class was on {day}. {_CAN_ASK}")
    until = last_moment(session, at_purchase)
    if until is None:
        text = f"For this series, a person decides each time. {_CAN_ASK}"
        return "staff", None, _because("by_hand", text)
    said = say_moment(until, session.zone)
    if now > until:
        text = f"This class could be given back until {said}. {_CAN_ASK}"
        return "staff", until, _because("late", text)
    return "now", until, _because("in_time", f"You can give this class back until {said}.")


def _settled(order: Order, session_id: str, session: Session | None) -> Reason | None:
    """Why nothing can be asked for that class, if nothing can."""
    if session_id in order.given_back or order.status is OrderStatus.REFUNDED:
        return _because("given_back", "You have given this class back.")
    if session is not None and session.cancelled:
        return _because("cancelled", "This class is cancelled, and what you paid for it goes back.")
    if any(session_id in asked.sessions for asked in _open(order)):
        return _because("under_way", "We have your request for this class.")
    match order.status:
        case OrderStatus.PAID:
            return None
        case OrderStatus.HELD:
            text = (
                "The bank is looking into this payment. Until it has decided, nothing can be given "
                "back here, so that it does not go back twice."
            )
            return _because("disputed", text)
        case OrderStatus.REVOKED:
            return _because("revoked", "The bank has taken this payment back.")
        case _:
            return _because("not_paid", "This payment has not arrived, so nothing can go back.")


def _asked_by_hand(order: Order, session_id: str) -> Reason | None:
    """Why a person must look at this order first, if one must."""
    if order.review is not None:
        text = "Part of this payment went back, and a person is looking at what it was for."
        return _because("unclear", f"{text} {_CAN_ASK}")
    if any(
        one.failed and session_id in order.asked_back[request].sessions
        for part, one in order.refunds.items()
        if (request := request_of(order, part))
    ):
        text = "We tried to return your money for this class, and it did not reach you."
        return _because("failed_before", f"{text} {_CAN_ASK}")
    return None


def _open(order: Order) -> list[AskedBack]:
    """What is asked back and has not come to an end."""
    failed = {request_of(order, part) for part, one in order.refunds.items() if one.failed}
    return [
        asked
        for request, asked in order.asked_back.items()
        if not asked.ended and request not in failed
    ]


def _find(session_id: str, catalogue: Catalogue) -> Session | None:
    return next((one for one in catalogue.sessions if one.id == session_id), None)


def _because(code: str, text: str) -> Reason:
    return Reason(code=code, text=text)
