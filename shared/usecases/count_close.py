"""Count how a session came out, once everybody in it is decided."""

from datetime import datetime

from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.session_counts import SessionCounts, Tally, tally
from shared.ports import Records
from shared.usecases.decide_person import all_parts_decided
from shared.usecases.find_session import Found


def count_close(found: Found, records: Records, now: datetime) -> SessionCounts:
    """The counts as they are now, to be committed with the close."""
    session, series = found.state.session, found.series
    partition, prefix = Registration.key_of(session, "")
    registered = sum(
        registration.status is RegistrationStatus.ACTIVE
        for registration in records.find(partition, Registration, prefix)
    )
    per_unit = series.catalogue.policies.certificate.per == "unit"
    whole = per_unit and all_parts_decided(series, records)
    kept = records.get(SessionCounts.key_of(session), SessionCounts)
    return SessionCounts(
        session=session,
        series=series.series,
        counted_at=now,
        registered=registered,
        came_to=_tally(session, records),
        unit=_tally(series.series, records) if whole else None,
        version=kept.version if kept else 0,
    )


def _tally(scope: str, records: Records) -> Tally:
    return tally(
        records.find(Verdict.partition_of(scope), Verdict),
        records.find(Certificate.partition_of(scope), Certificate),
    )
