"""What can be done about a payment in review, and about money that is asked back."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.desk_today import Blank, Choice, Deed, Offered
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest, RefundState, order_of_request
from shared.domain.sessions import WAITING, Series, SessionState
from shared.domain.waiting_items import WaitingItem
from shared.ports import Records
from shared.usecases.find_purchase import series_of

# A payment may be for a series whose first class is far away.
_AHEAD = timedelta(days=730)


def about_payment(item: WaitingItem, records: Records, now: datetime) -> tuple[Offered, ...]:
    """Accept it as something, refuse it, or say which classes a refund is for."""
    order = records.get(Order.key_of(item.name), Order)
    if order is None:
        return ()
    if order.offer is not None:
        return (Offered(suggested=_classes(order, records)),)
    likeliest, *others = _deeds(order, records, now)
    return (Offered(suggested=likeliest, others=tuple(others)),)


def _deeds(order: Order, records: Records, now: datetime) -> Iterator[Deed]:
    ids = {"order": order.order}
    series = series_of(order, records)
    catalogues = [series.catalogue] if series else _published(records, now)
    offers = [offer for one in catalogues for offer in one.prices]
    fitting = [offer for offer in offers if offer.price == order.price]
    nobody = not order.buyer_address or bool(order.unclear)
    whose = (Blank(name="address", label="Whose seat is it? Their address"),) if nobody else ()
    if len(fitting) == 1:
        yield Deed(
            what="accept-payment",
            label=f"Accept it as {fitting[0].title}",
            ids={**ids, "offer": fitting[0].id},
            blanks=whose,
        )
    if len(offers) > len(fitting) or len(fitting) > 1:
        yield Deed(
            what="accept-payment",
            label="Accept it as this",
            ids=ids,
            blanks=(_bought(fitting, offers), *whose),
        )
    yield Deed(
        what="refuse-payment", label="Refuse it; I give the money back at the provider", ids=ids
    )


def _bought(fitting: list[Offer], offers: list[Offer]) -> Blank:
    """Every line of the price book, those of that amount first."""
    in_order = [*fitting, *(one for one in offers if one not in fitting)]
    choices = (Choice(value=one.id, label=f"{one.title}, {one.price}") for one in in_order)
    return Blank(name="offer", label="What was bought?", choices=tuple(choices))


def _classes(order: Order, records: Records) -> Deed:
    """A refund in part is of some classes; staff say of which."""
    series = records.get(Series.key_of(order.series or ""), Series)
    titles = {one.id: one.title for one in series.catalogue.sessions} if series else {}
    choices = (Choice(value=one, label=titles.get(one, one)) for one in order.sessions)
    blank = Blank(
        name="sessions",
        label="Which classes were given back? None, if it was a courtesy",
        choices=tuple(choices),
        several=True,
        required=False,
    )
    return Deed(
        what="name-refunded-classes",
        label="The refund is for these",
        ids={"order": order.order},
        blanks=(blank,),
    )


def _published(records: Records, now: datetime) -> list[Catalogue]:
    """Every series that has a class ahead."""
    ahead = records.waiting(WAITING, now + _AHEAD, SessionState)
    found = (records.get(Series.key_of(one), Series) for one in sorted({s.series for s in ahead}))
    return [series.catalogue for series in found if series is not None]


def about_refund(item: WaitingItem, records: Records) -> tuple[Offered, ...]:
    """Give it back, a part of it, or nothing."""
    key = RefundRequest.key_of(order_of_request(item.name), item.name)
    request = records.get(key, RefundRequest)
    if request is None:
        return ()
    ids = {"request": request.request}
    again = request.state is RefundState.FAILED
    accept = Deed(
        what="accept-refund",
        label=f"{'Try again to give' if again else 'Give'} {request.amount} back",
        ids=ids,
    )
    part = Deed(
        what="accept-refund",
        label="Give this much back",
        ids=ids,
        blanks=(
            Blank(
                name="amount",
                label="How much?",
                hint=f"In {request.amount.currency}, such as 40.00; {request.amount} at most.",
            ),
        ),
    )
    decline = Deed(
        what="decline-refund",
        label="Give nothing back",
        ids=ids,
        why="Why? They read this",
        told=True,
    )
    others = (part,) if request.cause == "cancelled" else (part, decline)
    return (Offered(suggested=accept, others=others),)
