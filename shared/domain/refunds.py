"""Which classes a refund gives back, and what is posted to the scholarship fund of what is left.

A class's share of a bundle is exact, or it is for staff to say. Nobody loses a class by a guess.
"""

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.payments import Order

RULE_VERSION = "refunds-1"


def classes_given_back(order: Order, catalogue: Catalogue) -> tuple[str, ...] | Decision:
    """The classes of the order that were given back, or why staff must say which.

    All of them if all the money went back. Else as staff said; else those that the refunds name;
    else those that were still ahead when the first refund came, if the amount is exactly theirs.
    """
    back, paid = order.refunded, order.paid
    if back is None or back.minor == 0 or paid is None:
        return ()
    if order.fully_refunded:
        return order.sessions
    if order.refund_is_for is not None:
        return tuple(session for session in order.sessions if session in order.refund_is_for)
    count = len(order.sessions)
    share, rest = divmod(paid.minor, count)
    if rest or share == 0 or back.minor % share:
        each = (
            f" A class's share is {paid.model_copy(update={'minor': share})}." if not rest else ""
        )
        return _unclear(f"{back} of {paid} went back, which is no number of whole classes.{each}")
    wanted = back.minor // share
    named = _named(order)
    if named:
        if len(named) == wanted:
            return named
        return _unclear(
            f"{back} is the share of {wanted} classes, and the refund names {len(named)}."
        )
    ahead = _ahead(order, catalogue)
    if len(ahead) == wanted:
        return ahead
    return _unclear(
        f"{back} is the share of {wanted} of {count} classes, and nothing says of which."
    )


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


def _named(order: Order) -> tuple[str, ...]:
    names = {name for one in order.refunds.values() if one.counts for name in one.sessions}
    return tuple(session for session in order.sessions if session in names)


def _ahead(order: Order, catalogue: Catalogue) -> tuple[str, ...]:
    starts = {session.id: session.starts_at for session in catalogue.sessions}
    at = order.refunded_at
    return tuple(s for s in order.sessions if at is not None and s in starts and starts[s] > at)


def _unclear(text: str) -> Decision:
    return refused(
        RULE_VERSION,
        Reason(code="refund_unclear", text=text),
        Reason(code="suggestion", text="Say which classes it is for; until then all are kept."),
    )
