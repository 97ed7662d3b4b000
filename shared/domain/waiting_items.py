"""What waits for a person: one item for each thing that the system could not decide by itself.

An item says what it is, why it waits, what is known of it, and one act that would settle it.
Staff's page and the daily letter list the same items in the same order, the oldest first.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.appeals import Appeal
from shared.domain.catalogue import Session
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.decisions import Reason
from shared.domain.letters import Fact, Letter
from shared.domain.likeness import Likeness
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import Mailbox
from shared.domain.payments import Order
from shared.domain.people import clean_name
from shared.domain.recording_release import Release
from shared.domain.refund_requests import RefundRequest, RefundState
from shared.domain.registrations import Learner
from shared.domain.unmatched import UnmatchedRows
from shared.domain.value import Value
from shared.domain.zones import say_span

# So long before a session its joining link has to be known.
LINK_IS_NEEDED = timedelta(days=7)
# Stands before what somebody wrote; not everybody at the desk reads that.
THEY_SAY = "They say"
# Whoever decides these looks at the request; all others wait for something to be mended first.
_TO_BE_WEIGHED = ("late", "over", "attended", "by_hand")


class WaitingKind(StrEnum):
    """What sort of thing waits. Each kind has one suggested act."""

    PAYMENT = "payment"
    REFUND = "refund"
    ATTENDANCE = "attendance"
    RECORDING = "recording"
    ADDRESS = "address"
    LETTER = "letter"
    CERTIFICATE = "certificate"
    LIKENESS = "likeness"
    JOINING_LINK = "joining_link"
    REFLECTION = "reflection"
    APPEAL = "appeal"


class WaitingItem(Value):
    """One thing that waits for a person, since when.

    `name` is what an act names it by, such as an order or a session, and is unique within its kind.
    `act` is what would settle it, in words.
    """

    kind: WaitingKind
    name: str
    since: datetime
    title: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[Fact, ...] = ()
    act: str
    series: str | None = None
    session: str | None = None
    learner: str | None = None

    @property
    def anchor(self) -> str:
        """Where it stands on staff's page. Tells nobody whose it is."""
        return f"{self.kind}-{hashlib.sha256(self.name.encode()).hexdigest()[:12]}"


def of_payment(order: Order, series: str | None) -> WaitingItem:
    """A payment that no price explains, or a refund that could mean several things.

    `series` sells what it came through, as far as that is known.
    """
    reasons, suggestion = _reasons(order.review.reasons if order.review else ())
    title = f"A payment of {order.price}" if order.price else "A payment that was never told"
    if order.offer is not None:
        title = f"A refund of {order.refunded}" if order.refunded else title
    buyer = " ".join((clean_name(order.buyer_name), f"<{order.buyer_address}>")).strip()
    evidence = [
        Fact(label="Payment", value=order.order),
        Fact(label="From", value=buyer if order.buyer_address else "Nobody says who paid"),
        Fact(
            label="Came through", value=", ".join(order.offer_ids) or "Nothing that names an offer"
        ),
    ]
    if order.refunded:
        evidence.append(Fact(label="Given back", value=str(order.refunded)))
    return WaitingItem(
        kind=WaitingKind.PAYMENT,
        name=order.order,
        since=_since(order.waiting_since),
        title=title,
        reasons=reasons,
        evidence=tuple(evidence),
        act=suggestion or "Say what it bought, or refuse it and give the money back.",
        series=series,
        learner=order.learner,
    )


def of_refund(request: RefundRequest, person: Learner | None) -> WaitingItem:
    """Money that is to go back and does not go by itself."""
    if request.state is RefundState.FAILED:
        act = "It came back. Ask them for another way, or give it back by hand."
    elif request.decided.reasons[0].code in _TO_BE_WEIGHED:
        act = "Give it back, in part if that is fair, or decline it with a reason they will read."
    else:
        act = "Give this amount back at the provider, or accept once the reason is gone."
    evidence = [
        Fact(label="Asked by", value=_who(person)),
        Fact(label="For", value=", ".join(request.sessions)),
        Fact(label="Payment", value=request.order),
    ]
    if request.note:
        evidence.append(Fact(label=THEY_SAY, value=request.note))
    return WaitingItem(
        kind=WaitingKind.REFUND,
        name=request.request,
        since=_since(request.waiting_since),
        title=f"{request.amount} is asked back",
        reasons=_reasons(request.decided.reasons)[0],
        evidence=tuple(evidence),
        act=act,
        series=request.series,
        learner=request.learner,
    )


def of_attendance(rows: UnmatchedRows, session: Session | None) -> WaitingItem:
    """People who were there and are nobody registered."""
    people = "1 person" if rows.people == 1 else f"{rows.people} people"
    return WaitingItem(
        kind=WaitingKind.ATTENDANCE,
        name=rows.session,
        since=_since(rows.waiting_since),
        title=f"{people} in the record of “{_title(session, rows.session)}”",
        reasons=("They are nobody who is registered, so they credit nobody.",),
        evidence=_held(session),
        act="Say who each of them is, or that they are nobody of ours.",
        series=rows.series,
        session=rows.session,
    )


def of_recording(release: Release, session: Session | None) -> WaitingItem:
    """A recording that is here and is not shared."""
    decision = release.decision
    return WaitingItem(
        kind=WaitingKind.RECORDING,
        name=release.session,
        since=_since(release.waiting_since),
        title=f"The recording of “{_title(session, release.session)}”",
        reasons=_reasons(decision.reasons if decision else ())[0],
        evidence=_held(session),
        act="Upload what is missing, or share it as it is.",
        series=release.series,
        session=release.session,
    )


def of_address(mailbox: Mailbox, person: Learner | None, series: str | None) -> WaitingItem:
    """Somebody whose letters come back."""
    learner = mailbox.learner or ""
    return WaitingItem(
        kind=WaitingKind.ADDRESS,
        name=learner,
        since=_since(mailbox.waiting_since),
        title=f"Letters to {_name(person)} come back",
        reasons=("The address does not exist, or takes no letters. What they missed is kept.",),
        evidence=(Fact(label="Address on file", value=person.address if person else "none"),),
        act="Find out their address another way, and correct it. What they missed is then sent.",
        series=series,
        learner=learner,
    )


def of_letter(letter: Letter, person: Learner | None) -> WaitingItem:
    """A letter that was refused, or that nobody knows the fate of."""
    what = letter.letter.value.removeprefix("staff_").replace("_", " ")
    to_whom = "staff" if letter.letter.to_staff else _who(person)
    return WaitingItem(
        kind=WaitingKind.LETTER,
        name=f"{letter.letter}#{letter.about}",
        since=_since(letter.waiting_since),
        title=f"A letter did not arrive: {what}",
        reasons=(letter.note,) if letter.note else (),
        evidence=(Fact(label="To", value=to_whom),),
        act="Send it once more, or reach them another way and say so.",
        series=letter.series,
        session=letter.session,
        learner=letter.learner,
    )


def of_certificate(certificate: Certificate) -> WaitingItem:
    """A certificate that was earned and could not be printed."""
    return WaitingItem(
        kind=WaitingKind.CERTIFICATE,
        name=f"{certificate.scope}/{certificate.learner}",
        since=_since(certificate.waiting_since),
        title=f"The certificate of {clean_name(certificate.text.name)} is not printed",
        reasons=(certificate.parked_because,) if certificate.parked_because else (),
        evidence=(Fact(label="Certificate", value=certificate.text.number),),
        act="Ask them to write their name on their own page in a script that can be printed.",
        series=certificate.series,
        learner=certificate.learner,
    )


def of_likeness(pair: Likeness, people: Iterable[Learner | None]) -> WaitingItem:
    """Two people who look like one with two addresses."""
    reasons, suggestion = _reasons(pair.found.reasons)
    return WaitingItem(
        kind=WaitingKind.LIKENESS,
        name=f"{pair.series}/{'+'.join(pair.pair)}",
        since=_since(pair.waiting_since),
        title="Two people look like one",
        reasons=reasons,
        evidence=tuple(Fact(label="Person", value=_who(person)) for person in people),
        act=suggestion or "Ask at one of the two addresses whether the other is theirs too.",
        series=pair.series,
    )


def of_reflection(made_up: MadeUp, person: Learner | None, session: Session | None) -> WaitingItem:
    """What somebody took from a recording, to be read before the part counts. Not told here."""
    return WaitingItem(
        kind=WaitingKind.REFLECTION,
        name=f"{made_up.session}/{made_up.learner}",
        since=_since(made_up.waiting_since),
        title=f"A reflection on “{_title(session, made_up.session)}”",
        reasons=("The part counts for them once a reflection on its recording is accepted.",),
        evidence=(Fact(label="From", value=_who(person)), *_held(session)),
        act="Read it, and accept it or say what is missing.",
        series=made_up.series,
        session=made_up.session,
        learner=made_up.learner,
    )


def of_appeal(
    appeal: Appeal,
    person: Learner | None,
    session: Session | None,
    verdict: Verdict | None,
    now: datetime,
) -> WaitingItem:
    """Somebody asks for a decision about them to be looked at again.

    What they wrote is read where the appeal is answered, and not here: it may be about their
    health, and this list goes out by letter, too.
    """
    decided = () if verdict is None else (*verdict.attended.reasons, *verdict.earned.reasons)
    late = "The day of the answer has passed." if appeal.overdue(now) else ""
    return WaitingItem(
        kind=WaitingKind.APPEAL,
        name=appeal.id,
        since=_since(appeal.waiting_since),
        title=f"{_name(person)} asks to look again at “{_title(session, appeal.scope)}”",
        reasons=tuple(filter(None, (late, *dict.fromkeys(reason.text for reason in decided)))),
        evidence=(Fact(label="Asked by", value=_who(person)),),
        act="Read it and answer: the decision stands, or you change it, and why.",
        series=appeal.series,
        session=session.id if session else None,
        learner=appeal.learner,
    )


def of_joining_link(session: Session, series: str) -> WaitingItem:
    """A session that is near, and nobody knows where to join it."""
    return WaitingItem(
        kind=WaitingKind.JOINING_LINK,
        name=session.id,
        since=session.starts_at - LINK_IS_NEEDED,
        title=f"“{session.title}” has no joining link",
        reasons=("It is less than a week away, and nobody has been told where to join.",),
        evidence=_held(session),
        act="Write the link into the catalogue and apply it.",
        series=series,
        session=session.id,
    )


def _reasons(reasons: Iterable[Reason]) -> tuple[tuple[str, ...], str]:
    """The reasons as sentences, and what the rule suggests, if it does."""
    told = list(reasons)
    why = tuple(reason.text for reason in told if reason.code != "suggestion")
    return why, next((reason.text for reason in told if reason.code == "suggestion"), "")


def _since(written: str | None) -> datetime:
    if written is None:
        raise ValueError("Only what waits is an item.")
    return datetime.fromisoformat(written)


def _name(person: Learner | None) -> str:
    return (clean_name(person.name) or person.address) if person else "somebody"


def _who(person: Learner | None) -> str:
    return f"{clean_name(person.name)} <{person.address}>".strip() if person else "Not known"


def _title(session: Session | None, session_id: str) -> str:
    return session.title if session else session_id


def _held(session: Session | None) -> tuple[Fact, ...]:
    if session is None:
        return ()
    held = say_span(session.starts_at, session.ends_at, session.zone)
    return (Fact(label="Held", value=held),)
