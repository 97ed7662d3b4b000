"""That one person's credit is to be decided again, because something about them has changed.

It is committed together with what changed, so the one is never there without the other.
"""

import hashlib
from datetime import datetime
from typing import ClassVar

from shared.domain.record import Key, Record

WAITING = "decision"


_PAYMENT = "payment/"


def cause_of_payment(order: str, version: int) -> str:
    """The cause that a payment is, as that order then stood."""
    return f"{_PAYMENT}{order}/{version}"


class DecisionWanted(Record):
    """One cause to decide one person's credit in one session (and the unit it belongs to) again.

    `cause` says what changed, in codes and ids: "payment/cs_1/3", "particulars/2". The same cause
    is wanted once. It waits as "decision" until it has been decided, or has become pointless.
    """

    kind: ClassVar[str] = "decision_wanted"

    session: str
    series: str
    learner: str
    cause: str
    wanted_at: datetime
    settled_at: datetime | None = None

    @staticmethod
    def key_of(session: str, learner: str, cause: str) -> Key:
        """Where that cause stands. `cause` is the words, or the short name made of them."""
        return Key(f"AGAIN#{session}", f"{learner}#{short(cause)}")

    @property
    def of_payment(self) -> bool:
        """Whether a payment caused it: a close that is still to come reads that by itself."""
        return self.cause.startswith(_PAYMENT)

    def key(self) -> Key:
        return self.key_of(self.session, self.learner, self.cause)

    def execution(self, again: str = "") -> str:
        """The business key of its run; `again` sets a later attempt apart. At most 80 characters.

        No name of a person is in it: what identifies them is hashed along with the cause.
        """
        named = short(f"{self.learner}/{self.cause}")
        return f"again-{self.session}-{named}" + (f"-{again}" if again else "")

    def settled(self, now: datetime) -> "DecisionWanted":
        """The cause once nothing waits for it any more."""
        return self.model_copy(update={"settled_at": now, "waiting": None, "waiting_since": None})


def want_decision(
    session: str, series: str, learner: str, cause: str, now: datetime
) -> DecisionWanted:
    """A decision that is wanted from `now` on."""
    return DecisionWanted(
        session=session,
        series=series,
        learner=learner,
        cause=cause,
        wanted_at=now,
        waiting=WAITING,
        waiting_since=now.isoformat(),
    )


def short(cause: str) -> str:
    """Sixteen letters and digits for a cause of any length; such a name stands for itself."""
    if len(cause) == 16 and all(letter in "0123456789abcdef" for letter in cause):
        return cause
    return hashlib.sha256(cause.encode()).hexdigest()[:16]
