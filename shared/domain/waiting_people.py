"""People who wait for a person: who they are, how they are reached, what was decided of them."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.appeals import Appeal
from shared.domain.catalogue import Session
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.letters import Fact
from shared.domain.likeness import Likeness
from shared.domain.made_up import MadeUp
from shared.domain.mailboxes import Mailbox
from shared.domain.people import clean_name
from shared.domain.registrations import Learner
from shared.domain.unmatched import UnmatchedRows
from shared.domain.waiting_items import (
    WaitingItem,
    WaitingKind,
    held,
    name_of,
    reasons_of,
    title_of,
    waits_since,
    who,
)


def of_attendance(rows: UnmatchedRows, session: Session | None) -> WaitingItem:
    """People who were there and are nobody registered."""
    people = "1 person" if rows.people == 1 else f"{rows.people} people"
    return WaitingItem(
        kind=WaitingKind.ATTENDANCE,
        name=rows.session,
        since=waits_since(rows.waiting_since),
        title=f"{people} in the record of “{title_of(session, rows.session)}”",
        reasons=("They are nobody who is registered, so they credit nobody.",),
        evidence=held(session),
        act="Say who each of them is, or that they are nobody of ours.",
        series=rows.series,
        session=rows.session,
    )


def of_address(mailbox: Mailbox, person: Learner | None, series: str | None) -> WaitingItem:
    """Somebody whose letters come back."""
    learner = mailbox.learner or ""
    return WaitingItem(
        kind=WaitingKind.ADDRESS,
        name=learner,
        since=waits_since(mailbox.waiting_since),
        title=f"Letters to {name_of(person)} come back",
        reasons=("The address does not exist, or takes no letters. What they missed is kept.",),
        evidence=(Fact(label="Address on file", value=person.address if person else "none"),),
        act="Find out their address another way, and correct it. What they missed is then sent.",
        series=series,
        learner=learner,
    )


def of_certificate(certificate: Certificate) -> WaitingItem:
    """A certificate that was earned and could not be printed."""
    return WaitingItem(
        kind=WaitingKind.CERTIFICATE,
        name=f"{certificate.scope}/{certificate.learner}",
        since=waits_since(certificate.waiting_since),
        title=f"The certificate of {clean_name(certificate.text.name)} is not printed",
        reasons=(certificate.parked_because,) if certificate.parked_because else (),
        evidence=(Fact(label="Certificate", value=certificate.text.number),),
        act="Ask them to write their name on their own page in a script that can be printed.",
        series=certificate.series,
        learner=certificate.learner,
    )


def of_likeness(pair: Likeness, people: Iterable[Learner | None]) -> WaitingItem:
    """Two people who look like one with two addresses."""
    reasons, suggestion = reasons_of(pair.found.reasons)
    return WaitingItem(
        kind=WaitingKind.LIKENESS,
        name=f"{pair.series}/{'+'.join(pair.pair)}",
        since=waits_since(pair.waiting_since),
        title="Two people look like one",
        reasons=reasons,
        evidence=tuple(Fact(label="Person", value=who(person)) for person in people),
        act=suggestion or "Ask at one of the two addresses whether the other is theirs too.",
        series=pair.series,
    )


def of_reflection(made_up: MadeUp, person: Learner | None, session: Session | None) -> WaitingItem:
    """What somebody took from a recording, to be read before the part counts. Not told here."""
    return WaitingItem(
        kind=WaitingKind.REFLECTION,
        name=f"{made_up.session}/{made_up.learner}",
        since=waits_since(made_up.waiting_since),
        title=f"A reflection on “{title_of(session, made_up.session)}”",
        reasons=("The part counts for them once a reflection on its recording is accepted.",),
        evidence=(Fact(label="From", value=who(person)), *held(session)),
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
        since=waits_since(appeal.waiting_since),
        title=f"{name_of(person)} asks to look again at “{title_of(session, appeal.scope)}”",
        reasons=tuple(filter(None, (late, *dict.fromkeys(reason.text for reason in decided)))),
        evidence=(Fact(label="Asked by", value=who(person)),),
        act="Read it and answer: the decision stands, or you change it, and why.",
        series=appeal.series,
        session=session.id if session else None,
        learner=appeal.learner,
    )
