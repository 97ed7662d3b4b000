"""What letters about sessions say: seats, recordings, notices by the clock, evaluations."""

from typing import Any, Final

from shared.adapters.jinja_scholarship_letters import confirmed_by_award
from shared.adapters.jinja_words import counted, credit_name, kind_name, listed, moment
from shared.domain.catalogue import Catalogue, Policies, Session
from shared.domain.letter_facts import LetterFacts
from shared.domain.letters import LetterKind
from shared.domain.zones import say_day, say_span

# Hours before a session in which its start is near enough to be named by the clock alone.
_SOON = 12
_OF_RECORDINGS: Final = (
    LetterKind.RECORDING,
    LetterKind.RECORDING_LINK,
    LetterKind.RECORDING_ENDS,
)


def of_seats(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
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
        if policies.credit.make_up:
            kinds = " or ".join(policies.credit.make_up)
            when = f"{when} A {kinds} that you miss can be made up for by its recording."
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


def of_recording(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
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


def of_notice(facts: LetterFacts) -> dict[str, Any]:
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


def of_evaluation(facts: LetterFacts, catalogue: Catalogue) -> dict[str, Any]:
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
