"""Nobody pays twice: classes bought one by one that cost as much as all; seats paid for twice."""

from collections.abc import Iterable

from shared.domain.awards import is_award
from shared.domain.catalogue import Catalogue, Offer
from shared.domain.money import Money
from shared.domain.payments import Order


def bundle_reached(
    orders: Iterable[Order], tier: str, catalogue: Catalogue
) -> tuple[Offer, Money] | None:
    """The bundle that somebody's single classes have reached, and what they paid for those.

    None while the singles cost less than the bundle, or once they have bought all of its classes.
    """
    singles = [
        order
        for order in orders
        if order.series == catalogue.series.id
        and order.tier == tier
        and len(order.sessions) == 1
        and order.paid is not None
        and order.status is not None
        and order.status.holds_money
    ]
    everything = {session.id for session in catalogue.sessions}
    held = {session for order in singles for session in order.sessions}
    if len(everything) < 2 or held >= everything:
        return None
    for offer in catalogue.prices:
        if offer.tier != tier or set(offer.sessions) != everything:
            continue
        paid = sum(o.paid.minor for o in singles if o.paid and o.paid.currency == offer.currency)
        if paid >= offer.amount > 0:
            return offer, Money(minor=paid, currency=offer.currency)
    return None


def paid_twice(one: Order, other: Order) -> Money | None:
    """What of two orders pays for the same seats, in favour of who paid: the dearer share of each.

    None if they share no class, or are in different currencies.
    """
    if is_award(one.offer or "") or is_award(other.offer or ""):
        return None  # what an award gives back of a payment is told with the award
    both = (set(one.sessions) - set(one.given_back)) & (set(other.sessions) - set(other.given_back))
    if not both or one.paid is None or other.paid is None:
        return None
    if one.paid.currency != other.paid.currency:
        return None
    dearer = max(one.paid.minor // len(one.sessions), other.paid.minor // len(other.sessions))
    return Money(minor=dearer * len(both), currency=one.paid.currency) if dearer else None
