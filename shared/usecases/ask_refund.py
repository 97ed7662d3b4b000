"""Give classes back from one's own page: see first what comes back, then ask, once."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision, Reason, granted, refused
from shared.domain.forms import clean_text
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.refund_quote import RULE_VERSION, RefundLine, RefundQuote, quote_refund
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.refund_views import LONGEST_NOTE, RefundView
from shared.domain.sessions import Series, SeriesRevision
from shared.failures import SoldOut
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_purchase import find_purchase
from shared.usecases.grant_order import Purchase, grant_order
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.settle_refunds import asked_with, letter_of_case, make_request

NOTHING_CHOSEN = "Which class would you like to give back? Please choose at least one."
CHANGED = "What you get back has changed since you opened this page. Please look once more."


def open_refund(
    token: str,
    order_id: str,
    chosen: Sequence[str] = (),
    *,
    keys: list[bytes],
    records: Records,
    now: datetime,
) -> RefundView | NotFound:
    """The quote of one's own order, or of the classes chosen. Opening it changes nothing."""
    person = holder_of(token, keys=keys, records=records, now=now)
    order = records.get(Order.key_of(order_id), Order)
    if person is None or order is None or order.learner != person.learner:
        return NotFound()
    series = records.get(Series.key_of(order.series or ""), Series)
    if series is None:
        return NotFound()
    revision = Series.key_of(series.series, order.catalogue_revision or "")
    bought = records.get(revision, SeriesRevision) or series
    quote = quote_refund(
        order,
        bought.catalogue,
        series.catalogue,
        now,
        attended=_attended(order, records),
    )
    can_be_asked = [line.session for line in quote.lines if line.can_be_asked]
    named = tuple(session for session in can_be_asked if session in chosen)
    if not chosen and len(quote.lines) == 1 and can_be_asked:
        named = tuple(can_be_asked)  # there is nothing to choose
    partition, prefix = RefundRequest.key_of(order.order, "")
    return RefundView(
        step="confirm" if named else "choose",
        catalogue=series.catalogue,
        order=order,
        quote=quote,
        wording=bought.catalogue.policies.refund.wording,
        chosen=named,
        requests=tuple(records.find(partition, RefundRequest, prefix)),
    )


def ask_refund(
    token: str,
    order_id: str,
    chosen: Sequence[str],
    seal: str,
    note: str = "",
    *,
    keys: list[bytes],
    records: Records,
    now: datetime,
) -> RefundView | NotFound:
    """Ask for what was shown under that seal, once, and show where it stands then.

    What is in time is handed to the provider, what is late to staff, what cost nothing ends at
    once. Asked again, nothing more happens. Raises Unavailable if it could not be written.
    """

    def attempt() -> RefundView | NotFound:
        view = open_refund(token, order_id, chosen, keys=keys, records=records, now=now)
        if isinstance(view, NotFound):
            return view
        lines = [view.quote.line(session) for session in dict.fromkeys(chosen)]
        known = [line for line in lines if line is not None]
        if not known:
            return view.model_copy(update={"step": "choose", "problem": NOTHING_CHOSEN})
        if all(line.reason.code in ("under_way", "given_back") for line in known):
            return view.model_copy(update={"step": "asked"})  # clicked twice, or in two tabs
        fits = seal == view.quote.seal_of([line.session for line in known])
        if not fits or not all(line.can_be_asked for line in known):
            return view.model_copy(update={"problem": CHANGED})
        _commit(view, known, clean_text(note)[:LONGEST_NOTE], records, keys[0], now)
        shown = open_refund(token, order_id, (), keys=keys, records=records, now=now)
        if isinstance(shown, NotFound):
            return shown
        sessions = tuple(line.session for line in known)
        return shown.model_copy(update={"step": "asked", "chosen": sessions})

    return until_committed(attempt)


def _commit(
    view: RefundView,
    lines: list[RefundLine],
    note: str,
    records: Records,
    key: bytes,
    now: datetime,
) -> None:
    """The requests, their lines on the order and the owed letters, as one commit."""
    order, requests = view.order, list[RefundRequest]()
    letters: list[Letter] = []
    for way, state in (
        ("now", RefundState.ASKED),
        ("staff", RefundState.STAFF),
        ("give_up", RefundState.ASKED),
    ):
        sessions = tuple(line.session for line in lines if line.way == way)
        if not sessions:
            continue
        kept = note if state is RefundState.STAFF else ""
        request = make_request(order, sessions, state, _why(view.quote, sessions), now, note=kept)
        order = asked_with(order, request)
        requests.append(request)
        if state is RefundState.STAFF:
            letters.append(letter_of_case(request, now))
    if any(request.amount.minor for request in requests):
        letters.append(_letter_of_request(requests[0], now))
    owed: list[Record] = [*requests, *not_yet_owed(letters, records)]
    commit_with_order(order, *owed, records=records, identity_key=key, now=now)


def commit_with_order(
    order: Order, *with_it: Record, records: Records, identity_key: bytes, now: datetime
) -> None:
    """Commit an order that was granted before, with what its facts and requests come to now."""
    found = find_purchase(order, records, order.live, identity_key)
    if isinstance(found, Purchase):
        try:
            grant_order(order, found, *with_it, records=records, identity_key=identity_key, now=now)
            return
        except SoldOut:
            pass  # a place that money restored was sold meanwhile: the payment's own event says so
    records.commit(order, *with_it)


def _why(quote: RefundQuote, sessions: tuple[str, ...]) -> Decision:
    """Why these classes go this way: the reason of each, once."""
    lines = [line for line in quote.lines if line.session in sessions]
    reasons = tuple(dict.fromkeys((line.reason.code, line.reason.text) for line in lines))
    if all(line.way != "staff" for line in lines):
        return granted(RULE_VERSION, reasons[0][0], " ".join(text for _, text in reasons))
    return refused(RULE_VERSION, *(Reason(code=code, text=text) for code, text in reasons))


def _letter_of_request(request: RefundRequest, now: datetime) -> Letter:
    return owe(
        LetterKind.REFUND_REQUESTED,
        request.request,
        now,
        learner=request.learner,
        series=request.series,
        order=request.order,
    )


def _attended(order: Order, records: Records) -> frozenset[str]:
    """The classes of the order that the person took part in, as far as it was decided."""
    learner = order.learner or ""
    scopes = {session: (session, order.series or "") for session in order.sessions}
    return frozenset(
        session
        for session, (own, unit) in scopes.items()
        if _was_there(own, learner, records)
        or records.get(Certificate.key_of(unit, learner), Certificate) is not None
    )


def _was_there(session: str, learner: str, records: Records) -> bool:
    verdict = records.get(Verdict.key_of(session, learner), Verdict)
    if verdict is not None:
        return verdict.attended.granted
    return records.get(Certificate.key_of(session, learner), Certificate) is not None
