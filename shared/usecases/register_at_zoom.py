"""Whom to register at Zoom for a session, under addresses that are nobody's own."""

from collections.abc import Iterator

from shared.domain.alias_addresses import alias_address
from shared.domain.registrations import Learner, Registration, RegistrationStatus
from shared.ports import Records
from shared.usecases.match_attendance import CannotBeMatched, find_session_or_refuse


def zoom_registrants(session: str, *, records: Records, key: bytes) -> Iterator[tuple[str, str]]:
    """(address, name) of everybody who has a seat now. Raises CannotBeMatched.

    The address is made of the institute's `alias_domain`, so that matching is exact and no private
    address is given away.
    """
    found = find_session_or_refuse(session, records)
    domain = found.catalogue.institute.alias_domain
    if domain is None:
        raise CannotBeMatched("The catalogue names no 'alias_domain' for its institute.")
    partition, prefix = Registration.key_of(session, "")
    for registration in records.find(partition, Registration, prefix):
        person = records.get(Learner.key_of(registration.learner), Learner)
        if person is None or registration.status is not RegistrationStatus.ACTIVE:
            continue
        series = found.series.series
        yield alias_address(registration.learner, series, domain, key), person.name
