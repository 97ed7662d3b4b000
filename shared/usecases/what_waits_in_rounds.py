"""List what waits for a person in scholarship rounds, by the index of what waits alone.

What people wrote to apply waits for nobody, so it is not in that index: whoever lists what waits
needs no right to the table itself.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

from shared.domain.applications import LEFT_OPEN, Application
from shared.domain.catalogue import Catalogue
from shared.domain.letters import FAILED, Letter
from shared.domain.record import Record
from shared.domain.waiting_items import WaitingItem, WaitingKind
from shared.domain.waiting_rounds import of_application, of_round_letter
from shared.ports import Records
from shared.usecases.reviewers import is_own


class InRound(NamedTuple):
    """Something that waits, and how it is told once it is to be shown."""

    kind: WaitingKind
    record: Record
    tell: Callable[[], WaitingItem]


def what_waits_in_rounds(
    applications: Records,
    now: datetime,
    catalogue_of: Callable[[str], Catalogue | None],
    but_not_of: str = "",
) -> Iterator[InRound]:
    """Everything that does. An application that the reviewer `but_not_of` sent is not among it."""
    for one in applications.waiting(LEFT_OPEN, now, Application):
        if but_not_of and is_own(one.learner or "", but_not_of):
            continue
        tell = partial(_application, one, catalogue_of)
        yield InRound(WaitingKind.APPLICATION, one, tell)
    for letter in applications.waiting(FAILED, now, Letter):
        yield InRound(WaitingKind.ROUND_LETTER, letter, partial(of_round_letter, letter))


def _application(one: Application, catalogue_of: Callable[[str], Catalogue | None]) -> WaitingItem:
    return of_application(one, catalogue_of(one.series))
