"""Record a payment: one event's fact becomes an order, registrations and owed letters, or a review.

Everything an event causes is one commit together with the marker of the event. A delivery that
repeats finds the marker; a delivery that was cut off left nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.decisions import Decision
from shared.domain.erasure import Erasure
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.payments import REVIEW, EventMarker, Order, PaymentFact, new_order
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Record
from shared.domain.refunds import classes_given_back
from shared.failures import SoldOut
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.count_takings import count_takings
from shared.usecases.find_purchase import find_purchase, no, series_of
from shared.usecases.grant_order import Purchase, grant_order
from shared.usecases.owe_letters import not_yet_owed, owe_once
from shared.usecases.who_is import who_is

# Longer than any provider redelivers, and longer than anybody resends by hand.
MARKER_KEPT = timedelta(days=400)
# How long a payment of which not everything is known waits before staff are asked.
MORE_MAY_COME = timedelta(minutes=10)
# In place of a body's hash: the provider listed the event when asked. It need not have written it
# byte for byte as it delivers it, so there is nothing to compare.
LISTED = ""


class Outcome(StrEnum):
    """What became of a delivery."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    ALTERED = "altered"  # a known event id with another body: recorded nothing, tell somebody
    IN_REVIEW = "in_review"


def record_payment(
    fact: PaymentFact,
    body_sha256: str,
    *,
    records: Records,
    identity_key: bytes,
    live: bool,
    now: datetime,
) -> Outcome:
    """Take one fact in, exactly once. `live` says whether this system takes real money.

    `body_sha256` is the hash of what was delivered, or LISTED if the provider was asked instead.
    Raises Unavailable if the records could not be written; nothing was, so deliver again.
    """

    def attempt() -> Outcome:
        marker_key = EventMarker.key_of(fact.provider, fact.event, fact.order)
        known = records.get(marker_key, EventMarker)
        if known is not None:
            same = LISTED in (known.body_sha256, body_sha256) or known.body_sha256 == body_sha256
            return Outcome.DUPLICATE if same else Outcome.ALTERED
        marker = marker_of(fact, body_sha256, now)
        order = records.get(Order.key_of(fact.order), Order) or new_order(fact)
        told = order.with_fact(fact)
        if fact.seated_at and _says_the_same(told, order):
            # The same as before, only said again later: nothing follows but to know when.
            records.commit(marker, told)
            return Outcome.DUPLICATE
        return settle(
            told,
            marker,
            records=records,
            identity_key=identity_key,
            live=live,
            now=now,
        )

    return until_committed(attempt)


def _says_the_same(told: Order, known: Order) -> bool:
    """Whether of an order no more is known than before, but that it was said once more."""
    again = {"seated_at": known.seated_at, "events": known.events}
    return told.model_copy(update=again) == known


def marker_of(fact: PaymentFact, body_sha256: str, now: datetime) -> EventMarker:
    """That the fact's event is taken in now, for its order."""
    return EventMarker(
        event=fact.event,
        provider=fact.provider,
        order=fact.order,
        body_sha256=body_sha256,
        seen_at=now,
        expires_at=int((now + MARKER_KEPT).timestamp()),
    )


def decide_review_again(
    order_id: str, *, records: Records, identity_key: bytes, live: bool, now: datetime
) -> bool:
    """Decide an order that waits for staff once more; True if it waits no longer.

    Staff correct the price book (or make room in a class) and upload it; this does the rest.
    """

    def attempt() -> bool:
        order = records.get(Order.key_of(order_id), Order)
        if order is None or order.waiting != REVIEW:
            return False
        found = find_purchase(order, records, live, identity_key)
        if not isinstance(found, Purchase):
            if order.offer is None and _has_waited(order, now):
                owe_once(_letter_of_review(order, records, now), records)
            return False
        if classes_given_back(order, found.catalogue).unclear is not None:
            return False  # only staff can say which classes were meant
        try:
            grant_order(order, found, records=records, identity_key=identity_key, now=now)
        except SoldOut:
            return False
        return True

    return until_committed(attempt)


def _has_waited(order: Order, now: datetime) -> bool:
    """Whether everything that its provider may still say of it should have come by now."""
    since = datetime.fromisoformat(order.waiting_since) if order.waiting_since else now
    return now - since > MORE_MAY_COME


def settle(
    order: Order,
    *with_it: Record,
    records: Records,
    identity_key: bytes,
    live: bool,
    now: datetime,
) -> Outcome:
    """Commit what the order's facts come to, with the markers of the events that told them.

    Raises Conflict or Unavailable.
    """
    erased = _of_somebody_erased(order, records, identity_key)
    if erased is not None:
        # Its money counts; who paid it, and what it gave them, is not to come back.
        records.commit(*with_it, *count_takings(erased, {}, records))
        return Outcome.RECORDED
    found = find_purchase(order, records, live, identity_key)
    if found is None or (order.fully_refunded and not isinstance(found, Purchase)):
        # Only its refund is known yet, or staff gave the money of a review back: no more waiting.
        done = {"review": None, "waiting": None, "waiting_since": None}
        records.commit(*with_it, order.model_copy(update=done))
        return Outcome.RECORDED
    if isinstance(found, Decision):
        return _review(with_it, order, found, records, now)
    try:
        grant_order(order, found, *with_it, records=records, identity_key=identity_key, now=now)
    except SoldOut as sold_out:
        title = found.catalogue.session(sold_out.session).title
        return _review(with_it, order, no("sold_out", f"{title} has no seat left."), records, now)
    return Outcome.RECORDED


def _of_somebody_erased(order: Order, records: Records, identity_key: bytes) -> Order | None:
    """The order without its buyer, if they took everything away after it was paid; else None."""
    if order.erased_at is not None:
        return order.without_buyer(order.erased_at)
    address = clean_address(order.buyer_address) if order.buyer_address else None
    if address is None:
        return None
    learner = who_is(address, records, identity_key)
    erasure = records.get(Erasure.key_of(learner), Erasure)
    if erasure is None or order.first_seen_at > erasure.asked_at:
        return None
    return order.without_buyer(erasure.asked_at).model_copy(update={"learner": learner})


def _review(
    with_it: tuple[Record, ...], order: Order, why: Decision, records: Records, now: datetime
) -> Outcome:
    """Keep everything, grant nothing, and ask staff.

    Some providers tell of one payment in several events, none of which says all. Until it is known
    what was bought and by whom, staff are not asked; the sweep asks them if nothing more comes.
    """
    kept = order.model_copy(
        update={
            "review": why,
            "waiting": REVIEW,
            "waiting_since": order.waiting_since or now.isoformat(),
        }
    )
    says_all = order.provider in ("stripe", "eventbrite")
    whole = bool(order.offer_ids and order.buyer_address) or says_all
    letters = [_letter_of_review(kept, records, now)] if whole else []
    records.commit(*with_it, kept, *not_yet_owed(letters, records))
    return Outcome.IN_REVIEW


def _letter_of_review(order: Order, records: Records, now: datetime) -> Letter:
    series = series_of(order, records)
    facts = (
        Fact(label="Payment", value=order.order),
        Fact(label="Amount", value=str(order.price)),
        Fact(label="Came through", value=", ".join(order.offer_ids) or "no payment link"),
        Fact(label="From", value=f"{clean_name(order.buyer_name)} <{order.buyer_address}>"),
    )
    return owe(
        LetterKind.STAFF_REVIEW,
        order.order,
        now,
        order=order.order,
        series=series.series if series else None,
        facts=facts,
        lines=tuple(reason.text for reason in order.review.reasons) if order.review else (),
    )
