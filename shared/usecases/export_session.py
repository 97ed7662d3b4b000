"""Write down for an accreditor who attended a session, and what they were given for it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from shared.domain.accreditor_export import Export, export_of, rows_of
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.particulars import Particulars
from shared.domain.registrations import Learner
from shared.ports import Files, Records
from shared.usecases.find_session import Found, find_session
from shared.usecases.side_by_side import side_by_side

_AT_ONCE = 100
_MEDIA = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


def export_session(
    session: str,
    kind: str,
    *,
    write: Callable[[Export], bytes],
    records: Records,
    documents: Files,
    now: datetime,
) -> dict[str, str | int]:
    """Put the list in the bucket; {"key": object key, "rows": count}. `kind` is "csv" or "pdf".

    The key names the session and the moment, and nobody. Raises LookupError if there is no such
    session, or nothing in it has been decided.
    """
    found = find_session(session, records)
    if found is None:
        raise LookupError(f"There is no session '{session}'.")
    rows = tuple(export_rows(found, records))
    if not rows:
        raise LookupError(f"Nothing has been decided in '{session}' yet.")
    export = export_of(found.catalogue, found.session, rows, now)
    key = f"exports/{session}/{now:%Y%m%dT%H%M%SZ}.{kind}"
    documents.write(key, write(export), _MEDIA[kind])
    return {"key": key, "rows": len(rows)}


def export_rows(found: Found, records: Records) -> Iterator[tuple[str, ...]]:
    """The rows of the list: a row for each licence of everybody who was decided.

    Who they are and what they told is asked for a hundred people at a time.
    """
    session = found.state.session
    scope = session
    if found.catalogue.policies.certificate.per == "unit":
        scope = found.series.series
    people = side_by_side(
        records.find(Verdict.partition_of(session), Verdict),
        records.find(Certificate.partition_of(scope), Certificate),
    )
    decided = (row for row in people if row.of(0, Verdict) is not None)
    while chunk := list(islice(decided, _AT_ONCE)):
        ids = [row.learner for row in chunk]
        learners = records.get_all([Learner.key_of(one) for one in ids], Learner)
        particulars = records.get_all([Particulars.key_of(one) for one in ids], Particulars)
        for row in chunk:
            verdict = row.of(0, Verdict)
            assert verdict is not None  # noqa: S101 - chosen for it
            learner = learners.get(Learner.key_of(row.learner))
            told = particulars.get(Particulars.key_of(row.learner))
            name = (told.certificate_name if told else None) or (learner.name if learner else "")
            yield from rows_of(name, told, verdict, row.of(1, Certificate), found.session.zone)
