"""Write down for an accreditor who attended a session, and what they were given for it."""

from collections.abc import Callable, Iterator
from datetime import datetime

from shared.domain.accreditor_export import Export, export_of, rows_of
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.particulars import Particulars
from shared.domain.registrations import Learner
from shared.ports import Files, Records
from shared.usecases.find_session import Found, find_session
from shared.usecases.side_by_side import side_by_side

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
    rows = tuple(_rows(found, records))
    if not rows:
        raise LookupError(f"Nothing has been decided in '{session}' yet.")
    export = export_of(found.catalogue, found.session, rows, now)
    key = f"exports/{session}/{now:%Y%m%dT%H%M%SZ}.{kind}"
    documents.write(key, write(export), _MEDIA[kind])
    return {"key": key, "rows": len(rows)}


def _rows(found: Found, records: Records) -> Iterator[tuple[str, ...]]:
    session = found.state.session
    scope = session
    if found.catalogue.policies.certificate.per == "unit":
        scope = found.series.series
    for person in side_by_side(
        records.find(Verdict.partition_of(session), Verdict),
        records.find(Certificate.partition_of(scope), Certificate),
    ):
        verdict = person.of(0, Verdict)
        if verdict is None:
            continue
        learner = records.get(Learner.key_of(person.learner), Learner)
        told = records.get(Particulars.key_of(person.learner), Particulars)
        name = (told.certificate_name if told else None) or (learner.name if learner else "")
        yield from rows_of(name, told, verdict, person.of(1, Certificate), found.session.zone)
