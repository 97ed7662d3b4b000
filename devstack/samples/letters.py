"""What a letter of any kind is made from, as samples: every kind, for both institutes."""

from datetime import timedelta
from typing import Any, Final

from devstack.samples.institutes import LEARNER_ID, NOW, PUBLIC_ID, SITE
from devstack.samples.notices import is_notice, notice_facts
from devstack.samples.people import (
    REVOKED,
    a_certificate,
    a_learner,
    a_verdict,
    an_appeal,
    an_order,
)
from devstack.samples.refunds import cancelled, requests_of
from devstack.samples.rounds import (
    REFERENCE,
    SENT_AT,
    an_accepted_award,
    an_application,
    an_award,
    policy_of,
    with_round,
)
from devstack.samples.staff import listed_for_staff, told_to_staff
from shared.domain.catalogue import Catalogue
from shared.domain.decisions import Reason, granted, refused
from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import LetterKind, owe
from shared.domain.money import Money
from shared.domain.progress import progress_of
from shared.domain.registrations import Learner
from shared.domain.rounds import Round

# Letters that say what was decided.
DECIDED: Final = {LetterKind.NO_CERTIFICATE, LetterKind.PARTICULARS_WANTED}
# Letters that lead to a recording.
OF_RECORDINGS: Final = (LetterKind.RECORDING, LetterKind.RECORDING_LINK)


def letter_facts(kind: LetterKind, catalogue: Catalogue | None, **changes: Any) -> LetterFacts:
    """All that a letter of that kind may draw on; keywords replace fields.

    Learners' letters are about the largest offer of the catalogue, staff's about its last session.
    """
    if kind.to_staff or catalogue is None:
        session = catalogue.sessions[-1] if catalogue else None
        facts, lines = told_to_staff(kind)
        letter = owe(
            kind, "subject-1", NOW, session=session.id if session else None,
            staff=("staff@example.org",), order="pi_3RVexample0001", facts=facts, lines=lines,
            listed=listed_for_staff(kind),
        )  # fmt: skip
        known = LetterFacts(letter=letter, catalogue=catalogue, links={"desk": f"{SITE}/staff"})
        return known.model_copy(update=changes)
    offer = max(catalogue.prices, key=lambda line: (len(line.sessions), line.tier == "general"))
    of_certificate = kind.value.startswith("certificate")
    late = of_certificate or kind in {*OF_RECORDINGS, *DECIDED}
    withdrawn = kind is LetterKind.CERTIFICATE_REVOKED
    sessions = catalogue.sessions
    order = an_order(catalogue, offer.id, **_money(kind, offer.price))
    requests = requests_of(kind, order)
    if kind is LetterKind.CLASS_CANCELLED:
        catalogue = cancelled(catalogue, sessions[-1].id)
        sessions = catalogue.sessions[-1:]
    elif requests:
        asked = {session for one in requests for session in one.sessions}
        sessions = tuple(session for session in sessions if session.id in asked)
    elif kind in OF_RECORDINGS:
        sessions = sessions[:1]
    elif late and catalogue.policies.certificate.per == "session":
        sessions = sessions[-1:]
    known = LetterFacts(
        letter=owe(kind, "order-1", sessions[-1].ends_at if late else NOW, learner=LEARNER_ID),
        catalogue=catalogue,
        learner=a_learner(),
        order=order,
        requests=requests,
        back=requests[0].amount if requests else None,
        sessions=sessions,
        tier=catalogue.tier(offer.tier),
        certificate=a_certificate(catalogue, **(REVOKED if withdrawn else {}))
        if of_certificate
        else None,
        document=b"%PDF-1.7 example" if of_certificate and not withdrawn else None,
        verdict=a_verdict(catalogue, "You joined at 12:24 pm; the class asks for 12:15 pm.")
        if kind in DECIDED
        else None,
        **_through(kind, catalogue),
        appeal=an_appeal(catalogue, sessions[-1].id, kind)
        if kind.value.startswith("appeal")
        else None,
        masked_address="a•••@example.com" if kind is LetterKind.ADDRESS_AGREE else "",
        links={
            "me": f"{SITE}/me/token",
            "confirm": f"{SITE}/address/token",
            "watch": f"{SITE}/watch/token",
            "my_certificate": f"{SITE}/my/token",
            "certificate": f"{SITE}/c/{PUBLIC_ID}",
            **{f"join:{session.id}": session.joining_link or "" for session in sessions},
        },
    )
    return known.model_copy(update=changes)


def _through(kind: LetterKind, catalogue: Catalogue) -> dict[str, Any]:
    """How far the reader is through a unit: the first part was missed, and can be made up for."""
    if catalogue.policies.certificate.per != "unit":
        return {}
    first, *others = catalogue.held_sessions
    missed = Reason(code="late", text="You joined at 6:24 pm.")
    attended = {first.id: refused("attendance-3", missed)}
    if kind is LetterKind.NO_CERTIFICATE:
        yes = granted("attendance-3", "attended", "You were there for 118 minutes.")
        attended |= {part.id: yes for part in others}
        return {"progress": progress_of(catalogue, attended, frozenset(), others[-1].ends_at)}
    if kind is not LetterKind.RECORDING:
        return {}
    until = first.ends_at + timedelta(days=30)
    progress = progress_of(catalogue, attended, frozenset(), first.ends_at)
    return {"progress": progress, "make_up_until": until}


def facts_of(kind: LetterKind, catalogue: Catalogue | None, **changes: Any) -> LetterFacts:
    """All that a letter of that kind may draw on, those of a scholarship round among them."""
    if catalogue is not None and is_notice(kind):
        return notice_facts(kind, catalogue, **changes)
    if not kind.of_a_round or catalogue is None:
        return letter_facts(kind, catalogue, **changes)
    if catalogue.policies.scholarship is None:
        catalogue = with_round(catalogue)
    known: dict[str, Any] = {"learner": a_learner(), "application": an_application(catalogue)}
    links = {"my_application": f"{SITE}/my-application/token"}
    match kind:
        case LetterKind.REVIEW_WANTED | LetterKind.REVIEW_REMINDER:
            reviewer = Learner(
                learner="R1", name="", address="one@readers.example", named_by=(SENT_AT, "x")
            )
            known = {"learner": reviewer, "counts": {"waiting": 12, "late": 2}}
            links = {"review": f"{SITE}/review/token"}
        case LetterKind.SCHOLARSHIP_PAY:
            known["award"] = an_accepted_award(catalogue, promotion_code="CAREB4KX")
        case LetterKind.SCHOLARSHIP_OFFERED | LetterKind.SCHOLARSHIP_LAPSED:
            known["award"] = an_award(catalogue)
    facts = LetterFacts(
        letter=owe(kind, REFERENCE, SENT_AT, learner=LEARNER_ID, reference=REFERENCE),
        catalogue=catalogue,
        round=Round(series=catalogue.series.id, closes_at=policy_of(catalogue).closes_at),
        links=links,
        **known,
    )
    return facts.model_copy(update=changes)


def awarded(catalogue: Catalogue, percent: int = 100, **changes: Any) -> LetterFacts:
    """A confirmation of the seats that an award over so much of the price has brought."""
    award = an_award(catalogue, percent, **changes)
    covers = policy_of(catalogue).covers
    if award.full:
        paid = award.to_pay
        bought = an_order(
            catalogue, covers, order=award.offer_id, provider="scholarship", paid=paid
        )
    else:
        bought = an_order(catalogue, covers, offer=award.offer_id, paid=award.asks)
    return letter_facts(LetterKind.CONFIRMATION, catalogue, order=bought, award=award)


def _money(kind: LetterKind, price: Money) -> dict[str, Any]:
    if kind in (LetterKind.PAYMENT_PENDING, LetterKind.PAYMENT_FAILED):
        failed = kind is LetterKind.PAYMENT_FAILED
        return {"paid": None, "pending": price, "failed": failed}
    return {"refunded_in_all": price} if kind is LetterKind.REFUNDED else {}
