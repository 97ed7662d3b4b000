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
    of_a_round,
    payment_by_award,
)
from shared.adapters.jinja_session_letters import of_evaluation, of_notice, of_recording, of_seats
from shared.adapters.jinja_words import (
    ACCENT,
    credit_name,
    environment,
)
from shared.adapters.letter_language import language_of
from shared.domain.catalogue import Catalogue
from shared.domain.certificate_life import PUBLIC_WORDS, Ground
from shared.domain.languages import ENGLISH
from shared.domain.letter_facts import Attachment, Composed, LetterFacts
from shared.domain.letters import LetterKind
from shared.domain.people import clean_name
from shared.domain.registrations import Learner

_BLANK_LINES = re.compile(r"\n{3,}")
_WITH_CALENDAR = (
    LetterKind.CONFIRMATION, LetterKind.REFUNDED, LetterKind.CLASS_CANCELLED, LetterKind.MOVED,
)  # fmt: skip
_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9.]+")
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
        "reader_zone": facts.learner.zone if facts.learner else "",
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
        | of_seats(facts, catalogue)
        | _certificate(facts)
        | of_recording(facts, catalogue)
        | of_notice(facts)
        | of_evaluation(facts, catalogue)
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
