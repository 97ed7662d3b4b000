"""Decide one person's credit again: something about them changed after the close.

Whoever changes it adds `not_yet_wanted(want_decision(...), records)` to their own commit; whoever
has nothing to commit calls `decide_again`. The table's stream starts the close machine for that one
person, and the sweep starts what the stream missed. The same cause is decided once.
"""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.decisions_wanted import DecisionWanted, short, want_decision
from shared.domain.sessions import SessionPhase, SessionState, close_input
from shared.failures import Conflict
from shared.ports import Records, Workflows
from shared.usecases.commit_again import until_committed


def decide_again(
    session: str, learner: str, *, cause: str, records: Records, now: datetime
) -> bool:
    """Have that person's credit in that session, and in the unit it is part of, decided again.

    True if it is on its way now; False if this cause was wanted before, or there is no such
    session. Works at any time: before the session is over its close sees the change by itself.
    """
    state = records.get(SessionState.key_of(session), SessionState)
    if state is None:
        return False
    wanted = not_yet_wanted([want_decision(session, state.series, learner, cause, now)], records)
    try:
        if wanted:
            records.commit(*wanted)
    except Conflict:
        return False  # somebody else was quicker
    return bool(wanted)


def not_yet_wanted(wanted: Iterable[DecisionWanted], records: Records) -> list[DecisionWanted]:
    """Those whose cause nobody has named yet, to be committed with what caused them."""
    return [one for one in wanted if records.get(one.key(), DecisionWanted) is None]


def start_decision(
    wanted: DecisionWanted,
    *,
    records: Records,
    workflows: Workflows,
    now: datetime,
    again: str = "",
) -> bool:
    """Start the machine for one person; False if it runs already, or there is nothing to decide.

    Before the end of the session nothing is decided yet: its close reads what is true then. So
    it is with a payment as long as there is no attendance for the close to decide on.
    """
    state = records.get(SessionState.key_of(wanted.session), SessionState)
    if state is None or state.phase is SessionPhase.REMOVED or now < state.ends_at:
        settle(wanted, records, now)
        return False
    if wanted.of_payment and not state.closed and state.decided_report is None:
        # With attendance there, the close may be past this person: the sweep asks once it is done.
        if state.report is None:
            settle(wanted, records, now)
        return False
    data = close_input(
        wanted.session, state.ends_at, learner=wanted.learner, cause=short(wanted.cause)
    )
    return workflows.start(wanted.execution(again), data)


def settle(wanted: DecisionWanted, records: Records, now: datetime) -> None:
    """Nothing waits for this cause any more."""

    def attempt() -> None:
        kept = records.get(wanted.key(), DecisionWanted)
        if kept is not None and kept.waiting:
            records.commit(kept.settled(now))

    until_committed(attempt)
