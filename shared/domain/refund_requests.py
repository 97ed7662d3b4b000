"""Requests to give classes back: what was asked, what became of it, and who has the next word.

A request is made together with a line on its order, so one class is never asked for twice at once.
What became of its money is read from the order's facts, like everything about money.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from shared.domain.decisions import Decision, Reason, refused
from shared.domain.money import Money
from shared.domain.record import Key, Record
from shared.domain.value import Value

RULE_VERSION = "refund-request-1"
# A request waits under the first word until its money has moved, under the second for staff.
MOVING = "refund"
FOR_STAFF = "refund_case"


class AskedBack(Value):
    """On an order: classes that are asked back, and for how much; for nothing, they are given up.

    `refund` is the provider's id of it, once there is one; `ended` that nothing more comes of it.
    """

    sessions: tuple[str, ...]
    amount: Money
    refund: str = ""
    ended: bool = False

    @property
    def gives_up(self) -> bool:
        """Whether nothing is to be paid back, so that the places simply end."""
        return self.amount.minor == 0 and not self.ended


class RefundState(StrEnum):
    """Where a request is.

    MOVING: the provider is being asked. SENT: it has taken it and has not yet said that it is done.
    """

    ASKED = "asked"
    MOVING = "moving"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    STAFF = "staff"
    DECLINED = "declined"
    # Nothing came of it: the class was cancelled, or the money went back another way.
    WITHDRAWN = "withdrawn"


_WAITS = {
    RefundState.ASKED: MOVING,
    RefundState.MOVING: MOVING,
    RefundState.SENT: MOVING,
    RefundState.STAFF: FOR_STAFF,
    RefundState.FAILED: FOR_STAFF,
}


class RefundRuling(Value):
    """What staff said of a request: who, when, why, and how much goes back if any does."""

    by: str
    at: datetime
    why: str
    amount: Money | None = None


class RefundRequest(Record):
    """One request. `cause` is who wants it: the learner, or the institute that cancelled a class.

    `request` names it for ever, and the provider is told it, so that it moves money once.
    `shares` are what each class was to bring back when it was asked; `decided` says why it went the
    way it went.
    """

    kind: ClassVar[str] = "refund_request"

    request: str
    order: str
    provider: str
    series: str
    learner: str | None = None
    cause: Literal["learner", "cancelled"] = "learner"
    sessions: tuple[str, ...]
    shares: dict[str, int]
    amount: Money
    note: str = ""
    asked_at: datetime
    state: RefundState
    decided: Decision
    ruling: RefundRuling | None = None
    refund: str = ""
    attempts: int = 0
    tried_at: datetime | None = None

    @staticmethod
    def key_of(order: str, request: str) -> Key:
        """Where that request stands: with its order."""
        return Key(f"ORDER#{order}", f"REFUND#{request}")

    def key(self) -> Key:
        return self.key_of(self.order, self.request)

    @property
    def payment(self) -> str:
        """What the provider calls the payment."""
        return self.order.removeprefix(f"{self.provider}-")

    def at(self, state: RefundState, **more: object) -> "RefundRequest":
        """The request in another state. It waits since it was asked, whoever it waits for."""
        since = self.asked_at.isoformat() if state in _WAITS else None
        update = {"state": state, "waiting": _WAITS.get(state), "waiting_since": since}
        return self.model_copy(update=update | more)

    def asked(self) -> AskedBack:
        """The line of it on its order."""
        ended = self.state in (RefundState.DECLINED, RefundState.WITHDRAWN)
        return AskedBack(
            sessions=self.sessions, amount=self.amount, refund=self.refund, ended=ended
        )


def request_id(order: str, asked_before: Iterable[str]) -> str:
    """The name of the next request for that order: each of them once, whoever asks."""
    return f"{order}-r{len(list(asked_before)) + 1}"


def order_of_request(request: str) -> str:
    """The order that a request's name says it is for."""
    return request.rpartition("-r")[0]


class Repayment(Value):
    """What a provider is asked to do: give so much of a payment back, once, whoever asks again.

    `heard_of` is what we know of having gone back otherwise, in minor units. If the provider knows
    of more, somebody gave money back by hand and we have not been told yet: not now.
    """

    request: str
    payment: str
    amount: Money
    sessions: tuple[str, ...]
    heard_of: int = 0


def no_refund(text: str, code: str = "provider_refused") -> Decision:
    """Why money does not move by itself; what becomes of the request is for staff."""
    return refused(RULE_VERSION, Reason(code=code, text=text))
