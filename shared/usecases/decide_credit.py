"""Decide who earned credit: a verdict for every registration, with reasons, and a roster to print.

A verdict is a function of the report, the registration and the catalogue, so deciding again writes
the same verdict. Where certificates are per unit, the unit is decided when its last part is.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.domain.attendance import Presence, PresenceRow, presence
from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict, decide_session, decide_unit
from shared.domain.decisions import Decision
from shared.domain.entitlements import entitlements
from shared.domain.letters import LetterKind, owe
from shared.domain.registrations import Registration
from shared.domain.sessions import Series, SessionState
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session
from shared.usecases.owe_letters import owe_once

_NOTHING = Presence(intervals=())


def decide_credit(
    session: str, *, records: Records, documents: Files, now: datetime
) -> dict[str, str | int]:
    """Decide the session (and the unit it completes); {"roster": object key, "earned": count}.

    The roster is JSON Lines of {"scope", "learner"}: who has earned a certificate and does not yet
    hold it. Ids only; it may be read by machines that should know nothing more.
    """
    found = find_session(session, records)
    if found is None or found.state.report is None:
        raise LookupError(f"There is no attendance report for session {session} to decide on.")
    series, report = found.series, found.state.report
    verdicts = list(_session_verdicts(session, series, report, records, now))
    records.put_all(verdicts)
    until_committed(lambda: _mark_decided(session, report, records))
    if series.catalogue.policies.certificate.per == "unit":
        verdicts = list(_unit_verdicts(series, records, now))
        records.put_all(verdicts)
    for verdict in verdicts:
        _owe_reasons(verdict, series.catalogue, records, now)
    lines = [
        json.dumps({"scope": verdict.scope, "learner": verdict.learner})
        for verdict in verdicts
        if verdict.earned.granted and not _holds_certificate(verdict, records)
    ]
    roster = f"rosters/{session}/certificates-{report}.jsonl"
    documents.write(roster, "".join(f"{line}\n" for line in lines).encode(), "application/jsonl")
    return {"roster": roster, "earned": len(lines)}


def _session_verdicts(
    session: str, series: Series, report: str, records: Records, now: datetime
) -> Iterator[Verdict]:
    catalogue = series.catalogue
    held = catalogue.session(session)
    rows = {
        row.learner: row.rows
        for row in records.find(f"SESSION#{session}", PresenceRow, PresenceRow.prefix_of(report))
    }
    for registration in _registrations([session], records):
        who = presence(rows.get(registration.learner, ()), held.starts_at, held.ends_at)
        attended, earned = decide_session(catalogue, session, registration, who, now)
        yield Verdict(
            scope=session,
            series=series.series,
            learner=registration.learner,
            attended=attended,
            earned=earned,
            presence=who.intervals,
            minutes=who.seconds // 60,
            revision=series.revision,
            report=report,
            decided_at=now,
        )


def _unit_verdicts(series: Series, records: Records, now: datetime) -> Iterator[Verdict]:
    """Verdicts on the whole series, once every part has been decided; nothing before."""
    catalogue = series.catalogue
    parts = [held.id for held in catalogue.sessions]
    states = [records.get(SessionState.key_of(part), SessionState) for part in parts]
    if not all(state and state.decided_report for state in states):
        return
    people: dict[str, dict[str, Registration]] = defaultdict(dict)
    for registration in _registrations(parts, records):
        people[registration.learner][registration.session] = registration
    attended: dict[str, dict[str, Decision]] = defaultdict(dict)
    minutes: dict[str, int] = defaultdict(int)
    for part in parts:
        for verdict in records.find(Verdict.partition_of(part), Verdict):
            attended[verdict.learner][part] = verdict.attended
            minutes[verdict.learner] += verdict.minutes
    for learner, registrations in sorted(people.items()):
        whole, earned = decide_unit(catalogue, registrations, attended[learner], now)
        yield Verdict(
            scope=series.series,
            series=series.series,
            learner=learner,
            attended=whole,
            earned=earned,
            minutes=minutes[learner],
            revision=series.revision,
            decided_at=now,
        )


def _registrations(sessions: Iterable[str], records: Records) -> Iterator[Registration]:
    for session in sessions:
        partition, prefix = Registration.key_of(session, "")
        yield from records.find(partition, Registration, prefix)


def _mark_decided(session: str, report: str, records: Records) -> None:
    state = records.get(SessionState.key_of(session), SessionState)
    if state is not None and state.decided_report != report:
        records.commit(state.model_copy(update={"decided_report": report}))


def _owe_reasons(verdict: Verdict, catalogue: Catalogue, records: Records, now: datetime) -> None:
    """Tell those who came and whose rate includes the certificate why there is none."""
    if verdict.earned.granted or verdict.attended.granted or verdict.minutes == 0:
        return
    part = verdict.scope if verdict.scope != verdict.series else catalogue.sessions[0].id
    registration = records.get(Registration.key_of(part, verdict.learner), Registration)
    if not entitlements(catalogue, part, registration, now).credit.granted:
        return
    if verdict.scope != verdict.series and catalogue.policies.certificate.per == "unit":
        return  # one part decides nothing yet
    letter = owe(
        LetterKind.NO_CERTIFICATE,
        f"{verdict.scope}/{verdict.learner}",
        now,
        learner=verdict.learner,
        series=verdict.series,
        session=None if verdict.scope == verdict.series else verdict.scope,
    )
    owe_once(letter, records)


def _holds_certificate(verdict: Verdict, records: Records) -> bool:
    """Whether there is nothing to print: it was given, or staff withdrew it."""
    kept = records.get(Certificate.key_of(verdict.scope, verdict.learner), Certificate)
    settled = (CertificateStatus.ISSUED, CertificateStatus.REVOKED)
    return kept is not None and kept.status in settled
