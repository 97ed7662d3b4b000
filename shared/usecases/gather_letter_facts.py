"""Gather what a letter may say, as it is when it is sent, or find that it is no longer so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.appeals import Appeal
from shared.domain.awards import Award
from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict
from shared.domain.entitlements import entitlements
from shared.domain.letter_facts import LetterFacts, Upgrade
from shared.domain.letters import Letter, LetterKind
from shared.domain.mailboxes import LINK_LASTS as ADDRESS_LINK_LASTS
from shared.domain.mailboxes import AddressChange
from shared.domain.money import Money
from shared.domain.my_page import LINK_LASTS
from shared.domain.notices import Notice, NoticeKind
from shared.domain.payments import Order, OrderStatus
from shared.domain.people import mask_address
from shared.domain.registrations import Learner, Registration, RegistrationStatus
from shared.domain.sessions import Series
from shared.domain.upgrades import bundle_reached
from shared.failures import NoLongerTrue
from shared.ports import Composer, Files, Mailer, Records
from shared.usecases.evaluation_of import decide_for
from shared.usecases.gather_progress import with_progress
from shared.usecases.gather_refund_facts import with_cancelled, with_request
from shared.usecases.hold_person import is_held
from shared.usecases.open_recording import watch_subject


@dataclass(frozen=True)
class Desk:
    """What writing letters needs: where things are kept, who words them, who carries them.

    `letters` is where the owed letters of this desk stand: among the records, or, at the desk for
    scholarships, among the applications. `operator` is who hears of things that belong to no
    institute. `link` makes an address of our own page: (purpose, subject, expires_at=None) → URL.
    `staff_page` is where staff see what waits for them.
    """

    records: Records
    letters: Records
    documents: Files
    composer: Composer
    mailer: Mailer
    operator: str
    link: Callable[..., str]
    staff_page: str = ""


def gather(letter: Letter, desk: Desk, now: datetime) -> LetterFacts:
    """All that the letter may say, as it is now."""
    if letter.letter.of_a_round:
        # Only the desk for scholarships has such letters, and no other loads what they need.
        from shared.usecases.gather_scholarship_facts import gather_of_round

        return gather_of_round(letter, desk.records, desk.letters, desk.link, now)
    records = desk.records
    series = records.get(Series.key_of(letter.series), Series) if letter.series else None
    catalogue = series.catalogue if series else None
    learner = records.get(Learner.key_of(letter.learner), Learner) if letter.learner else None
    if learner is not None and learner.erased_at is not None:
        if not letter.letter.to_staff:
            raise NoLongerTrue("They took everything away.")
        learner = None
    order = records.get(Order.key_of(letter.order), Order) if letter.order else None
    facts = LetterFacts(letter=letter, catalogue=catalogue, learner=learner, order=order)
    if letter.letter.to_staff:
        return facts.model_copy(update={"links": {"desk": desk.staff_page}})
    if catalogue is None:
        return facts
    told = _of_kind(facts, catalogue, desk, now)
    if letter.letter is LetterKind.ADDRESS_CONFIRM:
        return told  # whether it reaches its owner is what it is to find out
    return _with_own_page(told, desk)


def _of_kind(facts: LetterFacts, catalogue: Catalogue, desk: Desk, now: datetime) -> LetterFacts:
    match facts.letter.letter:
        case (
            LetterKind.CERTIFICATE
            | LetterKind.CERTIFICATE_CORRECTED
            | LetterKind.CERTIFICATE_REVOKED
            | LetterKind.CERTIFICATE_REINSTATED
        ):
            return _with_certificate(facts, desk)
        case LetterKind.NO_CERTIFICATE | LetterKind.PARTICULARS_WANTED:
            return with_progress(_with_verdict(facts, desk), catalogue, desk.records, now)
        case LetterKind.RECORDING | LetterKind.RECORDING_LINK:
            told = _with_recording(facts, catalogue, desk, now)
            if facts.letter.letter is LetterKind.RECORDING_LINK:
                return told
            return with_progress(told, catalogue, desk.records, now)
        case LetterKind.APPEAL_RECEIVED | LetterKind.APPEAL_ANSWERED:
            return _with_appeal(facts, desk)
        case LetterKind.REFUND_REQUESTED | LetterKind.REFUND_DECLINED | LetterKind.REFUND_FAILED:
            return with_request(facts, catalogue, desk.records)
        case LetterKind.CLASS_CANCELLED:
            return with_cancelled(facts, catalogue, desk.records)
        case LetterKind.MY_PAGE_LINK:
            return facts
        case LetterKind.ADDRESS_CONFIRM | LetterKind.ADDRESS_AGREE:
            return _with_new_address(facts, desk)
        case (
            LetterKind.REMINDER
            | LetterKind.MOVED
            | LetterKind.RECORDING_ENDS
            | LetterKind.EVALUATION_WANTED
        ):
            return _with_notice(facts, catalogue, desk, now)
        case _:
            return _with_order(facts, catalogue, desk, now)


def _with_own_page(facts: LetterFacts, desk: Desk) -> LetterFacts:
    """Every letter leads its reader to their own page; the link is as old as the letter."""
    letter = facts.letter
    mine = desk.link("me", letter.learner or "", letter.owed_at + LINK_LASTS)
    return facts.model_copy(update={"links": {**facts.links, "me": mine}})


def _with_order(facts: LetterFacts, catalogue: Catalogue, desk: Desk, now: datetime) -> LetterFacts:
    order = facts.order
    if order is None or order.tier is None:
        raise NoLongerTrue("The order is not known.")
    said_of = {
        LetterKind.CONFIRMATION: (OrderStatus.PAID,),
        LetterKind.PAYMENT_PENDING: (OrderStatus.PENDING,),
        LetterKind.PAYMENT_FAILED: (OrderStatus.FAILED,),
        LetterKind.REFUNDED: (OrderStatus.REFUNDED, OrderStatus.CANCELLED),
    }
    refund = facts.letter.letter is LetterKind.REFUNDED
    of_some = refund and facts.letter.about == f"{order.order}/{'+'.join(order.given_back)}"
    if order.status not in said_of[facts.letter.letter] and not of_some:
        raise NoLongerTrue(f"The order is {order.status} by now.")
    confirms = facts.letter.letter is LetterKind.CONFIRMATION
    if confirms and is_held(facts.letter.learner or "", desk.records):
        raise NoLongerTrue("Their places are held. It is written when that is lifted.")
    if facts.letter.learner != order.learner:
        raise NoLongerTrue("The seat is in another person's name by now.")
    meant = [s for s in order.sessions if refund == (s in order.given_back)]
    sessions = tuple(
        s for s in catalogue.sessions if s.id in meant and (refund or s.cancelled is None)
    )
    if refund:
        # What another order still gives is not taken away, and the letter must not say so.
        sessions = tuple(s for s in sessions if not _still_registered(s.id, order, desk))
        if not sessions:
            raise NoLongerTrue("Another order gives all of it.")
        if all(s.cancelled for s in sessions):
            raise NoLongerTrue("What goes back was said when the class was cancelled.")
    joining = {
        f"join:{s.id}": s.joining_link for s in sessions if s.joining_link and now < s.ends_at
    }
    award = desk.records.get(Award.key_of(order.series or "", order.learner or ""), Award)
    return facts.model_copy(
        update={
            "sessions": sessions,
            "tier": catalogue.tier(order.tier),
            "links": joining,
            "award": award if award is not None and award.order == order.order else None,
            "upgrade": _upgrade(order, catalogue, desk) if len(order.sessions) == 1 else None,
        }
    )


def _upgrade(order: Order, catalogue: Catalogue, desk: Desk) -> Upgrade | None:
    """What somebody is told who has paid as much class by class as the whole series costs."""
    others = desk.records.of_learner(order.learner or "", Order)
    orders = {one.order: one for one in (*others, order)}.values()
    reached = bundle_reached(orders, order.tier or "", catalogue)
    if reached is None:
        return None
    bundle, paid = reached
    back = Money(minor=paid.minor - bundle.amount, currency=bundle.currency)
    return Upgrade(paid=paid, bundle=bundle, back=back)


def _still_registered(session: str, order: Order, desk: Desk) -> bool:
    key = Registration.key_of(session, order.learner or "")
    registration = desk.records.get(key, Registration)
    return registration is not None and registration.status is RegistrationStatus.ACTIVE


def _with_certificate(facts: LetterFacts, desk: Desk) -> LetterFacts:
    scope = facts.letter.about.split("/")[0]
    learner = facts.letter.learner or ""
    certificate = desk.records.get(Certificate.key_of(scope, learner), Certificate)
    withdrawn = facts.letter.letter is LetterKind.CERTIFICATE_REVOKED
    said = CertificateStatus.REVOKED if withdrawn else CertificateStatus.ISSUED
    if certificate is None or certificate.status is not said:
        raise NoLongerTrue("The certificate is not in that state any more.")
    document = None if withdrawn else desk.documents.read(certificate.document or "")
    return facts.model_copy(
        update={
            "certificate": certificate,
            "document": document,
            "sessions": _sessions_of(facts, scope),
            "links": {
                "certificate": certificate.text.public_url,
                "my_certificate": desk.link("certificate", f"{scope}/{learner}"),
            },
        }
    )


def _with_verdict(facts: LetterFacts, desk: Desk) -> LetterFacts:
    scope = facts.letter.about.rsplit("/", 1)[0]
    verdict = desk.records.get(Verdict.key_of(scope, facts.letter.learner or ""), Verdict)
    if verdict is None or verdict.earned.granted:
        raise NoLongerTrue("The certificate has been earned by now.")
    asked = facts.letter.letter is LetterKind.PARTICULARS_WANTED
    codes = {reason.code for reason in verdict.earned.reasons}
    if asked and "particulars_missing" not in codes:
        raise NoLongerTrue("They have told us by now.")
    return facts.model_copy(update={"verdict": verdict, "sessions": _sessions_of(facts, scope)})


def _with_recording(
    facts: LetterFacts, catalogue: Catalogue, desk: Desk, now: datetime
) -> LetterFacts:
    session, learner = facts.letter.session or "", facts.letter.learner or ""
    registration = desk.records.get(Registration.key_of(session, learner), Registration)
    right = entitlements(catalogue, session, registration, now).recording
    if not right.granted:
        raise NoLongerTrue(right.why)
    return facts.model_copy(
        update={
            "sessions": (catalogue.session(session),),
            "links": {"watch": _watch_link(session, learner, desk)},
        }
    )


def _watch_link(session: str, learner: str, desk: Desk) -> str:
    """The link to the recording that counts now, however long ago the letter was owed."""
    return desk.link("watch", watch_subject(session, learner, desk.records))


def _with_new_address(facts: LetterFacts, desk: Desk) -> LetterFacts:
    """One letter goes to the address that is to be confirmed; the other asks the earlier one."""
    learner, _, name = facts.letter.about.partition("/")
    change = desk.records.get(AddressChange.key_of(learner, name), AddressChange)
    if change is None or change.confirmed_at is not None:
        raise NoLongerTrue("There is nothing to confirm.")
    until = change.asked_at + ADDRESS_LINK_LASTS
    masked = mask_address(change.address)
    if facts.letter.letter is LetterKind.ADDRESS_AGREE:
        links = {"confirm": desk.link("address", f"{facts.letter.about}/old", until)}
        return facts.model_copy(update={"masked_address": masked, "links": links})
    links = {"confirm": desk.link("address", facts.letter.about, until)}
    both = masked if change.from_page else ""
    told = {"to_address": change.address, "masked_address": both, "links": links}
    return facts.model_copy(update=told)


def _with_appeal(facts: LetterFacts, desk: Desk) -> LetterFacts:
    appeal = desk.records.get(Appeal.key_of(facts.letter.about), Appeal)
    received = facts.letter.letter is LetterKind.APPEAL_RECEIVED
    if appeal is None or appeal.open is not received:
        raise NoLongerTrue("The appeal has been answered, or is gone.")
    return facts.model_copy(
        update={"appeal": appeal, "sessions": _sessions_of(facts, appeal.scope)}
    )


def _with_notice(
    facts: LetterFacts, catalogue: Catalogue, desk: Desk, now: datetime
) -> LetterFacts:
    session, learner = facts.letter.session or "", facts.letter.learner or ""
    name = facts.letter.about.rsplit("/", 1)[-1]
    notice = desk.records.get(Notice.key_of(session, name), Notice)
    if notice is None:
        raise NoLongerTrue("There is no such notice.")
    registration = desk.records.get(Registration.key_of(session, learner), Registration)
    decision = decide_for(notice, catalogue, registration, desk.records, now)
    if not decision.granted:
        raise NoLongerTrue(decision.why)
    held = catalogue.session(session)
    rights = entitlements(catalogue, session, registration, now)
    links = {}
    if facts.letter.letter.is_announcement:
        links["unsubscribe"] = desk.link("unsubscribe", learner)
    if notice.what is NoticeKind.RECORDING_ENDS:
        links["watch"] = _watch_link(session, learner, desk)
    elif notice.what is NoticeKind.EVALUATION_WANTED:
        mine = desk.link("me", learner, facts.letter.owed_at + LINK_LASTS)
        links["evaluation"] = f"{mine}/evaluation/{session}"
    elif rights.joining_link.granted and held.joining_link:
        links[f"join:{session}"] = held.joining_link
    return facts.model_copy(update={"sessions": (held,), "notice": notice, "links": links})


def _sessions_of(facts: LetterFacts, scope: str) -> tuple[Session, ...]:
    sessions = facts.catalogue.sessions if facts.catalogue else ()
    return tuple(s for s in sessions if s.id == scope) or sessions
