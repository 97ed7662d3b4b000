"""Requests to give classes back, as letters about them draw on them."""

from datetime import UTC, datetime

from shared.domain.catalogue import Catalogue
from shared.domain.decisions import granted
from shared.domain.letters import LetterKind
from shared.domain.money import Money
from shared.domain.payments import Order
from shared.domain.refund_requests import RefundRequest, RefundRuling, RefundState
from shared.domain.refunds import shares

NOW = datetime(2025, 6, 1, 9, 30, tzinfo=UTC)
_STATES = {
    LetterKind.REFUND_REQUESTED: (RefundState.ASKED, RefundState.STAFF),
    LetterKind.REFUND_DECLINED: (RefundState.DECLINED,),
    LetterKind.REFUND_FAILED: (RefundState.FAILED,),
    LetterKind.CLASS_CANCELLED: (RefundState.ASKED,),
}


def a_request(
    order: Order, session: str, state: RefundState, number: int = 1, **changes: object
) -> RefundRequest:
    """A request for one class of an order, in that state."""
    if order.paid is None:
        raise ValueError("Nothing was paid that could be given back.")
    share = shares(order)[session]
    request = RefundRequest(
        request=f"{order.order}-r{number}", order=order.order, provider=order.provider,
        series=order.series or "", learner=order.learner, sessions=(session,),
        shares={session: share}, amount=Money(minor=share, currency=order.paid.currency),
        asked_at=NOW, state=state, decided=granted("refund-quote-1", "in_time", "In time."),
        ruling=RefundRuling(by="Noor", at=NOW, why="The class had begun when you wrote to us."),
    )  # fmt: skip
    return request.at(state, **changes)


def requests_of(kind: LetterKind, order: Order) -> tuple[RefundRequest, ...]:
    """The requests that a letter of that kind is about; none for other kinds."""
    states = _STATES.get(kind, ())
    pairs = zip(order.sessions[-2:], states, strict=False)
    return tuple(a_request(order, one, state, at) for at, (one, state) in enumerate(pairs, 1))


def cancelled(catalogue: Catalogue, *sessions: str, why: str = "Our speaker is ill.") -> Catalogue:
    """The catalogue with these classes cancelled."""
    changed = tuple(
        one.model_copy(update={"cancelled": why}) if one.id in sessions else one
        for one in catalogue.sessions
    )
    return catalogue.model_copy(update={"sessions": changed})
