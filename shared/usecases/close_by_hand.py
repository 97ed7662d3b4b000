"""Close a session because staff say so: now, rather than when its alarm rings, or once more."""

from datetime import datetime

from shared.domain.sessions import SessionPhase, SessionState, close_input, close_name
from shared.ports import Records, Workflows
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session


class CannotBeClosed(Exception):
    """It is not time, or something is missing; the message says what."""


def close_by_hand(session: str, *, records: Records, workflows: Workflows, now: datetime) -> None:
    """Have everybody in it decided on what is known by now; nobody gets anything twice.

    A session that was closed on the same attendance is decided anew: as if it had not been. Raises
    CannotBeClosed.
    """

    def attempt() -> SessionState:
        found = find_session(session, records)
        if found is None or found.state.phase is SessionPhase.REMOVED:
            raise CannotBeClosed("There is no such session.")
        state = found.state
        if state.phase is SessionPhase.CANCELLED:
            raise CannotBeClosed("It was cancelled, so there is nothing to decide.")
        if now < state.ends_at:
            raise CannotBeClosed("It is not over. It closes by itself when it is.")
        if state.report is None:
            waits = "Its close waits for" if state.task_token else "There is no"
            raise CannotBeClosed(f"{waits} attendance. Upload the report; the rest follows.")
        if state.closed and state.decided_report == state.report:
            state = state.model_copy(update={"decided_report": None})
            records.commit(state)
        return state

    state = until_committed(attempt)
    # A name of its own: one that ran before, or failed, must not be in the way.
    data = close_input(session, state.ends_at, report=state.report or "")
    workflows.start(close_name(session, state.ends_at, now), data)
