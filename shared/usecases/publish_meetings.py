"""Which series uses which Zoom meeting: by these pointers an event finds its session."""

from collections.abc import Iterator

from shared.domain.catalogue import Catalogue
from shared.domain.live_attendance import MeetingPointer
from shared.ports import Records


def new_meeting_pointers(catalogue: Catalogue, records: Records) -> Iterator[MeetingPointer]:
    """Pointers that are not there yet. One that leads nowhere any more is harmless: the catalogue
    is asked."""
    numbers = {session.zoom_meeting for session in catalogue.sessions}
    for number in sorted(one for one in numbers if one):
        pointer = MeetingPointer(meeting=number, series=catalogue.series.id)
        if records.get(pointer.key(), MeetingPointer) is None:
            yield pointer
