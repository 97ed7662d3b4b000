"""Look at one session: what is ready, who has a seat, what happened. Looking changes nothing.

The page asks the table fourteen questions, whether ten people have a seat or ten thousand: the
roster comes fifty people at a time, and what is known of those fifty is asked for at once. What
stands beside the roster is got by name wherever its name is known.
"""

from datetime import UTC, datetime

from shared.domain.attendance import AttendanceReport
from shared.domain.cancellations import Cancellation
from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict
from shared.domain.desk_session import Known, RosterRow, SessionPage
from shared.domain.entitlements import entitlements
from shared.domain.notices import Notice, notices_of
from shared.domain.readiness import readiness
from shared.domain.recording_release import Release
from shared.domain.recordings import Recording
from shared.domain.registrations import Learner, Registration
from shared.domain.session_counts import SessionCounts
from shared.domain.session_timeline import timeline
from shared.domain.takings import PARTS, Takings, together
from shared.domain.unmatched import UnmatchedRows
from shared.ports import Records
from shared.usecases.find_session import Found, find_session

# People on one page of the roster, and the most that is shown of anything else.
PEOPLE, _MOST = 50, 100
_BEFORE_ALL = datetime(2000, 1, 1, tzinfo=UTC)


def look_at_session(
    session: str, *, begins: str = "", records: Records, now: datetime
) -> SessionPage | None:
    """The page, or None if there is no such session. `begins` is whom the roster begins behind."""
    found = find_session(session, records)
    if found is None:
        return None
    known = _known(found, records)
    roster = _roster(found.catalogue, session, begins, records, now)
    _, seats = together(
        records.page(Takings.partition_of(found.series.series), Takings, most=PARTS)
    )
    return SessionPage(
        known=known,
        checks=readiness(known, now),
        happened=timeline(known, now),
        roster=tuple(roster[:PEOPLE]),
        seats=seats.get(session, 0),
        begins=begins,
        next=roster[PEOPLE - 1].learner if len(roster) > PEOPLE else "",
    )


def _known(found: Found, records: Records) -> Known:
    session = found.state.session
    here = f"SESSION#{session}"
    reports = [AttendanceReport.key_of(session, one) for one in found.state.reports]
    unmatched = records.get(UnmatchedRows.key_of(session), UnmatchedRows)
    return Known(
        state=found.state,
        series=found.series,
        notices=_notices(found, records),
        reports=tuple(records.get_all(reports, AttendanceReport).values()),
        recordings=tuple(records.page(here, Recording, Recording.prefix_of(), most=_MOST)),
        release=records.get(Release.key_of(session), Release),
        cancellation=records.get(Cancellation.key_of(session), Cancellation),
        unmatched=unmatched.people if unmatched else 0,
        counts=records.get(SessionCounts.key_of(session), SessionCounts),
    )


def _notices(found: Found, records: Records) -> tuple[Notice, ...]:
    """Those of the plan as it is now, told or still to be: their names follow from the plan."""
    planned = notices_of(found.catalogue, found.state, _BEFORE_ALL)
    keys = list(dict.fromkeys(notice.key() for notice in planned))[:_MOST]
    return tuple(records.get_all(keys, Notice).values())


def _roster(
    catalogue: Catalogue, session: str, begins: str, records: Records, now: datetime
) -> list[RosterRow]:
    """One page of the roster, and one person more if there are more."""
    partition, prefix = Registration.key_of(session, "")
    after = prefix + begins if begins else ""
    seats = records.page(partition, Registration, prefix, after, PEOPLE + 1)
    return roster_rows(catalogue, session, seats, records, now)


def roster_rows(
    catalogue: Catalogue, session: str, seats: list[Registration], records: Records, now: datetime
) -> list[RosterRow]:
    """What the roster says of each; three questions for at most a hundred people."""
    learners = [seat.learner for seat in seats]
    per_unit = catalogue.policies.certificate.per == "unit"
    scope = catalogue.series.id if per_unit else session
    people = records.get_all([Learner.key_of(one) for one in learners], Learner)
    verdicts = records.get_all([Verdict.key_of(session, one) for one in learners], Verdict)
    held = records.get_all([Certificate.key_of(scope, one) for one in learners], Certificate)
    return [
        _row(
            catalogue,
            seat,
            people.get(Learner.key_of(seat.learner)),
            verdicts.get(Verdict.key_of(session, seat.learner)),
            held.get(Certificate.key_of(scope, seat.learner)),
            now,
        )
        for seat in seats
    ]


def _row(
    catalogue: Catalogue,
    seat: Registration,
    person: Learner | None,
    verdict: Verdict | None,
    certificate: Certificate | None,
    now: datetime,
) -> RosterRow:
    rights = entitlements(catalogue, seat.session, seat, now)
    # What ended is told by what it was: the rate stands with the grant for good.
    rates = {grant.tier for grant in seat.grants.values()}
    per_unit = catalogue.policies.certificate.per == "unit"
    return RosterRow(
        learner=seat.learner,
        name=person.name if person else "",
        address=person.address if person else "",
        status=seat.status,
        seat=rights.seat,
        tiers=tuple(tier.title for tier in catalogue.tiers if tier.id in rates),
        registered_at=seat.registered_at,
        minutes=verdict.minutes if verdict else None,
        attended=verdict.attended if verdict else None,
        earned=verdict.earned if verdict and not per_unit else None,
        certificate=certificate.status if certificate else None,
        number=certificate.text.number if certificate else "",
        recording=rights.recording,
    )
