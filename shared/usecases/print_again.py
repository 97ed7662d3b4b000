"""Try once more to print a certificate that is parked, with its holder's name as it is now."""

from datetime import datetime

from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.decide_again import decide_again


class NothingParked(Exception):
    """No certificate of theirs is parked there; the message says so."""


def print_again(scope: str, learner: str, *, records: Records, now: datetime) -> None:
    """Have that person decided again, which prints what they have earned. Raises NothingParked."""
    kept = records.get(Certificate.key_of(scope, learner), Certificate)
    if kept is None or kept.status is not CertificateStatus.PARKED:
        raise NothingParked("No certificate of theirs is parked there (any more).")
    series = records.get(Series.key_of(kept.series), Series)
    held = series.catalogue.held_sessions if series else ()
    # The certificate of a unit is decided with its last part.
    session = scope if any(one.id == scope for one in held) or not held else held[-1].id
    cause = f"print-again/{now:%Y%m%dT%H%M%S}"
    decide_again(session, learner, cause=cause, records=records, now=now)
