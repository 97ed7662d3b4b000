"""What is known of a person when their credit is decided, besides their seat and their presence."""

from datetime import datetime
from typing import NamedTuple

from shared.domain.overrides import Overrides
from shared.domain.value import Value


class Practice(NamedTuple):
    """A profession that somebody told us, and the state of the licence ("" where none is held)."""

    profession: str
    state: str


class Standing(Value):
    """What they told us (and when), whether they evaluated the session, and what staff said.

    `practices` is None while they have told us nothing: nothing is guessed from that.
    """

    practices: tuple[Practice, ...] | None = None
    told_at: datetime | None = None
    evaluated: bool = False
    # Whether no certificate is given without the evaluation, and until when it can be sent.
    evaluation_required: bool = False
    evaluation_closes_at: datetime | None = None
    overrides: Overrides | None = None


NOTHING_KNOWN = Standing()
