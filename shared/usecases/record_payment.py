"""Record a payment: one event's fact becomes an order, registrations and owed letters, or a review.

Everything an event causes is one commit together with the marker of the event. A delivery that
repeats finds the marker; a delivery that was cut off left nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions import Decision, Reason, refused
from shared.domain.entitlements import entitlements
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.links import learner_id
from shared.domain.payments import (
    RULE_VERSION,
    EventMarker,
    Order,
    OrderStatus,
    PaymentFact,
    find_offer,
    new_order,
)
from shared.domain.people import clean_address, clean_name, mailable
from shared.domain.record import Record
from shared.domain.registrations import (
    Grant,
    Learner,
    Registration,
    RegistrationStatus,
    SeatChange,
)
from shared.domain.sessions import OfferPointer, Series
from shared.ports import Records, SoldOut
from shared.usecases.announce_recording import may_be_watched, recording_letter
from shared.usecases.commit_again import until_committed

# Longer than any provider redelivers, and longer than anybody resends by hand.
MARKER_KEPT = timedelta(days=400)


class Outcome(StrEnum):
    """What became of a delivery."""

    RECORDED = "recorded"
    DUPLICATE = "duplicate"
    ALTERED = "altered"  # a known event id with another body: recorded nothing, tell somebody
    IN_REVIEW = "in_review"


@dataclass(frozen=True)
class Purchase:
    """What an order bought, by the price book."""

    series: Series
    offer: Offer

    @property
    def catalogue(self) -> Catalogue:
        return self.series.catalogue


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

    Raises Unavailable if the records could not be written; nothing was, so deliver again.
    """

    def attempt() -> Outcome:
        marker_key = EventMarker.key_of(fact.provider, fact.event, fact.order)
        known = records.get(marker_key, EventMarker)
        if known is not None:
            same = known.body_sha256 == body_sha256
            return Outcome.DUPLICATE if same else Outcome.ALTERED
        marker = EventMarker(
            event=fact.event,
            provider=fact.provider,
            order=fact.order,
            body_sha256=body_sha256,
            seen_at=now,
            expires_at=int((now + MARKER_KEPT).timestamp()),
        )
        order = records.get(Order.key_of(fact.order), Order) or new_order(fact)
        order = order.with_fact(fact)
        found = _purchase(order, fact, records, live)
        if found is None:
            records.commit(marker, order)
            return Outcome.RECORDED
        if isinstance(found, Decision):
            return _review(marker, order, found, records, now)
        try:
            _grant(marker, order, found, records, identity_key, now)
        except SoldOut as sold_out:
            title = found.catalogue.session(sold_out.session).title
            no_seat = Reason(code="sold_out", text=f"{title} has no seat left.")
            return _review(marker, order, refused(RULE_VERSION, no_seat), records, now)
        return Outcome.RECORDED

    return until_committed(attempt)


def _purchase(
    order: Order, fact: PaymentFact, records: Records, live: bool
) -> Purchase | Decision | None:
    """What the order bought, why staff must say, or None while only its refund is known."""
    if order.series and order.offer:
        series = records.get(Series.key_of(order.series), Series)
        if series and any(offer.id == order.offer for offer in series.catalogue.prices):
            return Purchase(series, series.catalogue.offer(order.offer))
    if order.price is None:
        return None
    if fact.live is not live:
        kind = "real" if fact.live else "test"
        return _no("other_mode", f"This is a {kind} payment, and this system takes the other kind.")
    if clean_address(order.buyer_address) is None or not mailable(order.buyer_address):
        return _no("no_address", "The payment came without an e-mail address we can write to.")
    series = _series_of(order, records)
    if series is None:
        return _no("unknown_offer", "No published series lists what this payment names.")
    found = find_offer(order, series.catalogue)
    return found if isinstance(found, Decision) else Purchase(series, found)


def _series_of(order: Order, records: Records) -> Series | None:
    for offer_id in order.offer_ids:
        pointer = records.get(OfferPointer.key_of(offer_id), OfferPointer)
        if pointer is not None:
            return records.get(Series.key_of(pointer.series), Series)
    return None


def _no(code: str, text: str) -> Decision:
    return refused(RULE_VERSION, Reason(code=code, text=text))


def _review(
    marker: EventMarker, order: Order, why: Decision, records: Records, now: datetime
) -> Outcome:
    """Keep everything, grant nothing, and ask staff."""
    series = _series_of(order, records)
    kept = order.model_copy(
        update={
            "review": why,
            "waiting": "review",
            "waiting_since": order.waiting_since or now.isoformat(),
        }
    )
    facts = (
        Fact(label="Payment", value=order.order),
        Fact(label="Amount", value=str(order.price)),
        Fact(label="Came through", value=", ".join(order.offer_ids) or "no payment link"),
        Fact(label="From", value=f"{clean_name(order.buyer_name)} <{order.buyer_address}>"),
    )
    letter = owe(
        LetterKind.STAFF_REVIEW,
        order.order,
        now,
        order=order.order,
        series=series.series if series else None,
        facts=facts,
        lines=tuple(reason.text for reason in why.reasons),
    )
    records.commit(marker, kept, *_not_yet_owed([letter], records))
    return Outcome.IN_REVIEW


def _grant(
    marker: EventMarker,
    order: Order,
    bought: Purchase,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> None:
    """One commit: marker, order, the person, a registration per session, seats, owed letters."""
    address = clean_address(order.buyer_address) or ""
    learner = learner_id(address, identity_key)
    status = order.status
    order = order.model_copy(
        update={
            "learner": learner,
            "series": bought.series.series,
            "catalogue_revision": order.catalogue_revision or bought.series.revision,
            "offer": bought.offer.id,
            "tier": bought.offer.tier,
            "sessions": order.sessions or bought.offer.sessions,
            "review": None,
            "waiting": None,
            "waiting_since": None,
        }
    )
    changes: list[Record] = [marker, order, *_greeted(order, learner, address, records)]
    seats: list[SeatChange] = []
    letters: list[Letter] = []
    for session_id in order.sessions:
        key = Registration.key_of(session_id, learner)
        before = records.get(key, Registration) or Registration(
            session=session_id, series=bought.series.series, learner=learner, registered_at=now
        )
        assert status is not None and order.tier is not None  # noqa: S101 - a purchase has both
        after = before.granted_by(order.order, Grant(tier=order.tier, status=status))
        if after != before:
            changes.append(after)
            seats += _seat_change(bought.catalogue, before, after)
            if now >= bought.catalogue.session(session_id).ends_at:
                letters += _late_recording(after, bought.catalogue, records, now)
    letters += _letters(order, learner, now)
    changes += _not_yet_owed(letters, records)
    records.commit(*changes, seats=seats)


def _greeted(order: Order, learner: str, address: str, records: Records) -> list[Learner]:
    """The person, if this order says more lately than any other how to greet them."""
    known = records.get(Learner.key_of(learner), Learner)
    named_by = (order.first_seen_at, order.order)
    if known is not None and known.named_by >= named_by:
        return []
    person = Learner(
        learner=learner,
        name=clean_name(order.buyer_name) or address.split("@")[0],
        address=address,
        named_by=named_by,
        version=known.version if known else 0,
    )
    return [person]


def _seat_change(catalogue: Catalogue, before: Registration, after: Registration) -> list[SeatChange]:
    capacity = next((s.capacity for s in catalogue.sessions if s.id == after.session), None)
    by = int(_holds_seat(after)) - int(_holds_seat(before))
    if capacity is None or by == 0:
        return []
    return [SeatChange(session=after.session, by=by, capacity=capacity)]


def _holds_seat(registration: Registration) -> bool:
    return registration.status is not RegistrationStatus.ENDED


def _letters(order: Order, learner: str, now: datetime) -> list[Letter]:
    """What the person is told about the state their order is in now."""
    match order.status:
        case OrderStatus.PAID:
            kind = LetterKind.CONFIRMATION
        case OrderStatus.PENDING:
            kind = LetterKind.PAYMENT_PENDING
        case OrderStatus.FAILED:
            kind = LetterKind.PAYMENT_FAILED
        case OrderStatus.REFUNDED:
            kind = LetterKind.REFUNDED
        case _:
            return []
    return [owe(kind, order.order, now, learner=learner, series=order.series, order=order.order)]


def _late_recording(
    registration: Registration, catalogue: Catalogue, records: Records, now: datetime
) -> list[Letter]:
    """The recording's letter for somebody who pays when others have theirs, or are getting it."""
    session = registration.session
    right = entitlements(catalogue, session, registration, now).recording
    if not right.granted or not may_be_watched(session, records):
        return []
    return [recording_letter(session, registration.learner, registration.series, now)]


def _not_yet_owed(letters: list[Letter], records: Records) -> list[Letter]:
    return [letter for letter in letters if records.get(letter.key(), Letter) is None]
