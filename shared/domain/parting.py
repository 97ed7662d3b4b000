"""What it would mean that two who count as one person are two after all, said before it is done."""

from collections.abc import Iterator

from shared.domain.catalogue import Session
from shared.domain.certificates import Certificate
from shared.domain.likeness import SamePerson
from shared.domain.people import clean_name
from shared.domain.registrations import Registration, RegistrationStatus
from shared.domain.value import Value

STAYS = (
    "Every certificate that was given stays as it is until you withdraw it.",
    "Letters that were sent, and what was told, written or chosen on the one page they had, stay "
    "with {first}.",
    "If you matched somebody in the attendance by hand, that stays too. If {second} was meant, "
    "match them again.",
)


class Place(Value):
    """One session as it is for the two: now, and once each has what is theirs alone.

    `full` says that there is no seat for the second one; `certificate` is the first one's.
    """

    session: Session
    first: Registration
    second: Registration
    over: bool
    full: bool = False
    certificate: Certificate | None = None

    @property
    def both(self) -> bool:
        """Whether each of them has a seat then."""
        return _sits(self.first) and _sits(self.second)


class Parting(Value):
    """What would move, what would stay, and what is in the way; nothing is done if anything is."""

    same: SamePerson
    first: str
    second: str
    address: str
    moves: tuple[str, ...]
    stays: tuple[str, ...]
    in_the_way: tuple[str, ...] = ()


def called(name: str, address: str) -> str:
    """Somebody in a sentence, apart from others of that name."""
    return " ".join(part for part in (clean_name(name), f"<{address}>" if address else "") if part)


def what_moves(places: list[Place], orders: list[str], first: str, second: str) -> Iterator[str]:
    """What each gets of what they had together."""
    for order in orders:
        yield f"Order {order} is {second}'s again, with the seats it bought."
    for place in places:
        title = place.session.title
        if place.both:
            yield f"{title}: each of them has a seat."
        elif _sits(place.second):
            yield f"{title}: the seat is {second}'s; {first} has none there any more."
        if place.over:
            yield (
                f"{title}: who was there is told by the two addresses again, and both are decided "
                "again. A certificate that is earned then comes by itself."
            )
    yield (
        f"Whoever was in a class under the second's address counts as {second} alone. Where they "
        "have no seat, Today asks who that was."
    )
    if orders:
        yield f"{second} gets a letter with each seat that is theirs. Nobody is paid or charged."


def what_stays(places: list[Place], of_awards: list[str], first: str, second: str) -> Iterator[str]:
    """What is not theirs to have back by this."""
    given = {
        place.certificate.text.number: place.session.title
        for place in places
        if place.certificate is not None
    }
    for number, title in given.items():
        yield (
            f"Certificate {number} ({title}) stays {first}'s, as it was issued. If it rests on "
            f"what {second} did, withdraw it on {first}'s page."
        )
    for order in of_awards:
        yield f"Order {order} paid the rest of a scholarship: it stays with whoever was awarded it."
    yield from (line.format(first=first, second=second) for line in STAYS)


def no_room(places: list[Place]) -> Iterator[str]:
    """Sessions in which both would have a seat, and there is none left."""
    for place in places:
        if place.full:
            yield (
                f"{place.session.title} is full: when they became one, a seat was free, and it is "
                "taken. Raise its capacity in the catalogue first, or give one of the two payments "
                "back."
            )


def _sits(seat: Registration) -> bool:
    return seat.status is not RegistrationStatus.ENDED
