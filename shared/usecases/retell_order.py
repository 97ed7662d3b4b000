"""Settle one order again from what its kept events say by today's code.

Nothing here imitates a rule. The order is settled by the very code that settles deliveries, over
records that hold its writes back; what was held back is the report, and, if somebody sanctions it,
it is committed as it was reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from shared.domain.awards import is_award
from shared.domain.decisions import Decision
from shared.domain.letters import Letter
from shared.domain.payments import EventMarker, Order, PaymentFact, new_order
from shared.domain.price_book import find_offer
from shared.domain.record import Record
from shared.domain.registrations import Registration
from shared.domain.replays import (
    Difference,
    Replay,
    differences,
    retold,
    said_by,
)
from shared.domain.sessions import Series, SeriesRevision
from shared.failures import Conflict, SoldOut
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.hold_back import HeldBack
from shared.usecases.record_payment import LISTED, marker_of, settle

# One event's fact of an order, and the hash of the body that states it.
Stated = tuple[PaymentFact, str]


class Sanction(NamedTuple):
    """Who lets the replay change something, and why."""

    by: str
    why: str


class Way(NamedTuple):
    """How orders are settled: over which records, as whom, at what time, sanctioned by whom."""

    records: Records
    identity_key: bytes
    live: bool
    now: datetime
    sanction: Sanction | None


@dataclass
class Retelling:
    """What came of one order.

    `report` says what would be (or now is) otherwise, in ids and words without anybody's name; it
    is None if nothing is. `by_hand` is what only people may change; `altered` are events of which
    another body was taken in before.
    """

    report: dict[str, Any] | None = None
    by_hand: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)


def retell_order(
    order_id: str, told: Mapping[str, Sequence[Stated]], heard: set[str], way: Way
) -> Retelling:
    """Settle the order with what is `told` of it, by event; several bodies of one, oldest first.

    `heard` names every event that can be read: only if all those of the order are among them may
    a fact be taken back. Raises Unavailable; nothing was written.
    """

    def attempt() -> Retelling:
        facts, new = _counting(told, way.records)
        altered = sorted(event for event, bodies in told.items() if len(bodies) > 1)
        kept = way.records.get(Order.key_of(order_id), Order)
        if kept is None and not facts:
            return Retelling()
        whole = kept is None or (kept.events is not None and set(kept.events) <= heard)
        order = retold(kept or new_order(facts[0]), facts, whole=whole)
        by_hand = _for_people(kept, order, way.records)
        if kept is not None and order.status is None and kept.status is not None:
            return Retelling(None, by_hand, altered)
        held = HeldBack(way.records)
        markers = [marker_of(fact, sha256, way.now) for fact, sha256 in new]
        settle(
            order, *markers, records=held, identity_key=way.identity_key, live=way.live, now=way.now
        )
        report = _report(kept, order, new, held, way.records)
        if report is not None:
            _commit(order_id, report, held, way)
        return Retelling(report, by_hand, altered)

    return until_committed(attempt)


def _counting(
    told: Mapping[str, Sequence[Stated]], records: Records
) -> tuple[list[PaymentFact], list[Stated]]:
    """(the fact of every event, those of them that were never taken in).

    Of an event with several bodies the one that was taken in counts, else the one that came first.
    """
    facts, new = [], []
    for event, bodies in sorted(told.items()):
        fact, sha256 = bodies[0]
        marker = records.get(EventMarker.key_of(fact.provider, event, fact.order), EventMarker)
        if marker is None:
            new.append((fact, sha256))
        elif marker.body_sha256 != LISTED:
            fact = next((one for one, sha in bodies if sha == marker.body_sha256), fact)
        facts.append(fact)
    return facts, new


def _for_people(kept: Order | None, order: Order, records: Records) -> list[str]:
    """What a replay leaves alone, and staff may want to know: what was bought stays bought."""
    if kept is None:
        return []
    said = []
    if order.status is None and kept.status is not None:
        said.append("Its events say nothing of a payment any more. What is kept of it stays.")
    other = _other_offer(order, records) if kept.offer is not None else ""
    return [*said, other] if other else said


def _other_offer(order: Order, records: Records) -> str:
    """What the price book of that time makes of the order today, if it is not what was granted."""
    granted = order.offer or ""
    if order.ruling or is_award(granted) or not (order.series and order.catalogue_revision):
        return ""
    then = records.get(Series.key_of(order.series, order.catalogue_revision), SeriesRevision)
    decided = find_offer(order, then.catalogue) if then and order.price else None
    if isinstance(decided, Decision):
        return f"It was granted as '{granted}'. Today it would wait: {decided.why}"
    if decided is None or decided.id == granted:
        return ""
    return f"It was granted as '{granted}'. Today it would be '{decided.id}'."


def _report(
    kept: Order | None, order: Order, new: list[Stated], held: HeldBack, records: Records
) -> dict[str, Any] | None:
    """What the writes that were held back come to, as people would notice it; None if nothing."""
    changes: list[Difference] = []
    letters: list[str] = []
    for record in held.written:
        match record:
            case Order():
                changes += differences(kept, record)
            case Letter():
                letters.append(str(record.letter))
            case Registration():
                changes += _of_seat(record, records)
            case EventMarker():
                pass
            case _ if _differs(record, records):
                changes.append(Difference(what=record.kind.replace("_", " "), after="written"))
    if not (changes or letters or new):
        return None
    return {
        "order": order.order,
        "new_facts": [said_by(fact) for fact, _ in new],
        "changes": [one.model_dump() for one in changes],
        "letters": sorted(letters),
    }


def _of_seat(after: Registration, records: Records) -> list[Difference]:
    before = records.get(after.key(), Registration)
    if before is not None and before.status is after.status:
        return []
    had = str(before.status) if before else ""
    return [Difference(what=f"seat in {after.session}", before=had, after=str(after.status))]


def _differs(record: Record, records: Records) -> bool:
    kept = records.get(record.key(), type(record))
    return kept is None or kept.model_dump(exclude={"version"}) != record.model_dump(
        exclude={"version"}
    )


def _commit(order_id: str, report: dict[str, Any], held: HeldBack, way: Way) -> None:
    """Write what was held back, with who had it written and why. Raises Conflict."""
    signed = []
    if way.sanction is not None:
        words = [f"new: {said}" for said in report["new_facts"]]
        words += [Difference.model_validate(one).text for one in report["changes"]]
        words += [f"letter: {letter}" for letter in report["letters"]]
        by, why = way.sanction
        signed = [Replay(order=order_id, by=by, why=why, at=way.now, changes=tuple(words))]
    try:
        way.records.commit(*held.written, *signed, seats=held.seats)
    except SoldOut as error:
        # The last seat went a moment ago: settled again, the payment goes to review.
        raise Conflict("A seat was taken since the records were read.") from error
