"""Take an attendance report in, whole or not at all, and wake the close that waits for it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.attendance import AttendanceReport, Interval, union
from shared.domain.catalogue import Catalogue, Session
from shared.domain.erasure import Forgotten
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.people import clean_address
from shared.domain.reports import Expected, ReportQuestion, ReportQuestions, ReportRow, Role
from shared.domain.sessions import Series, SessionState
from shared.domain.sightings import Named, Sighting, identify
from shared.ports import Files, Records, Workflows
from shared.usecases.account_attendance import account_for
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session
from shared.usecases.owe_letters import owe_once
from shared.usecases.wake_close import wake_close

# Of one participant, merged. More is a broken file, and would not fit into one record.
_MOST_VISITS = 1000
# Of one session, in its state; all of them are kept.
_REPORTS_NAMED = 50


@dataclass(frozen=True)
class ReportUpload:
    """A report as staff put it in the bucket: for which session, what, when."""

    session: str
    key: str
    content: bytes
    uploaded_at: datetime

    @property
    def report(self) -> str:
        """What this content is called among the session's reports."""
        return hashlib.sha256(self.content).hexdigest()[:16]


def report_attendance(
    upload: ReportUpload,
    *,
    read: Callable[[bytes, Expected], Sequence[ReportRow]],
    uploads: Files,
    records: Records,
    workflows: Workflows,
    identity_key: bytes,
    now: datetime,
) -> str:
    """Record who was there by this report: "taken", "unchanged", "superseded" or "refused".

    Rows are written before the session is pointed at them, so nobody ever reads half a report. A
    file that names somebody who took everything away goes again, once its rows stand in records.
    Raises Unavailable if that could not be finished; reporting again finishes it.
    """
    found = find_session(upload.session, records)
    if found is None:
        question = f"There is no session '{upload.session}'. Is the folder named like the session?"
        return _refuse(upload, None, (question,), records, now)
    series, session = found.series, found.session
    try:
        rows = read(upload.content, _expected(session, upload.key))
        _check_overlap(rows, session)
        sightings = _sightings(upload, rows, series.catalogue, identity_key)
    except ReportQuestions as refusal:
        return _refuse(upload, series, tuple(str(q) for q in refusal.questions), records, now)
    kept = without_the_forgotten(sightings, session.id, records)
    records.put_all(kept)
    outcome = until_committed(lambda: _point(upload, len(sightings), records))
    if outcome != "superseded":
        account_for(session.id, records=records, now=now)
        wake_close(session.id, records=records, workflows=workflows)
    if kept != sightings:
        uploads.forget(upload.key)
    return outcome


def without_the_forgotten(
    sightings: Sequence[Sighting], session: str, records: Records
) -> list[Sighting]:
    """The same without the words of whoever took everything away: who they were stays an id."""
    forgotten = records.get(Forgotten.key_of(session), Forgotten)
    if forgotten is None:
        return list(sightings)
    return [
        one.model_copy(update={"name": "", "address": ""})
        if forgotten.knows(one.participant, one.identities.address, one.identities.registrant)
        or (one.identities.address is None and forgotten.knows(one.identities.name))
        else one
        for one in sightings
    ]


def _expected(session: Session, key: str) -> Expected:
    zone = (session.zoom.report_zone if session.zoom else None) or session.zone
    return Expected(session.starts_at, session.ends_at, zone, key.rsplit("/", 1)[-1])


def _check_overlap(rows: Sequence[ReportRow], session: Session) -> None:
    timed = [row for row in rows if row.timed]
    if timed and not any(row.overlaps(session.starts_at, session.ends_at) for row in timed):
        raise ReportQuestions.about_file(
            f"Nobody in this report was there between {session.starts:%H:%M} and "
            f"{session.ends:%H:%M} on {session.starts:%B %-d, %Y}, {session.zone}. "
            "Is it another session's report? Or does it show the clocks of another zone?"
        )


def _sightings(
    upload: ReportUpload, rows: Sequence[ReportRow], catalogue: Catalogue, identity_key: bytes
) -> list[Sighting]:
    """What the report says, by participant. The institute's own people are none.

    Raises ReportQuestions if somebody came and went more often than can be.
    """
    institute = catalogue.institute
    own = {clean_address(a) for a in (institute.sender, institute.contact, *institute.staff)}
    people: dict[str, list[tuple[Named, ReportRow]]] = defaultdict(list)
    for row in rows:
        named = identify(row.registrant, row.address, row.name, catalogue.series.id, identity_key)
        if named.address not in own:
            people[named.participant].append((named, row))
    sightings = [_sighting(upload, kept) for _, kept in sorted(people.items())]
    too_many = [
        ReportQuestion(one.lines[0], "Somebody came and went over 1,000 times. Is it one class?")
        for one in sightings
        if len(one.rows) > _MOST_VISITS
    ]
    if too_many:
        raise ReportQuestions(too_many)
    return sightings


def _sighting(upload: ReportUpload, kept: Sequence[tuple[Named, ReportRow]]) -> Sighting:
    named = kept[0][0]
    rows = [row for _, row in kept]
    timed = [Interval(row.joined, row.left) for row in rows if row.joined and row.left]
    learns = any(row.role is Role.ATTENDEE for row in rows)
    return Sighting(
        session=upload.session,
        source=upload.report,
        participant=named.participant,
        learner=named.identities.address,
        identities=named.identities,
        name=named.name,
        address=named.address,
        role=Role.ATTENDEE if learns else rows[0].role,
        rows=union(timed),
        untimed=not all(row.timed for row in rows),
        lines=(min(row.line for row in rows), max(row.line for row in rows)),
    )


def _point(upload: ReportUpload, people: int, records: Records) -> str:
    """Make this report the one that counts, unless a newer upload already is."""
    state = records.get(SessionState.key_of(upload.session), SessionState)
    if state is None:
        return "superseded"
    if state.uploaded == upload.report:
        return "unchanged"
    if state.uploaded_at is not None and state.uploaded_at > upload.uploaded_at:
        return "superseded"
    report = AttendanceReport(
        session=upload.session,
        report=upload.report,
        file=upload.key,
        uploaded_at=upload.uploaded_at,
        people=people,
    )
    known = records.get(report.key(), AttendanceReport)
    earlier = [one for one in state.reports if one != upload.report]
    pointed = state.model_copy(
        update={
            "uploaded": upload.report,
            "uploaded_at": upload.uploaded_at,
            "reports": (*earlier, upload.report)[-_REPORTS_NAMED:],
        }
    )
    records.commit(pointed, *([] if known else [report]))
    return "taken"


def _refuse(
    upload: ReportUpload,
    series: Series | None,
    questions: tuple[str, ...],
    records: Records,
    now: datetime,
) -> str:
    letter = owe(
        LetterKind.STAFF_REPORT_REFUSED,
        f"{upload.session}/{upload.report}",
        now,
        series=series.series if series else None,
        session=upload.session if series else None,
        facts=(Fact(label="File", value=upload.key),),
        lines=questions,
    )
    owe_once(letter, records)
    return "refused"
