"""Explain a decision: when somebody was there, by what, and what came of it, as plain data.

And try a changed policy on a session that is over: who would be decided otherwise, and why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.attendance import (
    AttendanceAccount,
    AttendanceReport,
    PresenceRow,
    presence,
)
from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.credit_boards import BoardCredit
from shared.domain.decisions import Decision
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.made_up import MadeUp
from shared.domain.overrides import Overrides
from shared.domain.registrations import Learner, Registration
from shared.domain.zones import say_time
from shared.ports import Records
from shared.usecases.decide_credit import decided_in_session
from shared.usecases.find_session import Found, find_session


@dataclass(frozen=True)
class Difference:
    """Somebody whom a changed policy would decide otherwise: what holds now, and what would."""

    learner: str
    name: str
    now: Verdict
    then: Verdict


def explain_decision(session: str, learner: str, *, records: Records) -> dict[str, Any] | None:
    """Everything that one person's verdict in one session rests on, or None if they have no seat.

    Times are the session's own wall clock; "was away" lines are gaps between two intervals.
    """
    found = find_session(session, records)
    seat = records.get(Registration.key_of(session, learner), Registration)
    if found is None or seat is None:
        return None
    state = found.state
    verdict = records.get(Verdict.key_of(session, learner), Verdict)
    by = verdict.report if verdict and verdict.report else state.report or ""
    row = records.get(PresenceRow.key_of(session, by, learner), PresenceRow)
    account = records.get(AttendanceAccount.key_of(session, by), AttendanceAccount)
    scopes = [session, *([state.series] if _per_unit(found.catalogue) else [])]
    return {
        "session": session,
        "title": found.session.title,
        "learner": learner,
        "name": _name(learner, records),
        "seat": seat.status,
        "tiers": sorted(seat.tiers),
        "timeline": _timeline(row, found.session),
        "sources": _sources(session, account, records),
        "told_live": account is not None and account.live,
        "verdicts": [
            _verdict(kept)
            for scope in scopes
            if (kept := records.get(Verdict.key_of(scope, learner), Verdict))
        ],
        "overrides": [
            word.model_dump(mode="json") | {"scope": scope}
            for scope in scopes
            if (said := records.get(Overrides.key_of(scope, learner), Overrides))
            for word in said.said
        ],
        "made_up": _made_up(session, learner, records),
        "decided_again": [
            {"cause": one.cause, "settled": one.waiting is None}
            for one in records.find(f"AGAIN#{session}", DecisionWanted, f"{learner}#")
        ],
        "certificates": [
            {"scope": scope, "status": held.status, "number": held.text.number}
            for scope in scopes
            if (held := records.get(Certificate.key_of(scope, learner), Certificate))
        ],
    }


def try_policy(
    session: str, changed: Catalogue, *, records: Records, now: datetime
) -> Iterator[Difference]:
    """Whom the policies of `changed` would decide otherwise in that session; nothing is written.

    What was not decided yet has nothing to differ from. Raises what `decided_by` raises.
    """
    for kept, then in decided_by(session, changed, records=records, now=now):
        if kept is not None and differ(kept, then):
            yield Difference(kept.learner, _name(kept.learner, records), kept, then)


def decided_by(
    session: str, changed: Catalogue, *, records: Records, now: datetime
) -> Iterator[tuple[Verdict | None, Verdict]]:
    """What holds of each person in that session, and what the policies of `changed` would decide.

    Only the policies are taken over: times, rates and prices stay those that held. People come in
    the order of their ids. Raises LookupError if there is no report to decide on.
    """
    found = find_session(session, records)
    if found is None or found.state.report is None:
        raise LookupError(f"There is no attendance report for session {session} to decide on.")
    policies = {"policies": changed.policies}
    series = found.series.model_copy(
        update={"catalogue": found.catalogue.model_copy(update=policies), "revision": "tried"}
    )
    tried = Found(found.state, series)
    for decided, _ in decided_in_session(tried, found.state.report, records, now):
        yield decided.kept, decided.verdict


def differ(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts come to something else for whom they are about."""
    return _outcome(one) != _outcome(other)


def _outcome(verdict: Verdict) -> tuple[bool, bool, frozenset[str]]:
    boards = frozenset(one.board for one in verdict.boards if one.decision.granted)
    return verdict.attended.granted, verdict.earned.granted, boards


def _timeline(row: PresenceRow | None, held: Session) -> list[dict[str, str]]:
    """What happened, in order: the class and the person, by the clock of the class."""
    rows, untimed = (row.rows, row.untimed) if row else ((), False)
    who = presence(rows, held.starts_at, held.ends_at, untimed=untimed)
    events = [(held.starts_at, "The session began.")]
    if who.untimed:
        events.append((held.starts_at, "Was there; from when to when is not known."))
    before: datetime | None = None
    for joined, left in who.intervals:
        if before is not None:
            minutes = int((joined - before).total_seconds() // 60)
            events.append((joined, f"Joined again, after {minutes} minutes away."))
        else:
            events.append((joined, "Joined."))
        events.append((left, "Left." if left < held.ends_at else "Was there to the end."))
        before = left
    events.append((held.ends_at, "The session ended."))
    return [
        {"at": at.isoformat(), "clock": say_time(at, held.zone), "what": what}
        for at, what in sorted(events, key=lambda event: event[0])
    ]


def _sources(
    session: str, account: AttendanceAccount | None, records: Records
) -> list[dict[str, Any]]:
    return [
        {
            "report": one.report,
            "file": one.file,
            "uploaded_at": one.uploaded_at.isoformat(),
            "people": one.people,
            "counts": account is not None and one.report == account.report,
        }
        for one in records.find(f"SESSION#{session}", AttendanceReport, "REPORT#")
    ]


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "scope": verdict.scope,
        "minutes": verdict.minutes,
        "attended": _decision(verdict.attended),
        "earned": _decision(verdict.earned),
        "boards": [_board(one) for one in verdict.boards],
        "policy": verdict.revision,
        "decided_at": verdict.decided_at.isoformat(),
    }


def _board(one: BoardCredit) -> dict[str, Any]:
    hours = f"{one.hours:f}" if one.hours is not None else None
    return {"board": one.board, "name": one.name, "hours": hours, **_decision(one.decision)}


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "granted": decision.granted,
        "reasons": [{"code": r.code, "text": r.text} for r in decision.reasons],
        "rule_version": decision.rule_version,
    }


def _made_up(session: str, learner: str, records: Records) -> dict[str, Any] | None:
    kept = records.get(MadeUp.key_of(session, learner), MadeUp)
    if kept is None:
        return None
    return {
        "opened": kept.opened_at is not None,
        "sent": kept.sent_at is not None,
        "approved": kept.approved,
    }


def _per_unit(catalogue: Catalogue) -> bool:
    return catalogue.policies.certificate.per == "unit"


def _name(learner: str, records: Records) -> str:
    person = records.get(Learner.key_of(learner), Learner)
    return person.name if person else ""
