"""The close of a session, step by step, as its state machine calls it: due, report, end.

Ids and times only go in and out. Every step may be repeated: it reads where things stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.session_counts import SessionCounts
from shared.domain.sessions import SessionPhase, SessionState, close_input, close_name
from shared.domain.zones import say_span
from shared.ports import Records, Workflows
from shared.usecases.account_attendance import account_for
from shared.usecases.commit_again import until_committed
from shared.usecases.count_close import count_close
from shared.usecases.count_unmatched import unmatched_count, unmatched_row
from shared.usecases.find_attendance import hear_live
from shared.usecases.find_session import Found, find_session
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.suggest_matches import IN_A_LETTER, find_unmatched, say_unmatched


@dataclass(frozen=True)
class Due:
    """Whether a close is to be done now, and whether a report is there for it."""

    due: bool
    has_report: bool
    wait_seconds: int
    reason: str


def start_close(session: str, ends_at: datetime, *, workflows: Workflows, now: datetime) -> bool:
    """Start the close under its business key; False if it was started before, or is not over.

    An early start would do nothing and use up the name under which the real one starts.
    """
    if now < ends_at:
        return False
    return workflows.start(close_name(session, ends_at), close_input(session, ends_at))


def close_again(state: SessionState, *, workflows: Workflows) -> bool:
    """Start the close once more, on the account that counts now."""
    data = close_input(state.session, state.ends_at, report=state.report or "")
    name = close_name(state.session, state.ends_at, state.accounted_at)
    return workflows.start(name, data)


def check_due(
    session: str,
    ends_at: datetime,
    report: str | None,
    *,
    of_one: bool = False,
    records: Records,
    now: datetime,
) -> Due:
    """Is the close still due? Not if the session moved, is not over, or was closed on this.

    `of_one` is a decision on one person only: that is due however often the session was closed.
    If Zoom has told the whole story of the session meanwhile, that is its report.
    """
    if now >= ends_at:
        account_for(session, records=records, now=now)
    found = find_session(session, records)
    if found is None or found.state.phase in (SessionPhase.REMOVED, SessionPhase.CANCELLED):
        return Due(False, False, 0, "There is no such session.")
    state, catalogue = found.state, found.catalogue
    wait = catalogue.policies.attendance.report_within_hours * 3600
    has_report = state.report is not None
    if state.ends_at != ends_at:
        return Due(False, has_report, wait, "The session has moved.")
    if now < state.ends_at:
        return Due(False, has_report, wait, "The session is not over.")
    if of_one:
        return Due(True, has_report, wait, "Something about one person has changed.")
    if state.closed and (report is None or state.decided_report == state.report):
        return Due(False, has_report, wait, "The session has been closed.")
    return Due(True, has_report, wait, "The session is over.")


def ask_for_report(
    session: str,
    task_token: str,
    *,
    records: Records,
    resume: Callable[[str, dict[str, str]], bool],
    now: datetime,
) -> None:
    """Remember who waits, and ask staff for the report; if it came meanwhile, go on at once."""

    def attempt() -> None:
        found = find_session(session, records)
        if found is None:
            raise LookupError(f"There is no session {session}.")
        state, held = found.state, found.session
        letter = owe(
            LetterKind.STAFF_REPORT_MISSING,
            f"{session}/{state.ends_at:%Y%m%dT%H%MZ}",
            now,
            series=state.series,
            session=session,
            facts=(
                Fact(label="Session", value=held.title),
                Fact(label="Held", value=say_span(held.starts_at, held.ends_at, held.zone)),
                Fact(label="Folder", value=f"attendance/{session}/"),
            ),
            lines=_why_not_whole(found, records),
        )
        waiting = state.model_copy(update={"task_token": task_token})
        records.commit(waiting, *not_yet_owed([letter], records))

    until_committed(attempt)
    # Whoever brought something before this was written down did not know that we wait.
    account_for(session, records=records, now=now)
    state = records.get(SessionState.key_of(session), SessionState)
    if state is not None and state.report is not None:
        resume(task_token, {"session": session, "report": state.report})


def _why_not_whole(found: Found, records: Records) -> tuple[str, ...]:
    """Why what Zoom told live is not enough, if it told anything."""
    heard = hear_live(found, records)
    if heard.first_at is None:
        return ()
    reasons = []
    if heard.open_meetings or heard.ended_at is None:
        reasons.append("the meeting has not ended yet, as far as we know")
    if heard.loose_ends:
        reasons.append(f"{heard.loose_ends} times somebody came or went, and we heard half of it")
    why = "; ".join(reasons) or "it does not reach from the start of the session to its end"
    return (
        f"Zoom told us live who came. That record is not whole: {why}. If the rest comes, "
        "the session closes by itself.",
    )


def give_up_waiting(session: str, ends_at: datetime, *, records: Records, now: datetime) -> None:
    """No report came in time: close without one, and leave the rest to staff.

    Nothing happens if the session has moved since: then it is another close that waits.

    A report that comes later closes the session again, with everything that follows from it.
    """

    def attempt() -> None:
        found = find_session(session, records)
        if found is None or found.state.ends_at != ends_at:
            return
        state = found.state
        if state.closed or state.report is not None:
            return
        letter = owe(
            LetterKind.STAFF_REPORT_GIVEN_UP,
            f"{session}/{state.ends_at:%Y%m%dT%H%MZ}",
            now,
            series=state.series,
            session=session,
            facts=(Fact(label="Folder", value=f"attendance/{session}/"),),
        )
        ended = state.at(SessionPhase.CLOSED_WITHOUT_REPORT, now)
        records.commit(ended, *not_yet_owed([letter], records))

    until_committed(attempt)


def report_to_staff(session: str, *, records: Records, now: datetime) -> bool:
    """Close the session and tell staff what was done, in counts.

    True if a corrected report arrived while this close ran on the earlier one: decide again.
    """

    def attempt() -> SessionState | None:
        found = find_session(session, records)
        report = found.state.decided_report if found else None
        if found is None or report is None:
            return None
        state = found.state
        ended = state.at(SessionPhase.CLOSED, now)
        counts = count_close(found, records, now)
        unmatched = find_unmatched(found, records, IN_A_LETTER)
        letter = owe(
            LetterKind.STAFF_CLOSE,
            f"{session}/{report}",
            now,
            series=state.series,
            session=session,
            facts=_facts_of_close(found, counts),
            lines=say_unmatched(unmatched),
        )
        rows = [
            unmatched_row(one.seen, one.likely.learner if one.likely else None) for one in unmatched
        ]
        counted = unmatched_count(found, rows, records, now)
        records.commit(ended, counts, *counted, *not_yet_owed([letter], records))
        return ended

    state = until_committed(attempt)
    return state is not None and state.report != state.decided_report


def _facts_of_close(found: Found, counts: SessionCounts) -> tuple[Fact, ...]:
    came_to = counts.came_to
    facts = [
        Fact(label="Session", value=found.session.title),
        Fact(label="Registered", value=str(counts.registered)),
        Fact(label="Attended in full", value=str(came_to.attended)),
    ]
    if found.catalogue.policies.certificate.per == "session":
        facts.append(Fact(label="Certificates", value=str(came_to.issued)))
        facts.append(Fact(label="Certificates that need you", value=str(came_to.parked)))
    return tuple(facts)
