"""How many seats an order takes or gives back, session by session."""

from shared.domain.catalogue import Catalogue
from shared.domain.registrations import Registration, RegistrationStatus, SeatChange


def seat_change(
    catalogue: Catalogue, before: Registration, after: Registration
) -> list[SeatChange]:
    """The change of the count of a session with a limit; nothing where there is none."""
    capacity = next((s.capacity for s in catalogue.sessions if s.id == after.session), None)
    by = takes_seat(before, after)
    if capacity is None or by == 0:
        return []
    return [SeatChange(session=after.session, by=by, capacity=capacity)]


def summed(changes: list[SeatChange]) -> list[SeatChange]:
    """One change a session: a seat that goes from one person to another is neither taken nor given
    back."""
    by_session = {change.session: change for change in changes}
    sums = {name: sum(c.by for c in changes if c.session == name) for name in by_session}
    return [by_session[name].model_copy(update={"by": by}) for name, by in sums.items() if by]


def takes_seat(before: Registration, after: Registration) -> int:
    """1 if a seat is held only now, -1 if it is no longer."""
    return int(_holds_seat(after)) - int(_holds_seat(before))


def _holds_seat(registration: Registration) -> bool:
    return registration.status is not RegistrationStatus.ENDED
