"""Walk several lists of people side by side, without holding any of them in memory.

What is kept of people in one partition comes back in the order of their ids, so two such lists can
be read together like two columns of a table.
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TypeVar

from shared.domain.record import Record

R = TypeVar("R", bound=Record)


class Row:
    """What the lists hold of one person."""

    def __init__(self, learner: str, found: Iterable[tuple[int, Record]]) -> None:
        self.learner = learner
        self._found = dict(found)

    def of(self, column: int, kind: type[R]) -> R | None:
        """What the list of that place holds of them."""
        record = self._found.get(column)
        return record if isinstance(record, kind) else None


def side_by_side(*lists: Iterable[Record]) -> Iterator[Row]:
    """One row for each person whom at least one of the lists names, in the order of their ids.

    Each list must name a person once and be in that order; `Records.find` gives them so.
    """
    columns = (_numbered(column, rows) for column, rows in enumerate(lists))
    for learner, found in groupby(heapq.merge(*columns), key=lambda one: one[0]):
        yield Row(learner, ((column, record) for _, column, record in found))


def _numbered(column: int, rows: Iterable[Record]) -> Iterator[tuple[str, int, Record]]:
    # Two rows of a person differ in their column, so that records are never compared.
    for record in rows:
        yield record.learner or "", column, record
