"""Decide who earned credit: a verdict for every registration, with reasons, and a roster to print.

A verdict is a function of the report, the registration and the catalogue, so deciding again writes
the same verdict. Where certificates are per unit, the unit is decided when its last part is.

People are read as a stream and decided forty at a time, so that a class of ten thousand takes no
more memory than one of ten. What changes about a person meanwhile is not overwritten: a verdict is
saved only over the one that was read, and otherwise decided once more.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from shared.domain.attendance import PresenceRow
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.made_up import MadeUp
from shared.domain.overrides import Overrides
from shared.domain.record import Record
from shared.domain.registrations import Registration
from shared.domain.sessions import Series, SessionState
from shared.failures import Conflict
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_person import (
    ROSTER_MEDIA,
    Decided,
    all_parts_decided,
    decide_as_things_stand,
    decide_in_part,
    decide_on_whole,
    registrations_of,
    roster_line,
    roster_of,
    to_be_printed,
)
from shared.usecases.find_session import Found, find_session
from shared.usecases.gather_standing import standing_of
from shared.usecases.make_up_part import can_be_made_up, counts
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.side_by_side import side_by_side

# With a letter each, and with room to spare, what fits into one commit.
_AT_ONCE = 40


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
    report, series = found.state.report, found.series
    content = roster_of(
        _to_print(decided_in_session(found, report, records, now), session, records, now)
    )
    until_committed(lambda: _mark_decided(session, report, records))
    per_unit = series.catalogue.policies.certificate.per == "unit"
    # One part earns nothing by itself: what it has put together so far is an empty file.
    if per_unit and all_parts_decided(series, records):
        content = roster_of(_to_print(_of_unit(series, records, now), session, records, now))
    roster = f"rosters/{session}/certificates-{report}.jsonl"
    documents.write(roster, content, ROSTER_MEDIA)
    return {"roster": roster, "earned": content.count(b"\n")}


def decided_in_session(
    found: Found, report: str, records: Records, now: datetime
) -> Iterator[tuple[Decided, Certificate | None]]:
    """Everybody who is registered, decided; and the certificate they hold already."""
    session = found.state.session
    for person in side_by_side(
        registrations_of(session, records),
        records.find(f"SESSION#{session}", PresenceRow, PresenceRow.prefix_of(report)),
        records.find(Verdict.partition_of(session), Verdict),
        records.find(Certificate.partition_of(session), Certificate),
        records.find(Overrides.partition_of(session), Overrides),
    ):
        registration = person.of(0, Registration)
        if registration is not None:
            row, kept = person.of(1, PresenceRow), person.of(2, Verdict)
            standing = standing_of(
                person.learner, found.catalogue, session, records, overrides=person.of(4, Overrides)
            )
            decided = decide_in_part(found, registration, row, kept, standing, now)
            yield decided, person.of(3, Certificate)


def _of_unit(
    series: Series, records: Records, now: datetime
) -> Iterator[tuple[Decided, Certificate | None]]:
    """The same for the whole, of everybody who is registered for any part of it."""
    parts = [held.id for held in series.catalogue.held_sessions]
    count = len(parts)
    for person in side_by_side(
        *(registrations_of(part, records) for part in parts),
        *(records.find(Verdict.partition_of(part), Verdict) for part in parts),
        *(records.find(MadeUp.partition_of(part), MadeUp) for part in parts),
        records.find(Verdict.partition_of(series.series), Verdict),
        records.find(Certificate.partition_of(series.series), Certificate),
        records.find(Overrides.partition_of(series.series), Overrides),
    ):
        columns = dict(enumerate(parts))
        registrations = {
            part: registration
            for at, part in columns.items()
            if (registration := person.of(at, Registration))
        }
        verdicts = {
            part: verdict
            for at, part in columns.items()
            if (verdict := person.of(count + at, Verdict))
        }
        made_up = frozenset(
            part
            for at, part in columns.items()
            if can_be_made_up(series.catalogue, series.catalogue.session(part))
            and counts(person.of(2 * count + at, MadeUp), series.catalogue)
        )
        if registrations:
            kept, held = person.of(3 * count, Verdict), person.of(3 * count + 1, Certificate)
            said = person.of(3 * count + 2, Overrides)
            standing = standing_of(person.learner, series.catalogue, None, records, overrides=said)
            yield (
                decide_on_whole(series, registrations, verdicts, kept, standing, now, made_up),
                held,
            )


def _to_print(
    people: Iterator[tuple[Decided, Certificate | None]],
    session: str,
    records: Records,
    now: datetime,
) -> Iterator[str]:
    """Save what was decided; a line of the roster for each who is to get a certificate by it."""
    while chunk := list(islice(people, _AT_ONCE)):
        decided = _saved([one for one, _ in chunk], session, records, now)
        for (_, held), verdict in zip(chunk, decided, strict=True):
            if to_be_printed(verdict, held):
                yield roster_line(verdict)


def _saved(chunk: list[Decided], session: str, records: Records, now: datetime) -> list[Verdict]:
    """The verdicts as they stand once they are saved."""
    changes: list[Record] = [change for one in chunk for change in one.changes]
    changes += not_yet_owed((letter for one in chunk for letter in one.letters), records)
    try:
        if changes:
            records.commit(*changes)
    except Conflict:
        return [_decided_once_more(one.verdict, session, records, now) for one in chunk]
    return [one.verdict for one in chunk]


def _decided_once_more(verdict: Verdict, session: str, records: Records, now: datetime) -> Verdict:
    """Something about one of them changed while they were decided: each by themselves, then."""
    for one in decide_as_things_stand(session, verdict.learner, records=records, now=now):
        if one.verdict.scope == verdict.scope:
            return one.verdict
    return verdict


def _mark_decided(session: str, report: str, records: Records) -> None:
    state = records.get(SessionState.key_of(session), SessionState)
    if state is not None and state.decided_report != report:
        records.commit(state.model_copy(update={"decided_report": report}))
