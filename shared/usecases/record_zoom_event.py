"""Record what Zoom tells of a meeting, under each session that it may be about.

Events of meetings that no catalogue names, or far from their sessions, are not kept: they are none
of our business. Whoever waits for the account of attendance is woken when it is whole.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from shared.domain.catalogue import Catalogue
from shared.domain.erasure import Forgotten
from shared.domain.live_attendance import (
    LiveFact,
    MeetingPointer,
    Says,
    ZoomEvent,
    ZoomRecording,
    ZoomRegistration,
)
from shared.domain.people import clean_address
from shared.domain.record import Record
from shared.domain.reports import Role
from shared.domain.sessions import Series, SessionState
from shared.domain.sightings import identify
from shared.ports import Records, Workflows
from shared.usecases.account_attendance import account_for
from shared.usecases.wake_close import wake_close

# A meeting's number is used again for the next class; an event belongs to those it is near to.
NEAR = timedelta(hours=12)


class ZoomOutcome(StrEnum):
    """What became of an event."""

    RECORDED = "recorded"
    NOT_OURS = "not_ours"


def record_zoom_event(
    event: ZoomEvent,
    *,
    records: Records,
    workflows: Workflows,
    identity_key: bytes,
    now: datetime,
) -> ZoomOutcome:
    """Keep the fact, once, and bring what rests on it up to date.

    Raises Unavailable if that could not be finished; recording again finishes it.
    """
    if event.says is Says.REGISTERED:
        return _register(event, records, workflows, identity_key, now)
    sessions = list(_sessions(event, records))
    for session, catalogue in sessions:
        heard = _record(event, session, catalogue, identity_key)
        records.put_all([_without_the_forgotten(heard, session, records)])
        if event.says is not Says.RECORDED:
            _bring_up_to_date(session, records, workflows, now)
    return ZoomOutcome.RECORDED if sessions else ZoomOutcome.NOT_OURS


def _register(
    event: ZoomEvent, records: Records, workflows: Workflows, identity_key: bytes, now: datetime
) -> ZoomOutcome:
    """Keep who registered, for every series of that meeting; who came before it is known then."""
    several = list(_series(event, records))
    for series in several:
        ids = identify(event.registrant, event.address, "", series.series, identity_key).identities
        if ids.registrant is None or ids.address is None:
            continue
        records.put_all(
            [ZoomRegistration(series=series.series, registrant=ids.registrant, learner=ids.address)]
        )
        for held in series.catalogue.sessions:
            if held.zoom_meeting == event.meeting:
                _bring_up_to_date(held.id, records, workflows, now)
    return ZoomOutcome.RECORDED if several else ZoomOutcome.NOT_OURS


def _series(event: ZoomEvent, records: Records) -> Iterator[Series]:
    """Every series that holds sessions under that meeting number."""
    for pointer in records.find(MeetingPointer.partition_of(event.meeting), MeetingPointer):
        series = records.get(Series.key_of(pointer.series), Series)
        if series is not None:
            yield series


def _sessions(event: ZoomEvent, records: Records) -> Iterator[tuple[str, Catalogue]]:
    """Every session of that meeting number that the event is near to."""
    for series in _series(event, records):
        for held in series.catalogue.sessions:
            near = held.starts_at - NEAR <= event.at <= held.ends_at + NEAR
            # Zoom tells of a recording when it has made it, which may take a day.
            if event.says is Says.RECORDED:
                near = held.starts_at - NEAR <= event.at <= held.ends_at + 4 * NEAR
            if near and held.zoom_meeting == event.meeting:
                yield held.id, series.catalogue


def _record(event: ZoomEvent, session: str, catalogue: Catalogue, identity_key: bytes) -> Record:
    if event.says is Says.RECORDED:
        return ZoomRecording(
            session=session,
            meeting=event.meeting,
            occurrence=event.occurrence,
            files=event.files,
            recorded_at=event.at,
        )
    if event.says is Says.ENDED:
        return LiveFact(session=session, says=event.says, at=event.at, occurrence=event.occurrence)
    series = catalogue.series.id
    named = identify(event.registrant, event.address, event.name, series, identity_key)
    institute = catalogue.institute
    own = {clean_address(a) for a in (institute.sender, institute.contact, *institute.staff)}
    is_own = event.is_host or named.address in own
    return LiveFact(
        session=session,
        says=event.says,
        at=event.at,
        occurrence=event.occurrence,
        lane=event.lane,
        in_room=event.in_room,
        participant=named.participant,
        learner=named.identities.address,
        identities=named.identities,
        name=named.name,
        address=named.address,
        role=Role.HOST if is_own else Role.ATTENDEE,
    )


def _without_the_forgotten(heard: Record, session: str, records: Records) -> Record:
    """The same without the words of whoever took everything away."""
    if not isinstance(heard, LiveFact) or not (heard.name or heard.address):
        return heard
    forgotten = records.get(Forgotten.key_of(session), Forgotten)
    ids = heard.identities
    by_name = ids.name if ids.address is None else None
    if forgotten is None or not forgotten.knows(
        heard.participant, ids.address, ids.registrant, by_name
    ):
        return heard
    return heard.model_copy(update={"name": "", "address": ""})


def _bring_up_to_date(session: str, records: Records, workflows: Workflows, now: datetime) -> None:
    """Account again, if the close has begun: before that nobody has looked, and it will."""
    state = records.get(SessionState.key_of(session), SessionState)
    if state is None or not (state.report or state.task_token or state.closed):
        return
    account_for(session, records=records, now=now)
    wake_close(session, records=records, workflows=workflows)
