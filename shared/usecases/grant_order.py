"""Grant what an order bought, or take back what it gave: seats, the person, and what they are told.

One commit for all of it, together with whatever led to it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from shared.domain.awards import ENTRY_WAITING, Award, AwardStatus, Fund, FundEntry
from shared.domain.catalogue import Catalogue, Offer
from shared.domain.decisions_wanted import DecisionWanted, cause_of_payment, want_decision
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter
from shared.domain.likeness import Face
from shared.domain.links import learner_id
from shared.domain.payments import REVIEW, Order, OrderStatus
from shared.domain.people import clean_address, clean_name
from shared.domain.record import Record
from shared.domain.refunds import classes_given_back, returned, surplus
from shared.domain.registrations import (
    Grant,
    Learner,
    Registration,
    SeatChange,
)
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.announce_recording import may_be_watched, recording_letter
from shared.usecases.be_found import to_be_found
from shared.usecases.count_seats import seat_change, summed, takes_seat
from shared.usecases.count_takings import count_takings
from shared.usecases.decide_again import not_yet_wanted
from shared.usecases.hold_person import is_held
from shared.usecases.notice_likeness import notice_likeness
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.settle_refunds import asked_for_cancelled, settle_requests
from shared.usecases.tell_of_order import (
    letters_of_kept_certificate,
    letters_of_order,
    letters_of_paid_twice,
)
from shared.usecases.who_is import who_is


@dataclass(frozen=True)
class Purchase:
    """What an order bought: a line of the price book, or what is left of the person's own award."""

    series: Series
    offer: Offer
    award: Award | None = None

    @property
    def catalogue(self) -> Catalogue:
        return self.series.catalogue


def grant_order(
    order: Order,
    bought: Purchase,
    *with_it: Record,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> None:
    """Commit the order's state as it is now: a registration per session, seats, owed letters.

    `with_it` is committed in the same breath. Raises Conflict, SoldOut or Unavailable.
    """
    address = clean_address(order.buyer_address) or ""
    buyer = who_is(address, records, identity_key)
    # An award is its holder's, whoever pays what is left of it.
    learner = bought.award.learner if bought.award else buyer
    since, before_them = order.waiting_since, {order.learner or learner} - {learner}
    order = order.model_copy(
        update={
            "learner": learner,
            "held_before": tuple(sorted({*order.held_before, *before_them})),
            "series": bought.series.series,
            "catalogue_revision": order.catalogue_revision or bought.series.revision,
            "offer": bought.offer.id,
            "tier": order.tier or bought.offer.tier,
            "sessions": order.sessions or bought.offer.sessions,
            "review": None,
            "waiting": None,
            "waiting_since": None,
        }
    )
    order, kept_with_it, cancelled = asked_for_cancelled(
        order, bought.catalogue, with_it, records, now
    )
    given_back = classes_given_back(order, bought.catalogue)
    if given_back.unclear is not None:
        since = since or now.isoformat()
        asked = {"review": given_back.unclear, "waiting": REVIEW, "waiting_since": since}
        order = order.model_copy(update=asked)
    order = order.model_copy(update={"given_back": given_back.classes})
    order, posted = _posted(order, bought, now)
    settled, of_requests = settle_requests(order, kept_with_it, records, now)
    changes: list[Record] = [*settled, *posted, *_taken(bought.award, order, records, now)]
    if learner == buyer:
        changes += _greeted(order, learner, address, records, identity_key)
    seats: list[SeatChange] = []
    held: Counter[str] = Counter()
    letters = [*letters_of_order(order, learner, now), *cancelled, *of_requests]
    for session_id in order.sessions:
        before, after = _registration(order, session_id, learner, bought.award, records, now)
        if after != before:
            changes.append(after)
            held[session_id] += takes_seat(before, after)
            seats += seat_change(bought.catalogue, before, after)
            letters += _late_recording(after, bought.catalogue, records, now)
            letters += letters_of_kept_certificate(after, order, records, now)
            letters += letters_of_paid_twice(after, order, records, now)
            changes += _late_credit(before, after, bought.catalogue, order, records, now)
        for other in before_them:
            before, after = _left(order, session_id, other, records, now)
            changes.append(after)
            held[session_id] += takes_seat(before, after)
            seats += seat_change(bought.catalogue, before, after)
            letters += letters_of_kept_certificate(after, order, records, now)
    changes += count_takings(order, held, records)
    if learner == buyer and order.status is OrderStatus.PAID:
        # By the address's own id: two addresses of one person are known to be that.
        own, face = learner_id(address, identity_key), Face(order.buyer_name, address)
        changes += notice_likeness(
            bought.series.series, own, face, records=records, identity_key=identity_key, now=now
        )
    records.commit(*changes, *not_yet_owed(letters, records), seats=summed(seats))


def _posted(order: Order, bought: Purchase, now: datetime) -> tuple[Order, list[Record]]:
    """The order with what of it belongs to the scholarship fund, and an entry for each change.

    Entries wait to be added to the fund: if every payment changed the one record of the fund,
    payments would wait for each other.
    """
    belongs = surplus(order, bought.offer, bought.catalogue)
    back = returned(order, bought.award.amount) if bought.award else order.returned
    entries: list[Record] = [
        FundEntry(
            series=bought.series.series,
            about=f"{what}/{order.order}/{order.version}",
            by=by,
            at=now,
            waiting=ENTRY_WAITING,
            waiting_since=now.isoformat(),
        )
        for what, by in (("surplus", belongs - order.posted), ("returned", back - order.returned))
        if by
    ]
    return order.model_copy(update={"posted": belongs, "returned": back}), entries


def personal_offer(award: Award, catalogue: Catalogue) -> Offer:
    """The line of the price book that is for the holder of the award alone."""
    covered = catalogue.offer(award.covers)
    return covered.model_copy(
        update={"id": award.offer_id, "amount": award.asks.minor, "provider_ids": {}}
    )


def _taken(award: Award | None, order: Order, records: Records, now: datetime) -> list[Record]:
    """The award once its seats are taken; and its money back in the fund if they are given back."""
    if award is None or order.status is OrderStatus.PENDING:
        return []
    if order.status is OrderStatus.PAID and award.status is not AwardStatus.TAKEN:
        spent = [] if award.status.holds_money else money_out(award, records, now)
        return [award.at(AwardStatus.TAKEN, now, order=order.order), *spent]
    gone = order.status in (OrderStatus.REFUNDED, OrderStatus.REVOKED, OrderStatus.CANCELLED)
    if gone and award.status is AwardStatus.TAKEN and award.order == order.order:
        return [award.at(AwardStatus.DECLINED, now), *money_back(award, records, now)]
    return []


def money_back(award: Award, records: Records, now: datetime) -> list[Record]:
    """The fund with the award's money in it again, and the entry that says so."""
    return _moved(award, "back", award.amount.minor, records, now)


def money_out(award: Award, records: Records, now: datetime) -> list[Record]:
    """The fund without the money of an award that had lapsed. Raises ValueError below zero."""
    return _moved(award, "again", -award.amount.minor, records, now)


def _moved(award: Award, what: str, by: int, records: Records, now: datetime) -> list[Record]:
    fund = records.get(Fund.key_of(award.series), Fund)
    if fund is None:
        raise ValueError(f"The series {award.series} has no fund.")
    about = f"{what}/{award.reference}/{award.version}"
    return [fund.moved(by, now), FundEntry(series=award.series, about=about, by=by, at=now)]


def _registration(
    order: Order,
    session: str,
    learner: str,
    award: Award | None,
    records: Records,
    now: datetime,
) -> tuple[Registration, Registration]:
    """The person's registration of that session, before and after what the order now grants."""
    assert order.status and order.tier and order.series  # noqa: S101 - a purchase has all three
    kept = records.get(Registration.key_of(session, learner), Registration)
    before = kept or Registration(
        session=session,
        series=order.series,
        learner=learner,
        registered_at=now,
        on_hold=is_held(learner, records),
    )
    credit = award.credit if award else None
    given_back = session in order.given_back and order.status is not OrderStatus.CANCELLED
    status = OrderStatus.REFUNDED if given_back else order.status
    grant = Grant(tier=order.tier, status=status, credit=credit)
    return before, before.granted_by(order.order, grant)


def _left(
    order: Order, session: str, learner: str, records: Records, now: datetime
) -> tuple[Registration, Registration]:
    """The registration of whoever held the order's seat, before and after it went to another."""
    kept = records.get(Registration.key_of(session, learner), Registration)
    before = kept or Registration(
        session=session, series=order.series or "", learner=learner, registered_at=now
    )
    return before, before.without(order.order)


def _greeted(
    order: Order, learner: str, address: str, records: Records, key: bytes
) -> list[Record]:
    """The person, if this order says more lately than any other how to greet them.

    With them goes by what they are found.
    """
    known = records.get(Learner.key_of(learner), Learner)
    named_by = (order.first_seen_at, order.order)
    if known is not None and known.named_by >= named_by:
        return []
    name = clean_name(order.buyer_name) or address.split("@")[0]
    person = Learner(learner=learner, name=name, address=address, named_by=named_by)
    if known is not None:
        corrected = known.address if known.corrected_at is not None else address
        called = known.name if known.renamed_at is not None else name
        told = {"name": called, "address": corrected, "named_by": named_by, "erased_at": None}
        person = known.model_copy(update=told)
    return [person, *to_be_found(known, person, key, records)]


def _late_credit(
    before: Registration,
    after: Registration,
    catalogue: Catalogue,
    order: Order,
    records: Records,
    now: datetime,
) -> list[DecisionWanted]:
    """Who attended while their payment was on its way, and has the right to credit only now."""
    session = after.session
    if all(held.id != session or now < held.ends_at for held in catalogue.sessions):
        return []
    had, has = (entitlements(catalogue, session, seat, now).credit for seat in (before, after))
    if had.granted or not has.granted:
        return []
    cause = cause_of_payment(order.order, order.version)
    wanted = want_decision(session, after.series, after.learner, cause, now)
    return not_yet_wanted([wanted], records)


def _late_recording(
    registration: Registration, catalogue: Catalogue, records: Records, now: datetime
) -> list[Letter]:
    """The recording's letter for somebody who pays when others have theirs, or are getting it."""
    session = registration.session
    if all(held.id != session or now < held.ends_at for held in catalogue.sessions):
        return []
    right = entitlements(catalogue, session, registration, now).recording
    if not right.granted or not may_be_watched(session, records):
        return []
    return [recording_letter(session, registration.learner, registration.series, now)]
