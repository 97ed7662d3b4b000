"""Look at one page of a session's roster: fifty people, in the order of their names.

Names stand in no key, so whoever is to be sorted is read: four hundred people at most, by a
question for each hundred. A larger roster stays in the order of ids, which is the table's own, and
says so. What is known of those fifty is asked for at once in either case.
"""

from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.certificates import Certificate
from shared.domain.credit import Verdict, can_still_be_earned
from shared.domain.desk_roster import RosterPage, RosterRow
from shared.domain.entitlements import entitlements
from shared.domain.languages import Language
from shared.domain.name_order import Place, place_of
from shared.domain.record import Key
from shared.domain.registrations import Learner, Registration
from shared.ports import Records

# People on one page, the most that are sorted for it, and the most of one question.
PEOPLE, SORTED, _AT_ONCE = 50, 400, 100
People = dict[Key, Learner]


def look_at_roster(
    catalogue: Catalogue,
    session: str,
    *,
    begins: str,
    holding: int,
    records: Records,
    now: datetime,
) -> RosterPage:
    """The page behind whom `begins` names; the first if nobody of that id is in it.

    `holding` is how many hold a seat: where these are too many to be sorted, nobody is tried.
    """
    if holding <= SORTED:
        seats = _seats(session, "", SORTED + 1, records)
        if len(seats) <= SORTED:
            return _by_name(catalogue, session, seats, begins, records, now)
    seats = _seats(session, begins, PEOPLE + 1, records)
    shown, more = seats[:PEOPLE], len(seats) > PEOPLE
    return RosterPage(
        rows=roster_rows(catalogue, session, shown, records, now),
        begins=begins,
        before="" if begins else None,
        next=shown[-1].learner if more else "",
    )


def _by_name(
    catalogue: Catalogue,
    session: str,
    seats: list[Registration],
    begins: str,
    records: Records,
    now: datetime,
) -> RosterPage:
    people = _people([seat.learner for seat in seats], records)
    language = catalogue.institute.languages[0]
    seats = sorted(seats, key=lambda seat: _place(seat.learner, people, language))
    ids = [seat.learner for seat in seats]
    first = ids.index(begins) + 1 if begins in ids else 0
    shown = seats[first : first + PEOPLE]
    end = first + len(shown)
    earlier = max(0, first - PEOPLE)
    return RosterPage(
        rows=roster_rows(catalogue, session, shown, records, now, people),
        begins=begins if first else "",
        before=None if not first else ids[earlier - 1] if earlier else "",
        next=ids[end - 1] if end < len(seats) else "",
        in_all=len(seats),
        first=first + 1,
    )


def roster_rows(
    catalogue: Catalogue,
    session: str,
    seats: list[Registration],
    records: Records,
    now: datetime,
    people: People | None = None,
) -> tuple[RosterRow, ...]:
    """What the roster says of each of at most a hundred: two questions, and one for `people`."""
    learners = [seat.learner for seat in seats]
    per_unit = catalogue.policies.certificate.per == "unit"
    scope = catalogue.series.id if per_unit else session
    people = _people(learners, records) if people is None else people
    verdicts = records.get_all([Verdict.key_of(session, one) for one in learners], Verdict)
    held = records.get_all([Certificate.key_of(scope, one) for one in learners], Certificate)
    return tuple(
        _row(
            catalogue,
            seat,
            people.get(Learner.key_of(seat.learner)),
            verdicts.get(Verdict.key_of(session, seat.learner)),
            held.get(Certificate.key_of(scope, seat.learner)),
            now,
        )
        for seat in seats
    )


def _seats(session: str, begins: str, most: int, records: Records) -> list[Registration]:
    partition, prefix = Registration.key_of(session, "")
    return records.page(partition, Registration, prefix, prefix + begins if begins else "", most)


def _people(learners: list[str], records: Records) -> People:
    found: People = {}
    for at in range(0, len(learners), _AT_ONCE):
        keys = [Learner.key_of(one) for one in learners[at : at + _AT_ONCE]]
        found |= records.get_all(keys, Learner)
    return found


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
        not_yet=verdict is not None
        and can_still_be_earned(verdict.earned, catalogue, catalogue.session(seat.session), now),
        certificate=certificate.status if certificate else None,
        number=certificate.text.number if certificate else "",
        recording=rights.recording,
    )


def _place(learner: str, people: People, language: Language) -> Place:
    person = people.get(Learner.key_of(learner))
    return place_of(person.name if person else "", learner, language)
