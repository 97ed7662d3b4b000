"""Watch links: one for each person and session, of which a newer one takes the older's place.

A link names its generation; the one that counts stands in a record. The first has none, so that
nothing is kept of the many that are never replaced.
"""

from datetime import datetime
from typing import ClassVar, NamedTuple

from shared.domain.record import Key, Record
from shared.domain.value import Value

HOLDER = "the person themselves"
# Somebody who asks for a new link again and again is answered; this many acts are remembered.
_ACTS_KEPT = 50


class LinkAct(Value):
    """That a link was replaced: by whom, why, when."""

    by: str
    why: str
    at: datetime


class WatchLink(Record):
    """Which link of a person to a session's recording counts. `generation` 0 is the first."""

    kind: ClassVar[str] = "watch_link"

    session: str
    generation: int = 0
    acts: tuple[LinkAct, ...] = ()

    @staticmethod
    def key_of(session: str, learner: str) -> Key:
        """Where it stands for that person and session."""
        return Key(f"SESSION#{session}", f"LINK#{learner}")

    def key(self) -> Key:
        return self.key_of(self.session, self.learner or "")

    def replaced(self, act: LinkAct) -> "WatchLink":
        """The link after a new one took its place."""
        acts = (*self.acts, act)[-_ACTS_KEPT:]
        return self.model_copy(update={"generation": self.generation + 1, "acts": acts})


class Linked(NamedTuple):
    """What a watch link is about."""

    session: str
    learner: str
    generation: int


def subject_of(session: str, learner: str, generation: int) -> str:
    """What the token of a watch link is signed for."""
    return f"{session}/{learner}" + (f"/{generation}" if generation else "")


def read_subject(subject: str) -> Linked | None:
    """The other way round; None for what is no such subject."""
    session, _, rest = subject.partition("/")
    learner, _, number = rest.partition("/")
    if not learner or (number and not (number.isascii() and number.isdecimal())):
        return None
    return Linked(session, learner, int(number or 0))
