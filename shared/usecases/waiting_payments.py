"""Payments in review as the desk shows them: the reasons, what is known, the likeliest answer."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.domain.catalogue import Catalogue
from shared.domain.desk_today import Blank, Choice, Deed, Waits
from shared.domain.payments import REVIEW, Order
from shared.domain.people import clean_name
from shared.domain.sessions import WAITING, Series, SessionState
from shared.ports import Records
from shared.usecases.find_purchase import series_of

# A payment may be for a series whose first class is far away.
_AHEAD = timedelta(days=730)


def waiting_payments(*, records: Records, now: datetime) -> list[Waits]:
    """Every payment that waits for staff, oldest first."""
    return [_shown(order, records, now) for order in records.waiting(REVIEW, now, Order)]


def _shown(order: Order, records: Records, now: datetime) -> Waits:
    reasons = order.review.reasons if order.review else ()
    suggestion = tuple(one.text for one in reasons if one.code == "suggestion")
    name, address = clean_name(order.buyer_name), order.buyer_address
    evidence = [
        ("Paid", str(order.price) if order.price else "not known"),
        ("By", f"{name} <{address}>" if address else name or "nobody is named"),
        ("Given back", str(order.refunded) if order.refunded else ""),
        ("Came through", ", ".join(order.offer_ids)),
        ("Payment", order.order),
        ("Likely", " ".join(suggestion)),
    ]
    deeds = list(_deeds(order, records, now))
    return Waits(
        word=REVIEW,
        since=datetime.fromisoformat(order.waiting_since or now.isoformat()),
        title="A payment that nobody can place" if order.offer is None else "A refund in part",
        reasons=tuple(one.text for one in reasons if one.code != "suggestion"),
        evidence=tuple((label, said) for label, said in evidence if said),
        suggested=deeds[0],
        others=tuple(deeds[1:]),
        for_whom="rule on money",
    )


def _deeds(order: Order, records: Records, now: datetime) -> Iterator[Deed]:
    ids = {"order": order.order}
    if order.offer is not None:
        yield _classes(order, records)
        return
    series = series_of(order, records)
    catalogues = [series.catalogue] if series else _published(records, now)
    offers = [offer for one in catalogues for offer in one.prices]
    fitting = [offer for offer in offers if offer.price == order.price]
    nobody = not order.buyer_address or bool(order.unclear)
    address = (Blank(name="address", label="Whose seat is it? Their address"),) if nobody else ()
    if len(fitting) == 1:
        label = f"Accept it as {fitting[0].title}"
        yield Deed(
            what="accept-payment",
            label=label,
            ids={**ids, "offer": fitting[0].id},
            blanks=address,
        )
    choices = tuple(
        Choice(value=offer.id, label=f"{offer.title}, {offer.price}")
        for offer in [*fitting, *(one for one in offers if one not in fitting)]
    )
    blank = Blank(name="offer", label="What was bought?", choices=choices)
    if len(offers) > len(fitting) or len(fitting) != 1:
        yield Deed(
            what="accept-payment",
            label="Accept it as this",
            ids=ids,
            blanks=(blank, *address),
        )
    yield Deed(
        what="refuse-payment",
        label="Refuse it, and give the money back at the provider",
        ids=ids,
    )


def _classes(order: Order, records: Records) -> Deed:
    """A refund in part is of some classes; staff say of which."""
    series = records.get(Series.key_of(order.series or ""), Series)
    return Deed(
        what="name-refunded-classes",
        label="These were given back",
        ids={"order": order.order},
        blanks=(
            Blank(
                name="sessions",
                label="Which classes is the refund for? None, if it is a courtesy",
                choices=tuple(
                    Choice(
                        value=session, label=_title(session, series.catalogue if series else None)
                    )
                    for session in order.sessions
                ),
                several=True,
                required=False,
            ),
        ),
    )


def _title(session: str, catalogue: Catalogue | None) -> str:
    return catalogue.session(session).title if catalogue else session


def _published(records: Records, now: datetime) -> list[Catalogue]:
    """Every series that has a class ahead."""
    ahead = records.waiting(WAITING, now + _AHEAD, SessionState)
    found = (records.get(Series.key_of(one), Series) for one in sorted({s.series for s in ahead}))
    return [series.catalogue for series in found if series is not None]
