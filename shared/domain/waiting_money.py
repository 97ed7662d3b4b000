"""Money that waits for a person: payments that no price explains, and what is asked back."""

from collections.abc import Sequence

from shared.domain.letters import Fact
from shared.domain.payments import Order
from shared.domain.people import clean_name
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.registrations import Learner
from shared.domain.waiting_items import (
    THEY_SAY,
    WaitingItem,
    WaitingKind,
    reasons_of,
    waits_since,
    who,
)

# Whoever decides these looks at the request; all others wait for something to be mended first.
_TO_BE_WEIGHED = ("late", "over", "attended", "by_hand")


def of_payment(order: Order, series: str | None) -> WaitingItem:
    """A payment that no price explains, or a refund that could mean several things.

    `series` sells what it came through, as far as that is known.
    """
    reasons, suggestion = reasons_of(order.review.reasons if order.review else ())
    title = f"A payment of {order.price}" if order.price else "A payment that was never told"
    if order.offer is not None:
        title = f"A refund of {order.refunded}" if order.refunded else title
    buyer = " ".join((clean_name(order.buyer_name), f"<{order.buyer_address}>")).strip()
    evidence = [
        Fact(label="Payment", value=order.order),
        Fact(label="From", value=buyer if order.buyer_address else "Nobody says who paid"),
        Fact(
            label="Came through", value=", ".join(order.offer_ids) or "Nothing that names an offer"
        ),
    ]
    if order.refunded:
        evidence.append(Fact(label="Given back", value=str(order.refunded)))
    return WaitingItem(
        kind=WaitingKind.PAYMENT,
        name=order.order,
        since=waits_since(order.waiting_since),
        title=title,
        reasons=reasons,
        evidence=tuple(evidence),
        act=suggestion or "Say what it bought, or refuse it and give the money back.",
        series=series,
        learner=order.learner,
    )


def of_refund(request: RefundRequest, person: Learner | None, titles: Sequence[str]) -> WaitingItem:
    """Money that is to go back and does not go by itself; `titles` are what it was paid for."""
    if request.state is RefundState.FAILED:
        act = "It came back. Ask them for another way, or give it back by hand."
    elif request.decided.reasons[0].code in _TO_BE_WEIGHED:
        act = "Give it back, in part if that is fair, or decline it with a reason they will read."
    else:
        act = "Give this amount back at the provider, or accept once the reason is gone."
    evidence = [
        Fact(label="Asked by", value=who(person)),
        Fact(label="For", value="; ".join(titles)),
        Fact(label="Payment", value=request.order),
    ]
    if request.note:
        evidence.append(Fact(label=THEY_SAY, value=request.note))
    return WaitingItem(
        kind=WaitingKind.REFUND,
        name=request.request,
        since=waits_since(request.waiting_since),
        title=f"{request.amount} is asked back",
        reasons=reasons_of(request.decided.reasons)[0],
        evidence=tuple(evidence),
        act=act,
        series=request.series,
        learner=request.learner,
    )
