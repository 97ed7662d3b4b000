"""Which classes a refund gives back, and what is posted to the scholarship fund of what is left.

A class's share of a bundle is exact, or it is for staff to say. Nobody loses a class by a guess.
"""

from collections.abc import Iterable
from typing import NamedTuple

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.money import Money
from shared.domain.payment_parts import Refund
from shared.domain.payments import Order, OrderStatus
from shared.domain.refund_requests import AskedBack, RefundRequest, RefundState

RULE_VERSION = "refunds-2"


class GivenBack(NamedTuple):
    """The classes that were given back, and why staff must say of the rest, if they must."""

    classes: tuple[str, ...]
    unclear: Decision | None = None


def shares(order: Order) -> dict[str, int]:
    """What each class of the order is worth, in minor units; together exactly what was paid.

    All the same. What does not divide goes to the first classes of the order, a coin each, so the
    same class is worth the same whenever and with whichever others it is given back.
    """
    return split(order.paid.minor if order.paid else 0, order.sessions)


def split(minor: int, sessions: tuple[str, ...]) -> dict[str, int]:
    """An amount in as many equal parts as there are classes, to the coin."""
    each, rest = divmod(minor, len(sessions) or 1)
    return {session: each + (place < rest) for place, session in enumerate(sessions)}


def classes_given_back(order: Order, catalogue: Catalogue) -> GivenBack:
    """The classes of the order that were given back, as far as that is clear.

    All of them if all the money went back. Else those that our own requests asked back, when they
    are carried out; of the rest of the money, as staff said; else the classes that refunds name;
    else those of requests that are under way, if it is their money; else those that were still
    ahead when the first refund came, if the amount is exactly theirs.
    """
    if order.voided:
        return GivenBack(order.sessions)
    back, paid = order.refunded, order.paid
    if back is None or back.minor == 0 or paid is None:
        return GivenBack(order.given_up)
    if order.fully_refunded:
        return GivenBack(order.sessions)
    sure, ours = set(order.given_up), 0
    for part, refund in _counted(order).items():
        if request := request_of(order, part):
            sure |= set(order.asked_back[request].sessions)
            ours += refund.amount.minor if refund.amount else 0
    rest = back.minor - ours
    if order.refund_is_for is not None:
        return _in_order(order, sure | set(order.refund_is_for))
    if rest <= 0:
        return _in_order(order, sure)
    explained = _explained(order, catalogue, rest, sure)
    if isinstance(explained, Decision):
        return GivenBack(_in_order(order, sure).classes, explained)
    return _in_order(order, sure | explained)


def request_of(order: Order, part: str) -> str:
    """Which request of ours the refund of that id carries out; "" if it was none of ours."""
    named = order.refunds[part].request
    if named in order.asked_back:
        return named
    ids = {asked.refund: request for request, asked in order.asked_back.items()}
    return ids.get(part, "")


def heard_of(order: Order) -> int:
    """What went back, or is going, by other hands than ours, in minor units, as far as we know."""
    going = [one for one in order.refunds.values() if one.amount and not one.failed]
    ours = sum(one.amount.minor for one in going if one.amount and one.request)
    others = sum(one.amount.minor for one in going if one.amount and not one.request)
    in_all = order.refunded_in_all.minor if order.refunded_in_all else 0
    return max(others, in_all - ours)


def settled(request: RefundRequest, order: Order) -> RefundRequest:
    """The request in the state that the facts of its order have brought it to."""
    if request.state in (RefundState.DECLINED, RefundState.WITHDRAWN):
        return request
    parts = [part for part in order.refunds if request_of(order, part) == request.request]
    named = {"refund": request.refund or next(iter(sorted(parts)), "")}
    if set(request.sessions) <= set(order.given_back):
        return request.at(RefundState.DONE, **named)
    if any(order.refunds[part].failed for part in parts) or request.state is RefundState.DONE:
        return request.at(RefundState.FAILED, **named)
    if order.status is OrderStatus.REVOKED and request.state is not RefundState.SENT:
        return request.at(RefundState.WITHDRAWN)
    if parts and request.state in (RefundState.ASKED, RefundState.MOVING):
        return request.at(RefundState.SENT, **named)
    return request


def surplus(order: Order, offer: Offer, catalogue: Catalogue) -> int:
    """What of the order belongs to the scholarship fund of its series, in minor units.

    The rate beyond the one that an award covers, for the classes that were not given back, while
    the institute has the money.
    """
    policy = catalogue.policies.scholarship
    if policy is None or order.status is None or not order.status.holds_money:
        return 0
    covered = catalogue.offer(policy.covers).tier
    usual = [
        other
        for other in catalogue.prices
        if other.tier == covered
        and set(other.sessions) == set(offer.sessions)
        and other.currency == offer.currency
    ]
    if not usual or offer.tier == covered:
        return 0
    above = max(0, offer.amount - max(other.amount for other in usual))
    kept = len(order.sessions) - len(order.given_back)
    return above * kept // max(1, len(order.sessions))


def returned(order: Order, award: Money) -> int:
    """What of its award the order has returned to the fund, in minor units: each class's share.

    An award whose seats are all given back returns whole, as an award and not by its classes.
    """
    if order.status is None or not order.status.holds_money:
        return 0
    parts = split(award.minor, order.sessions)
    return sum(parts[session] for session in order.given_back)


def _explained(
    order: Order, catalogue: Catalogue, rest: int, sure: set[str]
) -> set[str] | Decision:
    """The classes that so much money is for, beyond those that we are sure of."""
    worth = shares(order)
    by_hand = [one for part, one in _counted(order).items() if not request_of(order, part)]
    named = {name for one in by_hand for name in one.sessions if name in worth} - sure
    if named:
        if sum(worth[name] for name in named) == rest:
            return named
        return _unclear(order, f"and the refund names {_number(len(named))}")
    waiting = _under_way(order)
    fitting = [one for one in waiting if one.amount.minor == rest]
    if len(fitting) == 1 or sum(one.amount.minor for one in waiting) == rest:
        meant = fitting if len(fitting) == 1 else waiting
        return {session for one in meant for session in one.sessions}
    if rest in _sums(one.amount.minor for one in waiting):
        return set()  # the refunds themselves will say which
    ahead = {session for session in _ahead(order, catalogue) if session not in sure}
    if ahead and sum(worth[session] for session in ahead) == rest:
        return ahead
    return _unclear(order, "and nothing says for which classes")


def _under_way(order: Order) -> list[AskedBack]:
    """What is asked back, and no refund has carried out or failed to."""
    tried = {
        request_of(order, part) for part, one in order.refunds.items() if one.counts or one.failed
    }
    return [
        asked
        for request, asked in order.asked_back.items()
        if not asked.ended and asked.amount.minor and request not in tried
    ]


def _counted(order: Order) -> dict[str, Refund]:
    return {part: one for part, one in order.refunds.items() if one.counts}


def _sums(amounts: Iterable[int]) -> set[int]:
    """Every amount that some of these make together, or none of them."""
    sums = {0}
    for amount in amounts:
        sums |= {one + amount for one in sums}
    return sums


def _in_order(order: Order, chosen: set[str]) -> GivenBack:
    return GivenBack(tuple(session for session in order.sessions if session in chosen))


def _ahead(order: Order, catalogue: Catalogue) -> tuple[str, ...]:
    starts = {session.id: session.starts_at for session in catalogue.sessions}
    at = order.refunded_at
    return tuple(s for s in order.sessions if at is not None and s in starts and starts[s] > at)


def _number(classes: int) -> str:
    return f"{classes} class" if classes == 1 else f"{classes} classes"


def _unclear(order: Order, why: str) -> Decision:
    assert order.paid is not None  # noqa: S101 - money went back
    each = sorted(set(shares(order).values()), reverse=True)
    said = " or ".join(str(order.paid.model_copy(update={"minor": minor})) for minor in each)
    text = f"{order.refunded} of {order.paid} went back, {why}. A class's share is {said}."
    return refused(
        RULE_VERSION,
        Reason(code="refund_unclear", text=text),
        Reason(code="suggestion", text="Say which classes it is for; until then all are kept."),
    )
