"""Keep requests and their order in step: what facts made of a request, what is asked for next."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.catalogue import Catalogue, Session
from shared.domain.decisions import Decision, granted
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.money import Money
from shared.domain.payments import Order, OrderStatus
from shared.domain.record import Record
from shared.domain.refund_requests import (
    RULE_VERSION,
    RefundRequest,
    RefundState,
    no_refund,
    request_id,
)
from shared.domain.refunds import settled, shares
from shared.ports import Records

_DISPUTED = "The bank is looking into this payment; it may take the money back itself."


def settle_requests(
    order: Order, with_it: Sequence[Record], records: Records, now: datetime
) -> tuple[list[Record], list[Letter]]:
    """`with_it` with every request of the order as the facts make it, and the letters that owes."""
    mine = {one.request: one for one in with_it if isinstance(one, RefundRequest)}
    saved: list[Record] = [one for one in with_it if not isinstance(one, RefundRequest)]
    letters: list[Letter] = []
    for name in order.asked_back:
        before = mine.get(name)
        kept = before or records.get(RefundRequest.key_of(order.order, name), RefundRequest)
        if kept is None:
            continue
        after = settled(kept, order)
        if after != kept or before is not None:
            saved.append(after)
        if after.state is RefundState.FAILED and kept.state is not RefundState.FAILED:
            letters += letters_of_failed(after, now)
    return saved, letters


def asked_with(order: Order, *requests: RefundRequest) -> Order:
    """The order with the lines of these requests."""
    lines = {request.request: request.asked() for request in requests}
    return order.model_copy(update={"asked_back": {**order.asked_back, **lines}})


def make_request(
    order: Order,
    sessions: tuple[str, ...],
    state: RefundState,
    decided: Decision,
    now: datetime,
    **more: object,
) -> RefundRequest:
    """The next request for an order: these classes, at their shares."""
    assert order.paid is not None and order.series is not None  # noqa: S101 - it was granted
    worth = shares(order)
    parts = {session: worth[session] for session in sessions}
    request = RefundRequest(
        request=request_id(order.order, order.asked_back),
        order=order.order,
        provider=order.provider,
        series=order.series,
        learner=order.learner,
        sessions=sessions,
        shares=parts,
        amount=Money(minor=sum(parts.values()), currency=order.paid.currency),
        asked_at=now,
        state=state,
        decided=decided,
    )
    return request.at(state, **more)


def asked_for_cancelled(
    order: Order,
    catalogue: Catalogue,
    with_it: Sequence[Record],
    records: Records,
    now: datetime,
) -> tuple[Order, list[Record], list[Letter]]:
    """The order with a request for each class of it that the institute cancelled, and was paid for.

    Once per order and class. What its holder had asked of staff for such a class goes this way too.
    The requests are added to `with_it`.
    """
    if order.paid is None or order.status is None or not order.status.holds_money:
        return order, list(with_it), []
    known = {one.request: one for one in with_it if isinstance(one, RefundRequest)}
    letters: list[Letter] = []
    for session in catalogue.sessions:
        if session.cancelled is None or session.id not in order.sessions:
            continue
        if session.id in order.given_back:
            continue
        letters.append(letter_of_cancelled(session, order, now))
        asked = _open_requests(order, session.id, known, records)
        if any(one.state is not RefundState.STAFF or one.cause == "cancelled" for one in asked):
            continue  # its money is on its way
        known |= {one.request: _without(one, session.id) for one in asked}
        order = asked_with(order, *known.values())
        made = _of_cancelled(order, session, now)
        order = asked_with(order, made)
        known[made.request] = made
        if made.state is RefundState.STAFF:
            letters.append(letter_of_case(made, now))
    others = [one for one in with_it if not isinstance(one, RefundRequest)]
    return order, [*others, *known.values()], letters


def _of_cancelled(order: Order, session: Session, now: datetime) -> RefundRequest:
    text = f"The institute cancelled {session.title}."
    if order.status is OrderStatus.HELD and shares(order)[session.id] > 0:
        state, why = RefundState.STAFF, no_refund(f"{text} {_DISPUTED}", "disputed")
    else:
        state, why = RefundState.ASKED, granted(RULE_VERSION, "cancelled", text)
    return make_request(order, (session.id,), state, why, now, cause="cancelled")


def _without(request: RefundRequest, session: str) -> RefundRequest:
    """What was asked of staff, without the class that is cancelled."""
    rest = tuple(kept for kept in request.sessions if kept != session)
    if not rest:
        return request.at(RefundState.WITHDRAWN)
    money = sum(request.shares[kept] for kept in rest)
    amount = request.amount.model_copy(update={"minor": money})
    return request.model_copy(update={"sessions": rest, "amount": amount})


def _open_requests(
    order: Order, session: str, known: dict[str, RefundRequest], records: Records
) -> list[RefundRequest]:
    """The requests for that class that have not ended."""
    named = [
        name
        for name, asked in order.asked_back.items()
        if session in asked.sessions and not asked.ended
    ]
    found = [
        known.get(name) or records.get(RefundRequest.key_of(order.order, name), RefundRequest)
        for name in named
    ]
    return [one for one in found if one is not None]


def letter_of_cancelled(session: Session, order: Order, now: datetime) -> Letter:
    """That a class is cancelled: once per person and class, however many orders gave the seat."""
    return owe(
        LetterKind.CLASS_CANCELLED,
        f"{session.id}/{order.learner}",
        now,
        learner=order.learner,
        series=order.series,
        session=session.id,
        order=order.order,
    )


def letters_of_failed(request: RefundRequest, now: datetime) -> list[Letter]:
    """A refund came back: its person keeps the place and hears of it, staff find another way."""
    to_person = owe(
        LetterKind.REFUND_FAILED,
        f"{request.request}",
        now,
        learner=request.learner,
        series=request.series,
        order=request.order,
    )
    return [to_person, letter_of_case(request, now, "The refund was made, and it came back.")]


def letter_of_case(request: RefundRequest, now: datetime, why: str = "") -> Letter:
    """Staff hear of a request that a person must decide, or carry out by hand."""
    facts = (
        Fact(label="Request", value=request.request),
        Fact(label="Payment", value=request.order),
        Fact(label="For", value=", ".join(request.sessions)),
        Fact(label="To give back", value=str(request.amount)),
        Fact(label="They say", value=request.note or "nothing"),
    )
    code = "failed" if request.state is RefundState.FAILED else request.decided.reasons[0].code
    return owe(
        LetterKind.STAFF_REFUND_CASE,
        f"{request.request}/{code}",
        now,
        learner=request.learner,
        series=request.series,
        order=request.order,
        facts=facts,
        lines=(why or request.decided.why,),
    )
