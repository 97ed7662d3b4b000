"""Say who somebody in the attendance record is, where no registration and no address says it.

Only staff can; a name alone never credits anybody. What they say is kept with who, why and when,
and whom it concerns is decided again, in every class of the series in which that one was seen.
"""

from collections import Counter
from datetime import datetime

from shared.domain.matching import Alias, Confirmation, remembered_for_series, spelled
from shared.domain.registrations import Registration
from shared.domain.sessions import SessionState
from shared.domain.unmatched import UnmatchedRows
from shared.ports import Records, Workflows
from shared.usecases.account_attendance import account_for, decided_on_another
from shared.usecases.commit_again import until_committed
from shared.usecases.count_unmatched import count_unmatched
from shared.usecases.decide_again import decide_again
from shared.usecases.find_attendance import Seen, seen_in
from shared.usecases.find_session import Found, find_session
from shared.usecases.suggest_matches import registrants
from shared.usecases.wake_close import wake_close


class CannotBeMatched(Exception):
    """Why not, and what to do, in a sentence."""


def confirm_match(
    session: str,
    row: str,
    learner: str | None,
    *,
    by: str,
    why: str,
    records: Records,
    workflows: Workflows,
    now: datetime,
) -> str:
    """Let the participant of that row be that learner, or None: nobody of ours.

    Returns for what it holds: "series" or "session". Raises CannotBeMatched.
    """
    found = find_session_or_refuse(session, records)
    seen = _row(found, row, records)
    if learner and records.get(Registration.key_of(session, learner), Registration) is None:
        raise CannotBeMatched("That person has no seat in this session.")
    own = seen.sighting.identities.address
    if own and records.get(Registration.key_of(session, own), Registration):
        raise CannotBeMatched("That row has the address of somebody registered: it is theirs.")
    names = Counter(spelled(person.name) for person in registrants(session, records))
    lasting = remembered_for_series(seen.sighting, names)
    scope = found.series.series if lasting else session
    said = Confirmation(learner=learner, by=by, why=why, at=now)

    def attempt() -> None:
        identity = seen.sighting.identities.strongest
        kept = records.get(Alias.key_of(scope, identity), Alias)
        alias = kept or Alias(
            scope=scope, identity=identity, seen_as=seen.sighting.name, confirmations=()
        )
        records.commit(alias.confirmed(said))

    until_committed(attempt)
    for held in found.catalogue.sessions if lasting else (found.session,):
        account_for(held.id, records=records, now=now)
        _decide_whom_it_concerns(held.id, records, workflows, now)
        if records.get(UnmatchedRows.key_of(held.id), UnmatchedRows) is not None:
            count_unmatched(held.id, records=records, now=now)
    return "series" if lasting else "session"


def _decide_whom_it_concerns(
    session: str, records: Records, workflows: Workflows, now: datetime
) -> None:
    """Decide again for whomever the account that counts now says something else of."""
    state = records.get(SessionState.key_of(session), SessionState)
    if state is None or state.report is None or state.report == state.decided_report:
        return
    if not state.closed or state.decided_report is None:
        wake_close(session, records=records, workflows=workflows)
        return
    for learner in decided_on_another(state, records):
        cause = f"matched/{state.report}/{state.accounted_at}"
        decide_again(session, learner, cause=cause, records=records, now=now)


def find_session_or_refuse(session: str, records: Records) -> Found:
    """The session of that id. Raises CannotBeMatched."""
    found = find_session(session, records)
    if found is None:
        raise CannotBeMatched(f"There is no session '{session}'.")
    return found


def _row(found: Found, row: str, records: Records) -> Seen:
    """The one participant whose id begins so."""
    rows = {
        seen.sighting.participant: seen
        for seen in seen_in(found, records)
        if row and seen.sighting.participant.startswith(row)
    }
    if len(rows) != 1:
        many = "is more than one row" if rows else "is no row"
        raise CannotBeMatched(f"'{row}' {many} of this session's attendance.")
    return next(iter(rows.values()))
