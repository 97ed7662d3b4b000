"""See to everybody who holds a seat in a class that the institute cancelled, page by page.

Each order that gives such a seat is decided again; by its facts and today's catalogue it then asks
the class's share back. So a page that is done twice does nothing the second time.
"""

from collections import Counter
from datetime import datetime, timedelta
from itertools import islice

from shared.domain.cancellations import WAITING, Cancellation
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.refunds import shares
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.ask_refund import commit_with_order
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import decide_again
from shared.usecases.decide_person import all_parts_decided
from shared.usecases.owe_letters import not_yet_owed

PAGE = 50
PATIENCE = timedelta(minutes=10)


def cancel_page(
    session: str, *, records: Records, identity_key: bytes, now: datetime, page: int = PAGE
) -> bool:
    """See to the next page of people; True if there are more. Saving it wakes whoever does more.

    Raises Unavailable if something could not be written; the same page is then done again.
    """
    cancellation = records.get(Cancellation.key_of(session), Cancellation)
    if cancellation is None or cancellation.done_at is not None:
        return False
    partition, prefix = Registration.key_of(session, "")
    held = records.find(partition, Registration, prefix, after=cancellation.after)
    people = list(islice(held, page))
    seen = Counter[str]()
    complete = _part_of_complete_unit(cancellation, records)
    for registration in people:
        seen += _see_to(registration, records, identity_key, now)
        if complete:
            # Nobody's certificate of the unit waits for a part that is not to come.
            cause = f"cancelled/{session}"
            decide_again(complete, registration.learner, cause=cause, records=records, now=now)
    done = len(people) < page
    kept = cancellation.model_copy(
        update={
            "after": people[-1].key().sort if people else cancellation.after,
            "people": cancellation.people + seen.pop("people", 0),
            "for_staff": cancellation.for_staff + seen.pop("for_staff", 0),
            "back": dict(Counter(cancellation.back) + seen),
        }
    )
    if not done:
        records.commit(kept)  # Conflict: somebody else did this page
        return True
    finished = {"done_at": now, "waiting": None, "waiting_since": None}
    kept = kept.model_copy(update=finished)
    records.commit(kept, *not_yet_owed([_letter_to_staff(kept, now)], records))
    return False


def sweep_cancellations(*, records: Records, now: datetime) -> int:
    """Wake cancellations that stopped on their way; how many."""
    woken = 0
    for found in records.waiting(WAITING, now - PATIENCE, Cancellation):

        def attempt(key: Cancellation = found) -> bool:
            kept = records.get(key.key(), Cancellation)
            if kept is None or kept.waiting is None:
                return False
            records.commit(kept)
            return True

        woken += until_committed(attempt)
    return woken


def seats_to_refund(
    session: str, records: Records, at_most: int
) -> tuple[int, dict[str, int]] | None:
    """(people, what goes back in minor units by currency) if that class is cancelled.

    None if more than so many hold a seat: then nobody waits until all are counted.
    """
    partition, prefix = Registration.key_of(session, "")
    held = list(islice(records.find(partition, Registration, prefix), at_most + 1))
    if len(held) > at_most:
        return None
    people, back = 0, Counter[str]()
    for registration in held:
        if registration.status not in (RegistrationStatus.ACTIVE, RegistrationStatus.HELD):
            continue
        people += 1
        for order in _orders_of(registration, records):
            if order.paid is not None and session not in order.given_back:
                back[order.paid.currency] += shares(order)[session]
    return people, dict(back)


def say_sums(back: dict[str, int]) -> str:
    """ "$2,460.00 and ₹900.00"; "nothing" if nobody paid."""
    sums = [str(Money(minor=minor, currency=name)) for name, minor in sorted(back.items()) if minor]
    return " and ".join(sums) or "nothing"


def _part_of_complete_unit(cancellation: Cancellation, records: Records) -> str:
    """A part of the unit, if the unit is complete without the cancelled one; else ""."""
    series = records.get(Series.key_of(cancellation.series), Series)
    if series is None or series.catalogue.policies.certificate.per != "unit":
        return ""
    held = series.catalogue.held_sessions
    return held[-1].id if held and all_parts_decided(series, records) else ""


def _see_to(
    registration: Registration, records: Records, identity_key: bytes, now: datetime
) -> "Counter[str]":
    """Decide again what gives the person this seat; who and what that makes, for the sum."""
    session = registration.session

    def attempt(order_id: str) -> None:
        order = records.get(Order.key_of(order_id), Order)
        if order is not None:
            commit_with_order(order, records=records, identity_key=identity_key, now=now)

    for order in _orders_of(registration, records):
        until_committed(lambda name=order.order: attempt(name))  # type: ignore[misc]
    seen = Counter[str]()
    for order in _orders_of(registration, records):
        for request in _cancelled_requests(order, session, records):
            seen["people"] = 1
            seen[request.amount.currency] += request.amount.minor
            if request.state is RefundState.STAFF:
                seen["for_staff"] = 1
    return seen


def _orders_of(registration: Registration, records: Records) -> list[Order]:
    """The orders that give the seat now, or gave it until it was given up."""
    found = [records.get(Order.key_of(name), Order) for name in sorted(registration.grants)]
    return [order for order in found if order is not None and order.paid is not None]


def _cancelled_requests(order: Order, session: str, records: Records) -> list[RefundRequest]:
    named = [name for name, asked in order.asked_back.items() if session in asked.sessions]
    found = [records.get(RefundRequest.key_of(order.order, name), RefundRequest) for name in named]
    return [one for one in found if one is not None and one.cause == "cancelled"]


def _letter_to_staff(cancellation: Cancellation, now: datetime) -> Letter:
    facts = (
        Fact(label="People who held a seat", value=str(cancellation.people)),
        Fact(label="Goes back in all", value=say_sums(cancellation.back)),
        Fact(label="For you to give back", value=str(cancellation.for_staff)),
    )
    return owe(
        LetterKind.STAFF_CLASS_CANCELLED,
        cancellation.session,
        now,
        series=cancellation.series,
        session=cancellation.session,
        facts=facts,
    )
