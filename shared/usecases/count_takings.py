"""Count what an order brought, took back and seats, in the commit of the order itself."""

from collections.abc import Mapping

from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.takings import Takings, counted_now, line_of, part_of
from shared.ports import Records


def count_takings(order: Order, seats: Mapping[str, int], records: Records) -> list[Record]:
    """The order with what of it counts from now on, and the totals once it does.

    `seats` is by how many the seats that are held change, by session. No totals are read if nothing
    of them changes.
    """
    counts = counted_now(order)
    if order.series is None or (counts == order.counted and not any(seats.values())):
        return [order]
    part = part_of(order.order)
    known = records.get(Takings.key_of(order.series, part), Takings)
    totals = known or Takings(series=order.series, part=part)
    before, after = line_of(order, order.counted), line_of(order, counts)
    changed = totals.changed(before, after, seats)
    return [order.model_copy(update={"counted": counts}), changed]
