"""Wake the close that waits for the account of attendance, or start it again on a new one."""

from shared.domain.sessions import SessionState
from shared.ports import Records, Workflows
from shared.usecases.close_session import close_again


def wake_close(session: str, *, records: Records, workflows: Workflows) -> None:
    """Resume the close that waits; or, if it waits no more, close again on this account.

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
