"""Letters in words: subject, text and HTML from templates, with the files that go along.

A letter is put into words when it is sent, from what is true by then. The only moment it knows is
when it was owed, so that the same letter composed twice is the same letter, byte for byte.
"""

import re
from typing import Any, Final

from shared.adapters.jinja_words import (
    ACCENT,
    counted,
    credit_name,
    environment,
    kind_name,
    moment,
)
from shared.domain.catalogue import Catalogue, Policies, Session
from shared.domain.letters import Attachment, Composed, LetterFacts, LetterKind
from shared.domain.people import clean_name
from shared.domain.zones import say_day

_BLANK_LINES = re.compile(r"\n{3,}")
_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9.]+")
# What each letter cannot be written without; beyond these, a fact that is missing stays unsaid.
_NEEDS: Final[dict[LetterKind, tuple[str, ...]]] = {
    LetterKind.CONFIRMATION: ("sessions",),
    LetterKind.PAYMENT_PENDING: ("order",),
    LetterKind.PAYMENT_FAILED: (),
    LetterKind.REFUNDED: (),
    LetterKind.CERTIFICATE: ("certificate",),
    LetterKind.NO_CERTIFICATE: ("sessions", "verdict"),
    LetterKind.RECORDING: ("sessions",),
}


class JinjaComposer:
    """Writes every kind of letter. Keep one for the life of the process; it may be shared."""

    def compose(self, facts: LetterFacts) -> Composed:
        """The letter in words.

        Raises ValueError, naming what is missing but nobody, when the facts of its kind are not
        all there.
        """
        kind = facts.letter.letter
        _complete(facts)
        words = _words(facts)
        subject, _, text = _render(f"{kind}.txt", words).partition("\n")
        subject = " ".join(subject.removeprefix("Subject: ").split())
        return Composed(
            subject=subject,
            text=text.lstrip("\n"),
            html=_render(f"{kind}.html", words | {"subject": subject}),
            attachments=_attachments(facts),
        )


def _render(name: str, words: dict[str, Any]) -> str:
    written = environment().get_template(f"letters/{name}").render(words)
    lines = (line.rstrip() for line in written.splitlines())
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip() + "\n"


def _complete(facts: LetterFacts) -> None:
    kind = facts.letter.letter
    if kind.to_staff:
        return
    missing = [need for need in ("catalogue", "learner", *_NEEDS[kind]) if not getattr(facts, need)]
    if missing:
        raise ValueError(f"A {kind} letter cannot be written without: {', '.join(missing)}.")


def _words(facts: LetterFacts) -> dict[str, Any]:
    """All that templates may name."""
    catalogue = facts.catalogue
    words: dict[str, Any] = {
        "letter": facts.letter,
        "catalogue": catalogue,
        "institute": None,
        "accent": ACCENT,
        "language": "en",
        "links": facts.links,
    }
    if catalogue is not None:
        words |= {
            "institute": catalogue.institute,
            "accent": catalogue.institute.accent,
            "language": catalogue.institute.languages[0],
            "series": catalogue.series,
            "policies": catalogue.policies,
            "credit": credit_name(catalogue.policies),
        }
    if facts.letter.letter.to_staff:
        return words | {"about": _about(facts), "facts": _rows_for_staff(facts)}
    assert catalogue is not None and facts.learner is not None
    return (
        words
        | {
            "learner": facts.learner,
            "order": facts.order,
            "sessions": facts.sessions,
            "tier": facts.tier,
            "certificate": facts.certificate,
            "attached": facts.document is not None,
            "verdict": facts.verdict,
            "title": _title(facts, catalogue),
            "payment": _payment(facts),
            "amount": str(facts.order.refunded) if facts.order and facts.order.refunded else "",
            "cancels": any(one.ends_at > facts.letter.owed_at for one in facts.sessions),
        }
        | _seats(facts, catalogue)
        | _certificate(facts)
        | _recording(facts, catalogue)
    )


def _about(facts: LetterFacts) -> str:
    """The title of the session a staff letter is about, else its id, else nothing."""
    session = facts.letter.session
    if session is None:
        return ""
    titles = {known.id: known.title for known in facts.catalogue.sessions} if facts.catalogue else {}
    return titles.get(session, session)


def _rows_for_staff(facts: LetterFacts) -> list[tuple[str, str]]:
    """What the letter carries, and how to reach the person it is about."""
    rows = [(fact.label, fact.value) for fact in facts.letter.facts]
    learner = facts.learner
    if learner is not None:
        rows.append(("Person", f"{clean_name(learner.name)} <{learner.address}>"))
    return rows


def _title(facts: LetterFacts, catalogue: Catalogue) -> str:
    """What the letter is about: what was printed, the unit, the one session, or the series."""
    if facts.certificate is not None:
        return facts.certificate.text.title
    of_unit = facts.verdict is not None and catalogue.policies.certificate.per == "unit"
    return facts.sessions[0].title if len(facts.sessions) == 1 and not of_unit else (
        catalogue.series.title
    )


def _payment(facts: LetterFacts) -> list[tuple[str, str]]:
    """The rows of the payment's table."""
    rows = []
    order, tier = facts.order, facts.tier
    if order is not None and order.price is not None:
        label = "Paid" if order.paid else "Amount"
        rows.append((label, str(order.price) if order.price.minor else "Free of charge"))
        if order.refunded is not None:
            rows.append(("Refunded", str(order.refunded)))
    if tier is not None:
        rows.append(("Rate", tier.title))
    if order is not None:
        rows.append(("Reference", order.order))
    return rows


def _seats(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    """Which seats these are, how each is joined, and what the rate means for the certificate."""
    sessions, tier = facts.sessions, facts.tier
    if not sessions:
        return {}
    if len(sessions) == 1:
        seats = f"a {kind_name(sessions)}"
    else:
        seats = counted(sessions)
        if len(sessions) == len(catalogue.sessions):
            seats = f"all {seats}"
    credit = credit_name(catalogue.policies)
    without = (
        f"CE credits are not part of the {tier.title} rate." if tier and credit == "CE credits"
        else f"A certificate is not part of the {tier.title} rate." if tier else ""
    )  # fmt: skip
    return {
        "seats": seats,
        "joining": {one.id: facts.links.get(f"join:{one.id}", "") for one in sessions},
        "over": {one.id: _over(one, facts, catalogue) for one in sessions},
        "credit_words": _credit_words(sessions, catalogue.policies),
        "no_credit_words": without,
    }


def _over(session: Session, facts: LetterFacts, catalogue: Catalogue) -> str:
    """What to say of a session that can no longer be joined."""
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
        several = [name.lower() for name in certificate.professions]
        for_whom = f" CE credits are offered to {', '.join(several[:-1])} and {several[-1]}."
    if certificate.per == "unit":
        when = "One certificate follows when you have attended every part live."
    elif len(sessions) == 1:
        when = f"Your certificate follows after the {kind_name(sessions)}."
    else:
        when = f"A certificate follows after each {sessions[0].kind} that you attend live."
    return (
        f"{when} For it, join at most {attendance.grace_late} minutes after the start and stay "
        f"until at most {attendance.grace_early} minutes before the end.{for_whom}"
    )


def _certificate(facts: LetterFacts) -> dict[str, Any]:
    """What the certificate says, from the words that were frozen, never from today's catalogue."""
    if facts.certificate is None:
        return {}
    text = facts.certificate.text
    when, *rest = text.details.split(" · ")
    rows = [("For", text.title), ("Held", when), ("Certificate number", text.number)]
    hours = rest[-1] if rest else ""
    if hours:
        rows.insert(2, ("Counts as", hours))
    return {"facts": rows, "hours": hours}


def _recording(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
    if facts.letter.letter is not LetterKind.RECORDING:
        return {}
    session = facts.sessions[0]
    closes_at = catalogue.recording_closes_at(session.id)
    until = moment(closes_at, session.zone) if closes_at else ""
    return {
        "session": session,
        "closes_at": closes_at,
        "until": until,
    }


def _attachments(facts: LetterFacts) -> tuple[Attachment, ...]:
    kind = facts.letter.letter
    if kind is LetterKind.CERTIFICATE and facts.document and facts.certificate:
        name = f"certificate-{_file_name(facts.certificate.text.number)}.pdf"
        return (
            Attachment(filename=name, media_type="application/pdf", content=facts.document),
        )
    if kind in (LetterKind.CONFIRMATION, LetterKind.REFUNDED):
        # Only these two need it, and it takes longer to import than all the others to write.
        from shared.adapters.calendar_entries import attachment

        return attachment(facts)
    return ()


def _file_name(text: str) -> str:
    return _NOT_IN_A_FILE_NAME.sub("-", text).strip("-.") or "document"
