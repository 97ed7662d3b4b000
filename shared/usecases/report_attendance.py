"""Take an attendance report in, whole or not at all, and wake the close that waits for it."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.domain.attendance import AttendanceReport, Interval, PresenceRow
from shared.domain.catalogue import Catalogue, Session
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.links import learner_id
from shared.domain.people import clean_address
from shared.domain.reports import ReportQuestions, ReportRow
from shared.domain.sessions import Series, SessionState
from shared.ports import Records, Workflows
from shared.usecases.close_session import close_again
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session
from shared.usecases.owe_letters import owe_once


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
    read: Callable[[bytes, str], Sequence[ReportRow]],
    records: Records,
    workflows: Workflows,
    identity_key: bytes,
    now: datetime,
) -> str:
    """Record who was there by this report: "taken", "unchanged", "superseded" or "refused".

    Rows are written before the session is pointed at them, so nobody ever reads half a report.
    Raises Unavailable if that could not be finished; reporting again finishes it.
    """
    found = find_session(upload.session, records)
    if found is None:
        question = f"There is no session '{upload.session}'. Is the folder named like the session?"
        return _refuse(upload, None, (question,), records, now)
    series, session = found.series, found.session
    try:
        rows = read(upload.content, session.zone)
        _check_overlap(rows, session)
    except ReportQuestions as refusal:
        return _refuse(upload, series, tuple(str(q) for q in refusal.questions), records, now)
    people, unmatched = _by_person(rows, series.catalogue, identity_key)
    records.put_all(
        PresenceRow(session=session.id, report=upload.report, learner=learner, rows=tuple(spans))
        for learner, spans in sorted(people.items())
    )
    outcome = until_committed(lambda: _point(upload, len(people), unmatched, records))
    if outcome != "superseded":
        _wake_close(upload.session, records, workflows)
    return outcome


def _check_overlap(rows: Sequence[ReportRow], session: Session) -> None:
    overlapping = [
        row for row in rows if row.joined < session.ends_at and row.left > session.starts_at
    ]
    if not overlapping:
        raise ReportQuestions.about_file(
            f"Nobody in this report was there between {session.starts:%H:%M} and "
            f"{session.ends:%H:%M} on {session.starts:%B %-d, %Y}. Is it another session's report?"
        )


def _by_person(
    rows: Sequence[ReportRow], catalogue: Catalogue, identity_key: bytes
) -> tuple[dict[str, list[Interval]], tuple[str, ...]]:
    """Intervals by learner, matched by address; and the names of rows that carry no address.

    The institute's own people are neither. A name alone never credits anybody.
    """
    institute = catalogue.institute
    own = {clean_address(a) for a in (institute.sender, institute.contact, *institute.staff)}
    people: dict[str, list[Interval]] = defaultdict(list)
    unmatched: dict[str, None] = {}
    for row in rows:
        address = clean_address(row.address)
        if address in own:
            continue
        if address is None:
            unmatched[row.name] = None
        else:
            people[learner_id(address, identity_key)].append(Interval(row.joined, row.left))
    return people, tuple(unmatched)


def _point(upload: ReportUpload, people: int, unmatched: tuple[str, ...], records: Records) -> str:
    """Make this report the one that counts, unless a newer upload already is."""
    state = records.get(SessionState.key_of(upload.session), SessionState)
    if state is None:
        return "superseded"
    if state.report == upload.report:
        return "unchanged"
    if state.report_uploaded_at is not None and state.report_uploaded_at > upload.uploaded_at:
        return "superseded"
    report = AttendanceReport(
        session=upload.session,
        report=upload.report,
        uploaded_at=upload.uploaded_at,
        people=people,
        unmatched=unmatched,
    )
    known = records.get(report.key(), AttendanceReport)
    pointed = state.model_copy(
        update={"report": upload.report, "report_uploaded_at": upload.uploaded_at}
    )
    records.commit(pointed, *([] if known else [report]))
    return "taken"


def _wake_close(session: str, records: Records, workflows: Workflows) -> None:
    """Resume the close that waits; or, if it waits no more, close again on this report.

    A close may stop waiting in the very moment in which the report comes, before it has said so.
    """
    state = records.get(SessionState.key_of(session), SessionState)
    if state is None or state.report is None:
        return
    waited = state.task_token is not None
    if state.task_token is not None and workflows.resume(
        state.task_token, {"session": session, "report": state.report}
    ):
        return
    if (state.closed or waited) and state.decided_report != state.report:
        close_again(state, workflows=workflows)


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
