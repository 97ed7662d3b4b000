"""Letters in words: subject, text and HTML from templates, with the files that go along.

A letter is put into words when it is sent, from what is true by then. The only moment it knows is
when it was owed, so that the same letter composed twice is the same letter, byte for byte.
"""

import re
from typing import Any, Final

from shared.adapters.jinja_refund_letters import NEEDS as REFUND_NEEDS
from shared.adapters.jinja_refund_letters import of_refund
from shared.adapters.jinja_scholarship_letters import (
    NEEDS,
    confirmed_by_award,
    of_a_round,
    payment_by_award,
)
from shared.adapters.jinja_words import (
    ACCENT,
    counted,
    credit_name,
    environment,
    kind_name,
    listed,
    moment,
)
from shared.adapters.letter_language import language_of
from shared.domain.catalogue import Catalogue, Policies, Session
from shared.domain.certificate_life import PUBLIC_WORDS, Ground
from shared.domain.languages import ENGLISH
from shared.domain.letters import Attachment, Composed, LetterFacts, LetterKind
from shared.domain.people import clean_name
from shared.domain.registrations import Learner
from shared.domain.zones import say_day, say_span

# Hours before a session in which its start is near enough to be named by the clock alone.
_SOON = 12
_BLANK_LINES = re.compile(r"\n{3,}")
_WITH_CALENDAR = (
    LetterKind.CONFIRMATION, LetterKind.REFUNDED, LetterKind.CLASS_CANCELLED, LetterKind.MOVED,
)  # fmt: skip
_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9.]+")
_OF_RECORDINGS: Final = (
    LetterKind.RECORDING,
    LetterKind.RECORDING_LINK,
    LetterKind.RECORDING_ENDS,
)
# What each letter cannot be written without; beyond these, a fact that is missing stays unsaid.
_NEEDS: Final[dict[LetterKind, tuple[str, ...]]] = {
    LetterKind.CONFIRMATION: ("sessions",),
    LetterKind.PAYMENT_PENDING: ("order",),
    LetterKind.PAYMENT_FAILED: (),
    LetterKind.REFUNDED: (),
    LetterKind.CERTIFICATE: ("certificate",),
    LetterKind.CERTIFICATE_CORRECTED: ("certificate",),
    LetterKind.CERTIFICATE_REVOKED: ("certificate",),
    LetterKind.CERTIFICATE_REINSTATED: ("certificate",),
    LetterKind.NO_CERTIFICATE: ("sessions", "verdict"),
    LetterKind.PARTICULARS_WANTED: ("sessions", "verdict"),
    LetterKind.RECORDING: ("sessions",),
    LetterKind.RECORDING_LINK: ("sessions",),
    LetterKind.MY_PAGE_LINK: (),
    LetterKind.ADDRESS_CONFIRM: (),
    LetterKind.ADDRESS_AGREE: (),
    LetterKind.APPEAL_RECEIVED: ("appeal",),
    LetterKind.APPEAL_ANSWERED: ("appeal",),
    LetterKind.REMINDER: ("sessions", "notice"),
    LetterKind.MOVED: ("sessions", "notice"),
    LetterKind.RECORDING_ENDS: ("sessions", "notice"),
    LetterKind.EVALUATION_WANTED: ("sessions", "notice"),
    **REFUND_NEEDS,
    **NEEDS,
}


class JinjaComposer:
    """Writes every kind of letter. Keep one for the life of the process; it may be shared."""

    def compose(self, facts: LetterFacts) -> Composed:
        """The letter in words.

        Raises ValueError, naming what is missing but nobody, when the facts of its kind are not
        all there.
        """
        kind = facts.letter.letter
        words, attachments = _staff_words(facts) if kind.to_staff else _learner_words(facts)
        language = language_of(facts)
        words |= _common_words(facts, language)
        subject, _, text = _render(f"{kind}.txt", words, language).partition("\n")
        subject = " ".join(subject.removeprefix("Subject: ").split())
        return Composed(
            subject=subject,
            text=text.lstrip("\n"),
            html=_render(f"{kind}.html", words | {"subject": subject}, language),
            attachments=attachments,
        )


def _render(name: str, words: dict[str, Any], language: str) -> str:
    if language == ENGLISH:
        written = environment().get_template(f"letters/{name}").render(words)
    else:
        # What knows other languages takes time to load, and most letters are in English.
        from shared.adapters.other_languages import environment_in, facts_alone

        template = environment_in(language).get_template(f"letters/{language}/{name}")
        written = template.render(facts_alone(words))
    lines = (line.rstrip() for line in written.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _whose(facts: LetterFacts) -> tuple[Catalogue, Learner]:
    """The institute's catalogue and the person, once it is clear that nothing is missing."""
    kind, catalogue, learner = facts.letter.letter, facts.catalogue, facts.learner
    missing = [need for need in ("catalogue", "learner", *_NEEDS[kind]) if not getattr(facts, need)]
    if missing or catalogue is None or learner is None:
        raise ValueError(f"A {kind} letter cannot be written without: {', '.join(missing)}.")
    return catalogue, learner


def _common_words(facts: LetterFacts, language: str) -> dict[str, Any]:
    """What every template may name."""
    catalogue = facts.catalogue
    words: dict[str, Any] = {
        "letter": facts.letter,
        "catalogue": catalogue,
        "institute": None,
        "accent": ACCENT,
        "language": language,
        "links": facts.links,
    }
    if catalogue is not None:
        words |= {
            "institute": catalogue.institute,
            "accent": catalogue.institute.accent,
            "series": catalogue.series,
            "policies": catalogue.policies,
            "credit": credit_name(catalogue.policies),
        }
    return words


def _learner_words(facts: LetterFacts) -> tuple[dict[str, Any], tuple[Attachment, ...]]:
    """What the templates of learners' letters may name, and the files that go along."""
    catalogue, learner = _whose(facts)
    words = (
        {
            "learner": learner,
            "order": facts.order,
            "sessions": facts.sessions,
            "tier": facts.tier,
            "certificate": facts.certificate,
            "attached": facts.document is not None,
            "verdict": facts.verdict,
            "title": _title(facts, catalogue),
            "payment": _payment(facts),
            "upgrade": facts.upgrade,
            "progress": facts.progress,
            "masked_address": facts.masked_address,
            "appeal": facts.appeal,
            "amount": str(facts.order.refunded) if facts.order and facts.order.refunded else "",
            "cancels": any(one.ends_at > facts.letter.owed_at for one in facts.sessions),
        }
        | _seats(facts, catalogue)
        | _certificate(facts)
        | _recording(facts, catalogue)
        | _notice(facts)
        | _evaluation(facts, catalogue)
        | of_refund(facts)
        | of_a_round(facts, catalogue)
    )
    return words, _attachments(facts, catalogue, learner)


def _staff_words(facts: LetterFacts) -> tuple[dict[str, Any], tuple[Attachment, ...]]:
    """What the letter carries, which session and whom it is about, and where files belong."""
    session = facts.letter.session
    titles = {one.id: one.title for one in facts.catalogue.sessions} if facts.catalogue else {}
    rows = [(fact.label, fact.value) for fact in facts.letter.facts]
    # Who applied for a scholarship stands in no letter but their own.
    if facts.learner is not None and not facts.letter.letter.value.startswith("staff_scholarship"):
        rows.append(("Person", f"{clean_name(facts.learner.name)} <{facts.learner.address}>"))
    folders = {
        folder: f"{folder}/{session}/" if session else f"the session's folder under {folder}/"
        for folder in ("attendance", "recordings")
    }
    words = {
        "about": titles.get(session, session) if session else "",
        "facts": rows,
        "reports": folders["attendance"],
        "recordings": folders["recordings"],
    }
    return words, ()


def _title(facts: LetterFacts, catalogue: Catalogue) -> str:
    """What the letter is about: what was printed, the unit, the one session, or the series."""
    if facts.certificate is not None:
        return facts.certificate.text.title
    of_unit = facts.verdict is not None and catalogue.policies.certificate.per == "unit"
    if len(facts.sessions) == 1 and not of_unit:
        return facts.sessions[0].title
    return catalogue.series.title


def _payment(facts: LetterFacts) -> list[tuple[str, str]]:
    """The rows of the payment's table."""
    rows = []
    order, tier = facts.order, facts.tier
    by_award = payment_by_award(facts, order) if order is not None else []
    if by_award:
        return by_award
    if order is not None and order.price is not None:
        label = "Paid" if order.paid else "Amount"
        rows.append((label, str(order.price) if order.price.minor else "Free of charge"))
        if order.refunded is not None and order.refunded.minor:
            rows.append(("Refunded", str(order.refunded)))
    if tier is not None:
        rows.append(("Rate", tier.title))
    if order is not None:
        rows.append(("Reference", order.order))
    return rows


def _seats(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    """Which seats these are, how each is joined, and what the rate means for the certificate."""
    sessions = facts.sessions
    if not sessions:
        return {}
    if len(sessions) == 1:
        seats = f"a {kind_name(sessions)}"
    else:
        seats = counted(sessions)
        if len(sessions) == len(catalogue.sessions):
            seats = f"all {seats}"
    return {
        "seats": seats,
        "joining": {one.id: facts.links.get(f"join:{one.id}", "") for one in sessions},
        "over": {one.id: _over(one, facts, catalogue) for one in sessions},
        "credit_words": _credit_words(sessions, catalogue.policies),
    } | confirmed_by_award(facts, catalogue)


def _over(session: Session, facts: LetterFacts, catalogue: Catalogue) -> str:
    """What to say of a session that can no longer be joined, or not yet."""
    if session.joining_link is None and facts.letter.owed_at < session.ends_at:
        return "The link to join is not set yet. It comes in a reminder, and on your own page."
    is_over = f"This {session.kind} is over."
    closes_at = catalogue.recording_closes_at(session.id)
    if not session.recorded:
        return f"{is_over} It was not recorded."
    if closes_at is not None and closes_at <= facts.letter.owed_at:
        return f"{is_over} Its recording could be watched until {say_day(closes_at, session.zone)}."
    return f"{is_over} Its recording comes in a letter of its own as soon as it is ready."


def _credit_words(sessions: tuple[Session, ...], policies: Policies) -> str:
    """When the certificate comes and what it asks for, said before it is too late."""
    certificate, attendance = policies.certificate, policies.attendance
    credit = credit_name(policies)
    for_whom = ""
    if certificate.professions and credit == "CE credits":
        for_whom = f" CE credits are offered to {listed(certificate.professions)}."
    if certificate.per == "unit":
        when = "One certificate follows when you have attended every part live."
    elif len(sessions) == 1:
        when = f"Your certificate follows after the {kind_name(sessions)}."
    else:
        when = f"A certificate follows after each {sessions[0].kind} that you attend live."
    late, early, gap = attendance.grace_late, attendance.grace_early, attendance.longest_gap
    arrive = f"arrive within {late} minutes of the start" if late else "be there from the start"
    stay = f"stay until the last {early} minutes" if early else "stay to the end"
    away = f", and be away for no more than {gap} minutes at a time" if gap else ""
    joint = ", " if away else " and "
    return f"{when} For it, {arrive}{joint}{stay}{away}.{for_whom}"


def _certificate(facts: LetterFacts) -> dict[str, Any]:
    """What the certificate says, from the words that were frozen, never from today's catalogue."""
    if facts.certificate is None:
        return {}
    text = facts.certificate.text
    when, *rest = text.details.split(" · ")
    hours = rest[-1] if rest else ""
    rows = [("Held", when), ("Counts as", hours), ("Certificate number", text.number)]
    revoked = facts.certificate.revocation
    return {
        "facts": [row for row in rows if row[1]],
        "hours": hours,
        "revoked": revoked,
        "public_words": PUBLIC_WORDS[revoked.ground or Ground.UNNAMED] if revoked else "",
    }


def _recording(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    if facts.letter.letter not in _OF_RECORDINGS:
        return {}
    session = facts.sessions[0]
    closes_at = catalogue.recording_closes_at(session.id)
    if facts.notice is not None:
        closes_at = facts.notice.plan[0]
    until = moment(closes_at, session.zone) if closes_at else ""
    missed = facts.make_up_until
    return {
        "session": session,
        "closes_at": closes_at,
        "until": until,
        "make_up_until": say_day(missed, session.zone) if missed else "",
    }


def _notice(facts: LetterFacts) -> dict[str, Any]:
    """What a letter by the clock says of its own: how soon it is, or when it was to be before."""
    notice = facts.notice
    if notice is None or not facts.sessions:
        return {}
    session = facts.sessions[0]
    was = say_span(*notice.was, session.zone) if notice.was else ""
    return {
        "session": session,
        "was": was,
        "soon": notice.hours < _SOON,
        "days": notice.hours // 24,
    }


def _evaluation(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    """Until when a session can be evaluated, and whether the letter reminds of it."""
    policy, notice = catalogue.policies.evaluation, facts.notice
    if facts.letter.letter is not LetterKind.EVALUATION_WANTED or notice is None:
        return {}
    session, closes_at = facts.sessions[0], notice.plan[0]
    return {
        "closes_at": closes_at,
        "until": moment(closes_at, session.zone),
        "reminds": notice.due_at > session.ends_at,
        "required": policy is not None and policy.required,
    }


def _attachments(
    facts: LetterFacts, catalogue: Catalogue, learner: Learner
) -> tuple[Attachment, ...]:
    kind = facts.letter.letter
    if facts.document and facts.certificate:
        name = f"certificate-{_file_name(facts.certificate.text.number)}.pdf"
        return (Attachment(filename=name, media_type="application/pdf", content=facts.document),)
    if kind in _WITH_CALENDAR:
        # Only these need it, and it takes longer to import than all the others to write.
        from shared.adapters.calendar_entries import attachment

        return attachment(facts, catalogue, learner, language_of(facts))
    return ()


def _file_name(text: str) -> str:
    return _NOT_IN_A_FILE_NAME.sub("-", text).strip("-.") or "document"
