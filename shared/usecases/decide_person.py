"""Decide one person's credit: in one session, and in the unit that the session is part of."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from shared.domain.attendance import PresenceRow, presence
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.credit import Verdict, decide_session
from shared.domain.credit_units import decide_unit
from shared.domain.decisions_wanted import DecisionWanted
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.overrides import Overrides
from shared.domain.record import Key, Record
from shared.domain.registrations import Registration
from shared.domain.sessions import Series, SessionState
from shared.domain.standing import Standing
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import Found, find_session
from shared.usecases.gather_standing import standing_of
from shared.usecases.make_up_part import made_up_by
from shared.usecases.override_decision import settle_certificate
from shared.usecases.owe_letters import not_yet_owed

ROSTER_MEDIA = "application/jsonl"
# Why no board credits somebody who attended, where the certificate is for those alone.
_OF_BOARDS = {
    *("live_only", "not_approved", "tier_without_board", "other_profession", "other_state"),
}


@dataclass(frozen=True)
class Decided:
    """A verdict, the one it replaces, and the letters it owes."""

    verdict: Verdict
    kept: Verdict | None
    letters: tuple[Letter, ...] = ()

    @property
    def changes(self) -> list[Verdict]:
        """The verdict, if it says anything that the kept one does not."""
        same = {"version": 0, "decided_at": self.verdict.decided_at}
        if self.kept and self.kept.model_copy(update=same) == self.verdict:
            return []
        version = self.kept.version if self.kept else 0
        return [self.verdict.model_copy(update={"version": version})]


def decide_person(
    session: str,
    learner: str,
    cause: str,
    *,
    records: Records,
    documents: Files,
    now: datetime,
) -> dict[str, str | int]:
    """Decide one person again because of `cause`; {"roster": object key, "earned": count}.

    The roster is that of a close, with one person on it, or none. Without an attendance report
    there is nothing to decide on; the close decides when it has one.
    """

    decided = decide_as_things_stand(session, learner, records=records, now=now, settles=cause)
    settle_certificate([one.verdict for one in decided], records, now)
    lines = [
        roster_line(one.verdict)
        for one in decided
        if to_be_printed(one.verdict, records.get(_certificate_of(one.verdict), Certificate))
    ]
    roster = f"rosters/{session}/again-{cause}.jsonl"
    documents.write(roster, roster_of(lines), ROSTER_MEDIA)
    return {"roster": roster, "earned": len(lines)}


def decide_as_things_stand(
    session: str, learner: str, *, records: Records, now: datetime, settles: str = ""
) -> list[Decided]:
    """Decide one person and save it in one commit: in the session, and in the unit if it is time.

    `settles` is the cause for which a decision was wanted, if one was.
    """

    def attempt() -> list[Decided]:
        found = find_session(session, records)
        decided = _decide(found, learner, records, now) if found else []
        changes: list[Record] = [change for one in decided for change in one.changes]
        changes += not_yet_owed((letter for one in decided for letter in one.letters), records)
        wanted = records.get(DecisionWanted.key_of(session, learner, settles), DecisionWanted)
        if wanted is not None and wanted.waiting:
            changes.append(wanted.settled(now))
        if changes:
            records.commit(*changes)
        return decided

    return until_committed(attempt)


def decide_in_part(
    found: Found,
    registration: Registration,
    row: PresenceRow | None,
    kept: Verdict | None,
    standing: Standing,
    now: datetime,
) -> Decided:
    """What one registration of one session comes to, by the account that counts now."""
    catalogue, held = found.catalogue, found.session
    there, untimed = (row.rows, row.untimed) if row else ((), False)
    who = presence(there, held.starts_at, held.ends_at, untimed=untimed)
    ruling = decide_session(catalogue, held.id, registration, who, now, standing)
    verdict = Verdict(
        scope=held.id,
        series=found.series.series,
        learner=registration.learner,
        attended=ruling.attended,
        earned=ruling.earned,
        boards=ruling.boards,
        presence=who.intervals,
        minutes=who.seconds // 60,
        revision=found.series.revision,
        report=found.state.report,
        decided_at=now,
    )
    per_unit = catalogue.policies.certificate.per == "unit"  # there, one part decides nothing yet
    letters = () if per_unit else _reasons(verdict, found.series, registration, now)
    return Decided(verdict, kept, letters)


def decide_on_whole(
    series: Series,
    registrations: Mapping[str, Registration],
    parts: Mapping[str, Verdict],
    kept: Verdict | None,
    standing: Standing,
    now: datetime,
    made_up: frozenset[str] = frozenset(),
) -> Decided:
    """What one person's parts come to; both are by session id. At least one registration."""
    attended = {session: verdict.attended for session, verdict in parts.items()}
    missed = {session for session, said in attended.items() if not said.granted}
    presences = {session: verdict.who for session, verdict in parts.items()}
    ruling = decide_unit(
        series.catalogue, registrations, attended, now, standing, made_up & missed, presences
    )
    first = series.catalogue.held_sessions[0].id
    some = registrations.get(first) or next(iter(registrations.values()))
    verdict = Verdict(
        scope=series.series,
        series=series.series,
        learner=some.learner,
        attended=ruling.attended,
        earned=ruling.earned,
        boards=ruling.boards,
        minutes=sum(part.minutes for part in parts.values()),
        revision=series.revision,
        decided_at=now,
    )
    return Decided(verdict, kept, _reasons(verdict, series, registrations.get(first), now))


def all_parts_decided(series: Series, records: Records) -> bool:
    """Whether every part of the unit has been decided; before, nothing can be said of the whole."""
    states = (
        records.get(SessionState.key_of(part.id), SessionState)
        for part in series.catalogue.held_sessions
    )
    return all(state is not None and state.decided_report for state in states)


def registrations_of(session: str, records: Records) -> Iterator[Registration]:
    """Everybody who has, or had, a place in the session, in the order of their ids."""
    partition, prefix = Registration.key_of(session, "")
    return records.find(partition, Registration, prefix)


def to_be_printed(verdict: Verdict, held: Certificate | None) -> bool:
    """Whether a certificate is earned, and was neither given yet nor withdrawn by staff."""
    settled = (CertificateStatus.ISSUED, CertificateStatus.REVOKED)
    return verdict.earned.granted and (held is None or held.status not in settled)


def roster_line(verdict: Verdict) -> str:
    """One line of a roster of certificates."""
    return json.dumps({"scope": verdict.scope, "learner": verdict.learner})


def roster_of(lines: Iterable[str]) -> bytes:
    """A roster's file, put together line by line: of a large class it is all that is held."""
    file = BytesIO()
    file.writelines(f"{line}\n".encode() for line in lines)
    return file.getvalue()


def _decide(found: Found, learner: str, records: Records, now: datetime) -> list[Decided]:
    """Everything that this session decides for the person, as things stand."""
    series, session = found.series, found.state.session
    registration = records.get(Registration.key_of(session, learner), Registration)
    said = records.get(Overrides.key_of(session, learner), Overrides)
    spoken = said is not None and said.says_anything
    if registration is None or (found.state.report is None and not spoken):
        return []
    row = records.get(PresenceRow.key_of(session, found.state.report or "", learner), PresenceRow)
    kept = records.get(Verdict.key_of(session, learner), Verdict)
    standing = standing_of(learner, series.catalogue, session, records, overrides=said)
    part = decide_in_part(found, registration, row, kept, standing, now)
    if series.catalogue.policies.certificate.per == "session":
        return [part]
    of_unit = records.get(Overrides.key_of(series.series, learner), Overrides)
    spoken = of_unit is not None and of_unit.says_anything
    if not spoken and not all_parts_decided(series, records):
        return [part]
    sessions = [held.id for held in series.catalogue.held_sessions]
    registrations = {
        of: seat
        for of in sessions
        if (seat := records.get(Registration.key_of(of, learner), Registration))
    }
    parts = {
        of: decided
        for of in sessions
        if (decided := records.get(Verdict.key_of(of, learner), Verdict))
    }
    parts[session] = part.verdict
    before = records.get(Verdict.key_of(series.series, learner), Verdict)
    standing = standing_of(learner, series.catalogue, None, records, overrides=of_unit)
    made_up = made_up_by(learner, series.catalogue, records)
    whole = decide_on_whole(series, registrations, parts, before, standing, now, made_up)
    return [part, whole]


def _certificate_of(verdict: Verdict) -> Key:
    return Certificate.key_of(verdict.scope, verdict.learner)


def _reasons(
    verdict: Verdict, series: Series, registration: Registration | None, now: datetime
) -> tuple[Letter, ...]:
    """Tell those who came and whose rate includes the certificate why there is none.

    Who did everything and has not told us their profession is asked for it instead.
    """
    codes = {reason.code for reason in verdict.earned.reasons}
    asked = "particulars_missing" in codes
    # Of an evaluation that is missing they hear while it can be sent, of staff's word from staff.
    elsewhere = codes & {"evaluation_missing", "staff_credit_no"} or not codes & _OF_BOARDS
    told_otherwise = verdict.attended.granted and not asked and elsewhere
    if verdict.earned.granted or told_otherwise or verdict.minutes == 0:
        return ()
    catalogue = series.catalogue
    of_unit = verdict.scope == series.series
    part = catalogue.held_sessions[0].id if of_unit else verdict.scope
    if not entitlements(catalogue, part, registration, now).credit.granted:
        return ()
    letter = owe(
        LetterKind.PARTICULARS_WANTED
        if verdict.attended.granted and asked
        else LetterKind.NO_CERTIFICATE,
        f"{verdict.scope}/{verdict.learner}",
        now,
        learner=verdict.learner,
        series=verdict.series,
        session=None if of_unit else verdict.scope,
    )
    return (letter,)
