"""What a series has taken in, what went back, and who holds seats: running totals.

Each order says what of it is counted, and the difference to what it comes to now is added in the
commit of the order itself. So the totals are as exact as the orders, and reading them costs the
same for ten people and ten thousand. They are kept in sixteen parts, so that two payments seldom
meet in one.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import ClassVar

from pydantic import Field

from shared.domain.money import Money
from shared.domain.payment_parts import Counted
from shared.domain.payments import Order
from shared.domain.record import Key, Record
from shared.domain.value import Value

PARTS = 16


class Line(Value):
    """The payments through one provider for one rate in one currency; money in minor units."""

    provider: str
    tier: str
    currency: str
    orders: int = 0
    paid: int = 0
    back: int = 0

    @property
    def name(self) -> tuple[str, str, str]:
        """What tells it from other lines."""
        return self.provider, self.tier, self.currency

    def plus(self, other: "Line", times: int = 1) -> "Line":
        """Both together; with `times` -1, this without the other."""
        sums = {
            what: getattr(self, what) + times * getattr(other, what)
            for what in ("orders", "paid", "back")
        }
        return self.model_copy(update=sums)

    @property
    def kept(self) -> Money:
        """What stayed."""
        return Money(minor=max(0, self.paid - self.back), currency=self.currency)


class Takings(Record):
    """One part of a series' totals. `seats` are those that are held, by session."""

    kind: ClassVar[str] = "takings"

    series: str
    part: int
    lines: tuple[Line, ...] = ()
    seats: dict[str, int] = Field(default_factory=dict)

    @staticmethod
    def partition_of(series: str) -> str:
        """The partition that holds all parts of a series' totals."""
        return f"TAKINGS#{series}"

    @classmethod
    def key_of(cls, series: str, part: int) -> Key:
        """Where that part stands."""
        return Key(cls.partition_of(series), f"{part:02}")

    def key(self) -> Key:
        return self.key_of(self.series, self.part)

    def changed(
        self, before: Line | None, after: Line | None, seats: Mapping[str, int]
    ) -> "Takings":
        """The part once an order that was counted as `before` counts as `after`."""
        lines = {line.name: line for line in self.lines}
        for line, times in ((before, -1), (after, 1)):
            if line is not None:
                known = lines.get(line.name) or line.model_copy(update=_NOTHING)
                lines[line.name] = known.plus(line, times)
        kept = {
            session: held
            for session in sorted({*self.seats, *seats})
            if (held := self.seats.get(session, 0) + seats.get(session, 0))
        }
        return self.model_copy(
            update={"lines": tuple(lines[name] for name in sorted(lines)), "seats": kept}
        )


_NOTHING = {"orders": 0, "paid": 0, "back": 0}


def part_of(order: str) -> int:
    """The part in which an order is counted, always the same."""
    return hashlib.sha256(order.encode()).digest()[0] % PARTS


def counted_now(order: Order) -> Counted | None:
    """What of the order counts by now; None until anything was paid."""
    if order.paid is None:
        return None
    gone = order.dispute == "lost" or order.fully_refunded
    back = order.paid.minor if gone else min(_minor(order.refunded), order.paid.minor)
    if order.voided == "cancelled":
        back = min(_minor(order.refunded), order.paid.minor)  # the ticket ended, the money stayed
    return Counted(paid=order.paid.minor, back=back, currency=order.paid.currency)


def line_of(order: Order, counted: Counted | None) -> Line | None:
    """The same as a line of the totals."""
    if counted is None:
        return None
    return Line(
        provider=order.provider,
        tier=order.tier or "",
        currency=counted.currency,
        orders=1,
        paid=counted.paid,
        back=counted.back,
    )


def together(parts: Iterable[Takings]) -> tuple[tuple[Line, ...], dict[str, int]]:
    """All parts as one: the lines in order, and the seats that are held by session."""
    lines: dict[tuple[str, str, str], Line] = {}
    seats: Counter[str] = Counter()
    for part in parts:
        for line in part.lines:
            lines[line.name] = lines[line.name].plus(line) if line.name in lines else line
        seats.update(part.seats)
    return tuple(lines[name] for name in sorted(lines)), dict(seats)


def _minor(money: Money | None) -> int:
    return money.minor if money else 0
