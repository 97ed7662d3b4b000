"""Reconcile: ask a provider what it told us these last days, and take in what never arrived.

A webhook that was switched off, a wrong secret or a lost message cost a delay this way, no seat.
What is found goes through the same door as what is delivered, so finding it again changes nothing.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.payments import EventMarker, Order, PaymentFact
from shared.domain.sessions import OfferPointer
from shared.failures import Unavailable
from shared.ports import ProviderEvents, Records
from shared.usecases.record_payment import LISTED, Outcome, record_payment

# A day longer than providers redeliver of themselves; lists reach back a month.
WINDOW = timedelta(days=4)
# Younger than this, the delivery itself may still be on its way.
LEFT_TO_DELIVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class Reconciled:
    """What the provider knew of and we did not.

    `looked_at` events were read and compared. `fed` of them had not reached us and are taken in
    now; `failures` (the event's id, what went wrong) had not either, and still are not.
    """

    looked_at: int
    fed: int
    failures: tuple[tuple[str, Exception], ...] = ()

    @property
    def difference(self) -> int:
        """How many events the provider had that we had not, before."""
        return self.fed + len(self.failures)


def reconcile(
    events: ProviderEvents,
    *,
    read: Callable[[bytes], list[PaymentFact]],
    keep: Callable[[bytes, Sequence[PaymentFact]], object],
    records: Records,
    identity_key: bytes,
    live: bool,
    now: datetime,
    sells_other_things: bool = False,
) -> Reconciled:
    """Take in every event of the last four days that left no marker here.

    `read` says which facts an event's body states; `keep` keeps the body of one that is taken in,
    as a delivery is kept. Of an account that `sells_other_things`, only what names something of
    ours is looked at. Raises Unavailable if the provider does not answer: nothing was looked at.
    """
    looked_at = fed = 0
    failures: list[tuple[str, Exception]] = []
    for body in list(events.since(now - WINDOW)):
        try:
            facts = read(body)
            if sells_other_things:
                facts = [fact for fact in facts if _is_ours(fact, records)]
                if not facts:
                    continue
            if any(fact.at > now - LEFT_TO_DELIVERY for fact in facts):
                continue
            looked_at += 1
            if not all(_is_known(fact, records) for fact in facts):
                keep(body, facts)
            outcomes = [
                record_payment(
                    fact, LISTED, records=records, identity_key=identity_key, live=live, now=now
                )
                for fact in facts
            ]
            fed += any(outcome is not Outcome.DUPLICATE for outcome in outcomes)
        except Unavailable as error:
            # It is we who cannot write: the rest would fare no better, and the next hour comes.
            failures.append((_name_of(body), error))
            break
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others count
            failures.append((_name_of(body), error))
    return Reconciled(looked_at, fed, tuple(failures))


def _is_known(fact: PaymentFact, records: Records) -> bool:
    key = EventMarker.key_of(fact.provider, fact.event, fact.order)
    return records.get(key, EventMarker) is not None


def _is_ours(fact: PaymentFact, records: Records) -> bool:
    """Whether a catalogue lists what was bought, or we know the order."""
    if records.get(Order.key_of(fact.order), Order) is not None:
        return True
    named = (records.get(OfferPointer.key_of(one), OfferPointer) for one in fact.offer_ids)
    return any(pointer is not None for pointer in named)


def _name_of(body: bytes) -> str:
    """The id of an event that may be unreadable otherwise, for people to look it up."""
    try:
        return str(json.loads(body)["id"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return "without an id"
