"""Say what it would mean that two addresses are not one person's after all. Nothing is written."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.awards import is_award
from shared.domain.catalogue import Catalogue, Session
from shared.domain.certificates import Certificate, CertificateStatus
from shared.domain.likeness import SamePerson
from shared.domain.links import learner_id
from shared.domain.parting import Parting, Place, called, no_room, what_moves, what_stays
from shared.domain.payments import Order
from shared.domain.people import clean_address, clean_name
from shared.domain.registrations import Learner, Registration, SeatCount
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.count_seats import takes_seat
from shared.usecases.who_is import who_is

# Sessions that are looked at: of each, two people by one question.
_MOST = 50


@dataclass(frozen=True)
class _Their:
    """Orders of the second address: those that go back, and those that pay for an award."""

    orders: list[Order]
    of_awards: list[Order]


def quote_parting(
    other: str, *, records: Records, identity_key: bytes, now: datetime
) -> Parting | None:
    """What it would mean; None if that id is not a second address of somebody's. Eight questions.

    `other` is the id made from the second address.
    """
    same = records.get(SamePerson.key_of(other), SamePerson)
    if same is None or not same.holds:
        return None
    people = records.get_all([Learner.key_of(same.person), Learner.key_of(other)], Learner)
    one, two = people.get(Learner.key_of(same.person)), people.get(Learner.key_of(other))
    theirs = _theirs(same, records, identity_key)
    address = next((order.buyer_address for order in theirs.orders), two.address if two else "")
    first = called(one.name, one.address) if one else "the first"
    name = next((order.buyer_name for order in theirs.orders), two.name if two else "")
    second = called(name, address) or "whoever has the second address"
    places = _places(same, theirs.orders, records, now)
    ids = [order.order for order in theirs.orders]
    return Parting(
        same=same,
        first=first,
        second=second,
        address=address,
        moves=tuple(what_moves(places, ids, first, second)),
        stays=tuple(what_stays(places, [order.order for order in theirs.of_awards], first, second)),
        in_the_way=(
            *_of_themselves(one, other, records, identity_key),
            *no_room(places),
        ),
    )


def _theirs(same: SamePerson, records: Records, identity_key: bytes) -> _Their:
    """What the second address bought, whatever it counts for now."""
    found = [
        order
        for learner in (same.person, same.other)
        for order in records.of_learner(learner, Order)
        if order.learner != same.other and learner_id(address_of(order), identity_key) == same.other
    ]
    found.sort(key=lambda order: (order.first_seen_at, order.order))
    awards = [order for order in found if is_award(order.offer or "")]
    return _Their([order for order in found if order not in awards and order.sessions], awards)


def _places(same: SamePerson, orders: list[Order], records: Records, now: datetime) -> list[Place]:
    """The sessions of those orders that are still held, in the order of the catalogues."""
    series = sorted({order.series for order in orders if order.series})
    found = records.get_all([Series.key_of(one) for one in series], Series)
    bought = {session for order in orders for session in order.sessions}
    held = [
        (kept.catalogue, session)
        for kept in sorted(found.values(), key=lambda kept: kept.series)
        for session in kept.catalogue.held_sessions
        if session.id in bought
    ][:_MOST]
    ids = (same.person, same.other)
    seats = records.get_all(
        [Registration.key_of(session.id, one) for _, session in held for one in ids], Registration
    )
    taken = records.get_all([SeatCount.key_of(session.id) for _, session in held], SeatCount)
    scopes = {_scope(catalogue, session) for catalogue, session in held}
    given = records.get_all([Certificate.key_of(one, same.person) for one in scopes], Certificate)
    return [
        _place(
            session,
            orders,
            [
                seats.get(Registration.key_of(session.id, one)) or _no_seat(session, series, one)
                for one in ids
            ],
            taken.get(SeatCount.key_of(session.id)),
            given.get(Certificate.key_of(_scope(catalogue, session), same.person)),
            now,
        )
        for catalogue, session in held
        for series in (catalogue.series.id,)
    ]


def _place(
    session: Session,
    orders: list[Order],
    seats: list[Registration],
    taken: SeatCount | None,
    certificate: Certificate | None,
    now: datetime,
) -> Place:
    before, other_before = seats
    first, second = seats
    for order in orders:
        if order.order in before.grants:
            first = first.without(order.order)
            second = second.granted_by(order.order, before.grants[order.order])
    more = takes_seat(before, first) + takes_seat(other_before, second)
    room = (session.capacity or 0) - (taken.taken if taken else 0)
    issued = certificate is not None and certificate.status is CertificateStatus.ISSUED
    return Place(
        session=session,
        first=first,
        second=second,
        over=session.ends_at <= now,
        full=session.capacity is not None and more > 0 and more > room,
        certificate=certificate if issued else None,
    )


def _no_seat(session: Session, series: str, learner: str) -> Registration:
    return Registration(
        session=session.id, series=series, learner=learner, registered_at=session.starts_at
    )


def _of_themselves(
    person: Learner | None, other: str, records: Records, identity_key: bytes
) -> list[str]:
    """What of the first one's own is in the way."""
    if person is None or person.erased_at is not None:
        return ["They took everything away that was kept of them: nothing is left to be parted."]
    greeted = greeting(person, other, records, identity_key)
    address = greeted.address if greeted else person.address
    if learner_id(address, identity_key) == other:
        return [
            f"Letters to the first of the two go to {person.address}, which is the second's. Give "
            "them another address on their page first."
        ]
    return []


def greeting(person: Learner, leaving: str, records: Records, key: bytes) -> Learner | None:
    """The person as their own orders name them; None if they do already, or no order does.

    `leaving` is an address's id that is about to be somebody else's.
    """

    def is_own(order: Order) -> bool:
        own = learner_id(address_of(order), key)
        return own != leaving and who_is(address_of(order), records, key) == person.learner

    named_by = records.get(Order.key_of(person.named_by[1]), Order)
    if named_by is None or is_own(named_by):
        return None
    own = [order for order in records.of_learner(person.learner, Order) if is_own(order)]
    if not own:
        return None
    last = max(own, key=lambda order: (order.first_seen_at, order.order))
    address = address_of(last)
    told = {
        "named_by": (last.first_seen_at, last.order),
        "name": person.name
        if person.renamed_at
        else clean_name(last.buyer_name) or address.split("@")[0],
        "address": person.address if person.corrected_at else address,
    }
    return person.model_copy(update=told)


def _scope(catalogue: Catalogue, session: Session) -> str:
    return catalogue.series.id if catalogue.policies.certificate.per == "unit" else session.id


def address_of(order: Order) -> str:
    return clean_address(order.buyer_address) or ""
