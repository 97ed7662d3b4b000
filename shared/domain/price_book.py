"""What a payment bought: found in the catalogue's price book, never in the request."""

from datetime import UTC

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.money import Money
from shared.domain.payments import Order

RULE_VERSION = "price-book-2"


def find_offer(order: Order, catalogue: Catalogue) -> Offer | Decision:
    """What the order bought by the price book, or why that is for staff to say, with a suggestion.

    An offer is found by its provider id (or our offer id) and amount and currency together.
    """
    price = order.price
    if price is None:
        return refused(RULE_VERSION, Reason(code="no_amount", text="The event carries no amount."))
    named = [
        offer
        for offer in catalogue.prices
        if offer.id in order.offer_ids or offer.provider_ids.get(order.provider) in order.offer_ids  # type: ignore[call-overload]
    ]
    fitting = [offer for offer in named if offer.price == price and _valid(offer, order)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        titles = " and of ".join(offer.title for offer in fitting)
        text = f"{price} is the price of {titles}, and the payment names more than one of them."
        return refused(RULE_VERSION, Reason(code="several_offers", text=text))
    if not named:
        return refused(
            RULE_VERSION,
            Reason(
                code="unknown_offer",
                text=f"{price} came through a payment link that {catalogue.series.title} "
                "does not list.",
            ),
            *_suggestions(catalogue, price, []),
        )
    listed = " or ".join(sorted({str(offer.price) for offer in named}))
    expired = [offer for offer in named if offer.price == price]
    reason = (
        Reason(
            code="not_on_sale",
            text=f"{expired[0].title} was not on sale on {order.first_seen_at:%B %-d, %Y}.",
        )
        if expired
        else Reason(
            code="amount_differs",
            text=f"{price} was paid for {named[0].title}, and its price is {listed}.",
        )
    )
    return refused(RULE_VERSION, reason, *_suggestions(catalogue, price, named))


def _valid(offer: Offer, order: Order) -> bool:
    day = order.first_seen_at.astimezone(UTC).date()
    return (offer.valid_from is None or offer.valid_from <= day) and (
        offer.valid_to is None or day <= offer.valid_to
    )


def _suggestions(catalogue: Catalogue, price: Money, named: list[Offer]) -> list[Reason]:
    wanted = {session for offer in named for session in offer.sessions}
    close = [
        offer
        for offer in catalogue.prices
        if offer.price == price and (not wanted or set(offer.sessions) == wanted)
    ]
    if not close:
        return []
    titles = " or ".join(offer.title for offer in close[:3])
    return [Reason(code="suggestion", text=f"{price} is the price of {titles}.")]
