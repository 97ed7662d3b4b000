"""Account for who was there: what all sources say, matched to people, as the one thing that counts.

An account is a function of the set of what is known: the report that counts, the live events, and
what staff confirmed. Its rows are written under a name made of their content before the session is
pointed at it, so nobody ever reads half of one. Accounting again, in whatever order things came,
ends in the same account.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.domain.attendance import (
    AttendanceAccount,
    Interval,
    PresenceRow,
    union,
)
from shared.domain.credit import Verdict
from shared.domain.sessions import SessionState
from shared.ports import Records
from shared.usecases.commit_again import ATTEMPTS, until_committed
from shared.usecases.find_attendance import Seen, hear_live, seen_in
from shared.usecases.find_session import find_session
from shared.usecases.side_by_side import side_by_side


def account_for(session: str, *, records: Records, now: datetime) -> bool:
    """Bring the session's account up to what is known; True if it changed.

    Nothing is accounted for before there is a report, or Zoom has told the whole story. What comes
    in while this runs is seen by it, or by whoever brings it. Raises Unavailable if others never
    stop changing it.
    """
    changed = False
    for _ in range(ATTEMPTS):
        if not until_committed(lambda: _account(session, records, now)):
            break
        changed = True
    return changed


def decided_on_another(state: SessionState, records: Records) -> Iterator[str]:
    """Ids of those whose verdict rests on an account that said something else of them than now."""
    session, before, now = state.session, state.decided_report or "", state.report or ""
    rows = (
        records.find(f"SESSION#{session}", PresenceRow, PresenceRow.prefix_of(account))
        for account in (before, now)
    )
    for person in side_by_side(records.find(Verdict.partition_of(session), Verdict), *rows):
        verdict = person.of(0, Verdict)
        if verdict is None or verdict.report == now:
            continue
        then = person.of(1, PresenceRow)
        if verdict.report != before:  # decided alone, since the close
            key = PresenceRow.key_of(session, verdict.report or "", person.learner)
            then = records.get(key, PresenceRow)
        if _said(then) != _said(person.of(2, PresenceRow)):
            yield person.learner


def _said(row: PresenceRow | None) -> tuple[object, ...] | None:
    return (row.rows, row.untimed) if row else None


def _account(session: str, records: Records, now: datetime) -> bool:
    found = find_session(session, records)
    if found is None:
        return False
    state, held = found.state, found.session
    heard = hear_live(found, records)
    whole = heard.is_whole(held.starts_at, held.ends_at)
    if state.uploaded is None and state.report is None and not whole:
        return False
    people = _by_learner(seen_in(found, records))
    name = _name_of(state.uploaded, people)
    if state.report == name:
        return False
    records.put_all(
        PresenceRow(session=session, report=name, learner=learner, rows=rows, untimed=untimed)
        for learner, rows, untimed in people
    )
    account = AttendanceAccount(
        session=session,
        account=name,
        report=state.uploaded,
        live=bool(heard.sightings),
        made_at=now,
    )
    known = records.get(account.key(), AttendanceAccount)
    pointed = state.model_copy(update={"report": name, "accounted_at": now})
    records.commit(pointed, *([] if known else [account]))
    return True


def _by_learner(seen: Iterable[Seen]) -> list[tuple[str, tuple[Interval, ...], bool]]:
    rows: dict[str, list[Interval]] = defaultdict(list)
    untimed: set[str] = set()
    for one in seen:
        learner = one.match.learner
        if learner is None:
            continue
        rows[learner] += one.sighting.rows
        if one.sighting.untimed:
            untimed.add(learner)
    return [(learner, union(kept), learner in untimed) for learner, kept in sorted(rows.items())]


def _name_of(uploaded: str | None, people: Iterable[tuple[str, tuple[Interval, ...], bool]]) -> str:
    """The account's name: the same for the same report and the same presence."""
    digest = hashlib.sha256(f"{uploaded}\n".encode())
    for learner, rows, untimed in people:
        spans = [[joined.isoformat(), left.isoformat()] for joined, left in rows]
        digest.update(json.dumps([learner, spans, untimed]).encode())
    return digest.hexdigest()[:16]
