"""A person's ledger: everything that happened to them, in order, with who did it and why.

Facts (what came from outside), decisions (what rules made of them), letters, and what staff did.
Every line is read from a record that is kept anyway; nothing is written down for this.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from shared.domain.appeals import Appeal
from shared.domain.audits import Audit
from shared.domain.awards import Award
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.decisions import Decision
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.holds import Hold
from shared.domain.letters import Letter
from shared.domain.likeness import SamePerson
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.openings import Opening
from shared.domain.overrides import Overrides
from shared.domain.particulars import ParticularsTold
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.refund_requests import RefundRequest
from shared.domain.registrations import Registration
from shared.domain.value import Value
from shared.domain.watch_links import WatchLink

# What is asked for of a person, by one question.
KINDS: tuple[type[Record], ...] = (
    *(Order, Registration, RefundRequest, Award),
    *(Verdict, Certificate, DecisionWanted, Overrides, MadeUp),
    *(Letter, Mailbox, AddressChange, ParticularsTold),
    *(Opening, WatchLink, Audit, Hold, Appeal, SamePerson),
)


class Sort(StrEnum):
    """What kind of line it is."""

    FACT = "fact"
    DECISION = "decision"
    LETTER = "letter"
    STAFF = "staff"


class Entry(Value):
    """One line. `money` says that it is about money alone; `why` and `by` are empty if not known.

    `codes` are the reasons of a decision for those who may not read them in words.
    """

    at: datetime
    sort: Sort
    text: str
    why: str = ""
    by: str = ""
    codes: tuple[str, ...] = ()
    money: bool = False


def ledger(kept: Sequence[Record], titles: Mapping[str, str]) -> tuple[Entry, ...]:
    """Every line of these records, the earliest first. `titles` name sessions and series."""
    lines = [line for record in kept for line in _lines(record, titles)]
    return tuple(sorted(lines, key=lambda line: (line.at, line.sort, line.text)))


def for_money(lines: Sequence[Entry]) -> tuple[Entry, ...]:
    """What somebody may read who looks after money: no words of anybody, and codes for reasons."""
    return tuple(
        line if line.money else line.model_copy(update={"why": ", ".join(line.codes)})
        for line in lines
    )


def _lines(record: Record, titles: Mapping[str, str]) -> Iterator[Entry]:
    match record:
        case Order():
            yield from _of_order(record)
        case Registration():
            text = f"A seat: {_title(record.session, titles)}. By now it is {record.status}."
            yield Entry(at=record.registered_at, sort=Sort.FACT, text=text, money=True)
        case RefundRequest():
            yield from _of_request(record)
        case Award():
            text = f"A scholarship was offered: {record.amount}. By now it is {record.status}."
            yield Entry(at=record.offered_at, sort=Sort.DECISION, text=text, money=True)
        case Verdict():
            yield from _of_verdict(record, titles)
        case Certificate():
            yield from _of_certificate(record, titles)
        case DecisionWanted():
            what = record.cause.partition("/")[0]
            text = f"To be decided again, because of {_CAUSES.get(what, what)}"
            told = f"{text}: {_title(record.session, titles)}."
            yield Entry(at=record.wanted_at, sort=Sort.DECISION, text=told)
        case Overrides():
            yield from _of_overrides(record, titles)
        case Letter():
            yield from _of_letter(record, titles)
        case Appeal():
            text = f"They questioned a decision: {_title(record.scope, titles)}."
            yield Entry(at=record.asked_at, sort=Sort.FACT, text=text)
            if record.answered_at is not None:
                text = f"That was answered: {record.outcome or 'closed'}."
                by, why = record.by or "", record.why
                yield Entry(at=record.answered_at, sort=Sort.STAFF, text=text, by=by, why=why)
        case Hold():
            for word in record.said:
                text = "Their places were put on hold." if word.holds else "The hold was lifted."
                yield Entry(at=word.at, sort=Sort.STAFF, text=text, by=word.by, why=word.why)
        case SamePerson():
            text = "Another address counts as theirs too, from then on."
            yield Entry(at=record.at, sort=Sort.STAFF, text=text, by=record.by, why=record.why)
            if record.parted is not None:
                text = "It is another person's after all."
                said = record.parted
                yield Entry(at=said.at, sort=Sort.STAFF, text=text, by=said.by, why=said.why)
        case Audit():
            text = f"At the desk: {record.act.replace('-', ' ')}, {record.came_of}."
            yield Entry(at=record.at, sort=Sort.STAFF, text=text, by=record.by, why=record.why)
        case _:
            yield from _of_themselves(record, titles)


_CAUSES = {
    "payment": "a payment",
    "override": "what staff said",
    "particulars": "what they told of themselves",
    "evaluation": "their evaluation",
    "made_up": "a part that was made up",
    "hold": "a hold",
    "same-person": "being one person with somebody",
    "two-people": "being two people after all",
}


def _of_order(order: Order) -> Iterator[Entry]:
    amount = order.price
    waits = f" It waits for staff: {order.review.why}" if order.review else ""
    said = "Paid" if order.paid else "To be paid" if order.pending else "A payment was named"
    text = (
        f"{said}{f' {amount}' if amount else ''} by {order.provider}, order {order.order}.{waits}"
    )
    yield Entry(at=order.first_seen_at, sort=Sort.FACT, text=text, money=True)
    for refund in order.refunds.values():
        state = "failed" if refund.failed else "went back" if refund.counts else "is on its way"
        text = f"{refund.amount or 'A refund'} {state}, order {order.order}."
        yield Entry(at=refund.first_said_at, sort=Sort.FACT, text=text, money=True)
    if order.refunded_at is not None and not order.refunds:
        text = f"{order.refunded or 'Money'} went back, order {order.order}."
        yield Entry(at=order.refunded_at, sort=Sort.FACT, text=text, money=True)
    if order.ruling is not None:
        offer = order.ruling.offer
        text = (
            f"Order {order.order} was accepted as {offer}."
            if offer
            else (f"Order {order.order} was refused.")
        )
        yield Entry(
            at=order.ruling.at,
            sort=Sort.STAFF,
            text=text,
            by=order.ruling.by,
            why=order.ruling.why,
            money=True,
        )


def _of_request(request: RefundRequest) -> Iterator[Entry]:
    asked = "They asked back" if request.cause == "learner" else "A cancelled class gives back"
    text = f"{asked} {request.amount} of order {request.order}. By now it is {request.state}."
    yield Entry(at=request.asked_at, sort=Sort.FACT, text=text, money=True)
    if request.ruling is not None:
        text = f"The request {request.request} was ruled on."
        said = request.ruling
        yield Entry(at=said.at, sort=Sort.STAFF, text=text, by=said.by, why=said.why, money=True)


def _of_verdict(verdict: Verdict, titles: Mapping[str, str]) -> Iterator[Entry]:
    title = _title(verdict.scope, titles)
    attended = "attended" if verdict.attended.granted else "attendance not complete"
    earned = "certificate earned" if verdict.earned.granted else "no certificate"
    yield Entry(
        at=verdict.decided_at,
        sort=Sort.DECISION,
        text=f"Decided: {title}: {attended}, {verdict.minutes} minutes; {earned}.",
        why=_why(verdict.attended, verdict.earned),
        codes=tuple(
            dict.fromkeys(
                reason.code for one in (verdict.attended, verdict.earned) for reason in one.reasons
            )
        ),
    )


def _of_certificate(certificate: Certificate, titles: Mapping[str, str]) -> Iterator[Entry]:
    name = f"certificate {certificate.text.number}"
    text = f"Earned: {name}, {_title(certificate.scope, titles)}."
    yield Entry(at=certificate.reserved_at, sort=Sort.DECISION, text=text)
    if certificate.issued_at is not None:
        yield Entry(at=certificate.issued_at, sort=Sort.FACT, text=f"Issued: {name}.")
    for act in certificate.acts:
        text = f"{act.what.replace('_', ' ').capitalize()}: {name}."
        yield Entry(at=act.at, sort=Sort.STAFF, text=text, by=act.by, why=act.why)


def _of_overrides(said: Overrides, titles: Mapping[str, str]) -> Iterator[Entry]:
    title = _title(said.scope, titles)
    for word in said.said:
        text = (
            f"{word.about.capitalize()} {'counts' if word.granted else 'does not count'}: {title}."
        )
        yield Entry(at=word.at, sort=Sort.STAFF, text=text, by=word.by, why=word.why)
        if word.withdrawn is not None:
            text = f"Taken back, what was said of {word.about}: {title}."
            back = word.withdrawn
            yield Entry(at=back.at, sort=Sort.STAFF, text=text, by=back.by, why=back.why)


def _of_letter(letter: Letter, titles: Mapping[str, str]) -> Iterator[Entry]:
    if letter.letter.to_staff:
        return
    about = _title(letter.session or letter.series or "", titles)
    copy = f", copy {letter.again}" if letter.again else ""
    name = f"“{letter.letter.value.replace('_', ' ')}”{copy}{f', {about}' if about else ''}"
    note = letter.note or ""
    if letter.sent_at is None:
        text = f"Letter {name}: {letter.status.lower()}."
        yield Entry(at=letter.owed_at, sort=Sort.LETTER, text=text, why=note)
    else:
        yield Entry(at=letter.sent_at, sort=Sort.LETTER, text=f"Letter {name}: sent.", why=note)
    if letter.delivered_at is not None:
        text = f"Letter {name}: arrived."
        yield Entry(at=letter.delivered_at, sort=Sort.LETTER, text=text)


def _of_themselves(record: Record, titles: Mapping[str, str]) -> Iterator[Entry]:
    """What they did, or what happened to their mailbox."""
    match record:
        case ParticularsTold():
            text = "They told their profession, licences or name for certificates."
            yield Entry(at=record.told_at, sort=Sort.FACT, text=text)
        case MadeUp() if record.sent_at is not None:
            text = f"They made up for {_title(record.session, titles)}."
            yield Entry(at=record.sent_at, sort=Sort.FACT, text=text, by=record.approved_by or "")
        case AddressChange():
            yield Entry(at=record.asked_at, sort=Sort.FACT, text="A new address was named.")
            if record.confirmed_at is not None:
                text = "The new address was confirmed."
                yield Entry(at=record.confirmed_at, sort=Sort.FACT, text=text)
        case Mailbox():
            for at, text in (
                (record.bounced_at, "Letters came back from their address."),
                (record.complained_at, "They reported a letter as unwanted."),
                (record.unsubscribed_at, "They want no more reminders."),
            ):
                if at is not None:
                    yield Entry(at=at, sort=Sort.FACT, text=text)
        case Opening():
            title = _title(record.session, titles)
            text = f"They opened the recording of {title} for the first of {record.count} times."
            yield Entry(at=record.first_at, sort=Sort.FACT, text=text)
        case WatchLink():
            for act in record.acts:
                text = f"A new link to the recording of {_title(record.session, titles)}."
                yield Entry(at=act.at, sort=Sort.STAFF, text=text, by=act.by, why=act.why)
        case _:
            return


def _title(scope: str, titles: Mapping[str, str]) -> str:
    return titles.get(scope, scope)


def _why(*decisions: Decision) -> str:
    reasons = dict.fromkeys(reason.text for one in decisions for reason in one.reasons)
    return " ".join(reasons)
