"""Replay: read the kept payment events again with today's code, and say what would be otherwise.

After a mistake in the code is put right, this says whom it touched; with somebody's name and reason
it also repairs what it touched.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from shared.domain.payments import EventMarker, PaymentFact
from shared.ports import Files, Records
from shared.usecases.hold_back import HeldBack
from shared.usecases.keep_events import RawEvent, kept_events
from shared.usecases.retell_order import Sanction, Stated, Way, retell_order

# Of a provider's body: the facts that it states, and a hash of all that it says.
Read = Callable[[str, bytes], tuple[Sequence[PaymentFact], str]]


class NothingKept(Exception):
    """No event of that name is kept; the message says so to people."""


class NotUnderstood(Exception):
    """Today's code cannot read the event either; the message holds no personal data."""


class _Said(NamedTuple):
    """One event, read by today's code: its facts, the hash of what it says, or why it is unread."""

    event: RawEvent
    facts: Sequence[PaymentFact] = ()
    sha256: str = ""
    problem: str = ""

    @property
    def id(self) -> str:
        return _id_in(self.event.body) or self.event.name

    @property
    def names(self) -> set[str]:
        """What people may call it: its id, the ids in its facts, the hash it is kept under."""
        return {self.event.name, self.id, *(fact.event for fact in self.facts)}


@dataclass(frozen=True)
class Replayed:
    """What replaying came to, in ids and words without anybody's name.

    `orders` are those that would be (or, if `applied`, now are) otherwise: each with `new_facts`,
    `changes` and `letters`. `by_hand` says of orders what only people may change. `altered` are
    events of which another body was taken in before. `failed` orders were left as they are.
    """

    applied: bool
    events: int
    facts: int
    unchanged: int = 0
    orders: list[dict[str, Any]] = field(default_factory=list)
    by_hand: list[dict[str, str]] = field(default_factory=list)
    unreadable: list[dict[str, str]] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)


def replay_events(
    which: str | None,
    *,
    read: Read,
    files: Files,
    records: Records,
    identity_key: bytes,
    live: bool,
    now: datetime,
    sanction: Sanction | None = None,
) -> Replayed:
    """Replay one event (by its id, its order's, or its hash), or all if `which` is None.

    An event's order is settled with everything that is kept of it. Without a `sanction` nothing is
    written. Raises NothingKept, or Unavailable if the events cannot be read.
    """
    said = [_read(event, read) for event in kept_events(files)]
    chosen = [one for one in said if which is None or _is_called(one, which)]
    if which is not None and not chosen:
        raise NothingKept(f"No event or payment '{which}' is kept. Events are kept for 30 days.")
    way = Way(records if sanction else HeldBack(records), identity_key, live, now, sanction)
    heard = {name for one in said if not one.problem for name in one.names}
    told = _by_order(said)
    unchanged, orders, by_hand, failed = 0, [], [], []
    altered: set[str] = set()
    for order in _orders_of(chosen, records):
        try:
            retelling = retell_order(order, told.get(order, {}), heard, way)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others count
            failed.append({"order": order, "why": type(error).__name__})
            continue
        if retelling.report is not None:
            orders.append(retelling.report)
        unchanged += retelling.report is None and not retelling.by_hand
        by_hand += [{"order": order, "what": what} for what in retelling.by_hand]
        altered |= set(retelling.altered)
    return Replayed(
        applied=sanction is not None,
        events=len(chosen),
        facts=sum(len(one.facts) for one in chosen),
        unchanged=unchanged,
        orders=orders,
        by_hand=by_hand,
        unreadable=[{"event": one.id, "why": one.problem} for one in chosen if one.problem],
        altered=sorted(altered),
        failed=failed,
    )


def _read(event: RawEvent, read: Read) -> _Said:
    try:
        facts, sha256 = read(event.provider, event.body)
    except NotUnderstood as error:
        return _Said(event, problem=str(error))
    except Exception as error:  # noqa: BLE001 - it is kept because it may not be understood
        return _Said(event, problem=type(error).__name__)
    return _Said(event, facts, sha256)


def _is_called(one: _Said, which: str) -> bool:
    return which in one.names or which in {fact.order for fact in one.facts}


def _by_order(said: Iterable[_Said]) -> dict[str, dict[str, list[Stated]]]:
    """Of each order what each of its events says; more than once where bodies differ."""
    told: dict[str, dict[str, list[Stated]]] = defaultdict(dict)
    for one in sorted(said, key=lambda one: (one.event.kept_at, one.event.name)):
        for fact in one.facts:
            bodies = told[fact.order].setdefault(fact.event, [])
            if one.sha256 not in {sha256 for _, sha256 in bodies}:
                bodies.append((fact, one.sha256))
    return told


def _orders_of(chosen: Iterable[_Said], records: Records) -> list[str]:
    """The orders that the events are about by today's code, and those they were recorded for.

    Who paid first comes first: a seat that becomes free is theirs.
    """
    since: dict[str, datetime] = {}
    for one in chosen:
        for fact in one.facts:
            since[fact.order] = min(since.get(fact.order, fact.at), fact.at)
        for name in one.names:
            partition, _ = EventMarker.key_of(one.event.provider, name, "")
            for marker in records.find(partition, EventMarker):
                since.setdefault(marker.order, marker.seen_at)
    return sorted(since, key=lambda order: (since[order], order))


def _id_in(body: bytes) -> str:
    """The id of an event that may be unreadable otherwise, for people to look it up."""
    try:
        event = json.loads(body)
        return str(event.get("id") or event.get("detail", {}).get("id") or "")
    except (ValueError, AttributeError, RecursionError):
        return ""
