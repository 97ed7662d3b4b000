"""By which clock somebody reads times beside the event's own: as they say, and never guessed.

Where a payment was made, or where a network ends, is not where somebody lives.
"""

from datetime import datetime

from shared.domain.my_page import ZoneView
from shared.domain.registrations import Learner, Registration
from shared.domain.zones import can_be_chosen
from shared.ports import Records
from shared.usecases.commit_again import until_committed
from shared.usecases.open_my_page import holder_of, series_of
from shared.usecases.open_pages import NotFound


def open_zone(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> ZoneView | NotFound:
    """The form, with the zone they chose."""
    person = holder_of(token, keys=keys, records=records, now=now)
    return NotFound() if person is None else _view(token, person, records)


def choose_zone(
    token: str, zone: str, *, keys: list[bytes], records: Records, now: datetime
) -> ZoneView | NotFound:
    """Say times by the clocks of `zone` (IANA) too from now on; "" for the usual cities."""
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    if zone and not can_be_chosen(zone):
        problem = "We do not know that one. Please choose a city from the list."
        return _view(token, person, records).model_copy(update={"problem": problem})

    def attempt() -> Learner:
        known = records.get(Learner.key_of(person.learner), Learner) or person
        if known.zone == zone:
            return known
        chosen = known.model_copy(update={"zone": zone})
        records.commit(chosen)
        return chosen

    return _view(token, until_committed(attempt), records).model_copy(update={"saved": True})


def _view(token: str, person: Learner, records: Records) -> ZoneView:
    registrations = records.of_learner(person.learner, Registration)
    catalogues = tuple(series.catalogue for series in series_of(registrations, records))
    return ZoneView(token=token, catalogues=catalogues, zone=person.zone)
