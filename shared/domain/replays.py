"""Replays: what the kept events of an order say by today's code, against what is kept of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from shared.domain.payments import Order, PaymentFact
from shared.domain.record import Key, Record
from shared.domain.value import Value

# What only events tell of an order. The rest is what we, or staff, have decided since.
_UNTOLD: dict[str, Any] = {
    "paid": None,
    "pending": None,
    "failed": False,
    "refunded_in_all": None,
    "refunded_at": None,
    "refunds": {},
    "disputes": {},
    "voided": "",
    "seated_at": None,
    "unclear": "",
    "buyer_name": "",
    "buyer_address": "",
    "offer_ids": (),
    "events": (),
}


class Replay(Record):
    """That somebody had an order corrected from its kept events: who, when, why, and what changed.

    `changes` are sentences without anybody's name.
    """

    kind: ClassVar[str] = "replay"

    order: str
    by: str
    why: str
    at: datetime
    changes: tuple[str, ...]

    @staticmethod
    def key_of(order: str, at: datetime) -> Key:
        """Where the replay of that order, at that time, stands."""
        return Key(f"REPLAY#{order}", at.isoformat())

    def key(self) -> Key:
        return self.key_of(self.order, self.at)


class Difference(Value):
    """One thing that is otherwise by today's code: what, as it is kept, as it would be."""

    what: str
    before: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """As people read it: "status: failed, would be paid"."""
        return f"{self.what}: {self.before or 'nothing'}, would be {self.after or 'nothing'}"


def retold(kept: Order, facts: Sequence[PaymentFact], *, whole: bool) -> Order:
    """The order with these facts; if they are the `whole` that was ever told, with no others.

    What staff said stays, the address they named among it.
    """
    order = kept.model_copy(update=_UNTOLD) if whole else kept
    if whole and facts:
        first = min(facts, key=lambda fact: (fact.at, fact.event))
        order = order.model_copy(update={"first_seen_at": first.at, "live": first.live})
    for fact in facts:
        order = order.with_fact(fact)
    if kept.ruling is not None and kept.ruling.address is not None:
        return order.model_copy(update={"buyer_address": kept.ruling.address, "unclear": ""})
    return order


def differences(before: Order | None, after: Order) -> tuple[Difference, ...]:
    """What people would notice between an order as it is kept and as it would be."""
    pairs = zip(_seen(before), _seen(after), strict=True)
    return tuple(
        Difference(what=what, before=old, after=new)
        for (what, old), (_, new) in pairs
        if old != new
    )


def _seen(order: Order | None) -> list[tuple[str, str]]:
    waits = order is not None and order.waiting is not None
    asked = order.review.why if waits and order and order.review else ""
    return [
        ("status", str(order.status or "") if order else ""),
        ("paid", str(order.price or "") if order else ""),
        ("given back", str(order.refunded or "") if order else ""),
        ("dispute", order.dispute if order else ""),
        ("offer", order.offer or "" if order else ""),
        ("classes", ", ".join(order.sessions) if order else ""),
        ("classes given back", ", ".join(order.given_back) if order else ""),
        ("review", asked),
    ]


def said_by(fact: PaymentFact) -> str:
    """A fact in a few words, without anybody's name: "refund of $60.00 succeeded (evt_1)"."""
    amount = f" of {fact.amount}" if fact.amount else ""
    state = f" {fact.state}" if fact.state else ""
    return f"{fact.says}{amount}{state} ({fact.event})"
