"""Zoom has a recording: find out whose it is and have its files fetched, one message a file."""

from collections.abc import Iterator
from datetime import datetime

from shared.domain.catalogue import Catalogue, Session
from shared.domain.cloud_recordings import (
    CloudRecording,
    choose,
    left,
    may_be_asked,
    whose,
)
from shared.domain.decisions import Decision
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.live_attendance import MeetingPointer
from shared.domain.sessions import Series
from shared.file_ports import Queue
from shared.messages import FetchWanted
from shared.ports import Records
from shared.usecases.owe_letters import owe_once

_SEVERAL = "several_sessions"


def order_recording(
    recording: CloudRecording, *, records: Records, queue: Queue, now: datetime
) -> int:
    """How many files are to be fetched. Ordering again orders the same, and fetching is done once.

    What is not recorded by the catalogue's word, or belongs to no session, is left where it is.
    Raises Unavailable.
    """
    held = {session.id: (session, catalogue) for session, catalogue in _held_in(recording, records)}
    session, decision = whose(recording, (one for one, _ in held.values()))
    if session is None:
        if decision.reasons[0].code == _SEVERAL:
            near = min(held.values(), key=lambda one: abs(one[0].starts_at - recording.began))
            tell_staff(
                near[0].id,
                near[1].series.id,
                "recording",
                recording.occurrence,
                decision,
                records,
                now,
            )
        return 0
    series = held[session.id][1].series.id
    chosen = choose(recording.files)
    for name, file in chosen.files.items():
        wanted = FetchWanted(
            session=session.id, series=series, name=name, file=file, token=recording.token
        )
        queue.put(wanted.told())
    _tell_of_the_rest(session, series, recording, chosen.further, records, now)
    return len(chosen.files)


def _tell_of_the_rest(
    session: Session,
    series: str,
    recording: CloudRecording,
    further: int,
    records: Records,
    now: datetime,
) -> None:
    if further:
        text = (
            f"Zoom made {further + 1} videos of it, as it does when the recording is stopped and "
            "begun again. The longest is fetched; the others are at Zoom."
        )
        why = left("several_videos", text)
        tell_staff(
            session.id, series, "main.mp4", f"{recording.occurrence}/rest", why, records, now
        )
    if any(not may_be_asked(file.address) for file in recording.files):
        text = "A file lies at an address that is not one of Zoom's, so it was not asked for."
        why = left("strange_address", text)
        tell_staff(session.id, series, "recording", f"{recording.occurrence}/at", why, records, now)


def tell_staff(
    session: str,
    series: str,
    name: str,
    about: str,
    why: Decision,
    records: Records,
    now: datetime,
) -> None:
    """Owe staff the letter about a file that stays at Zoom, once for what it is about."""
    letter = owe(
        LetterKind.STAFF_CLOUD_RECORDING,
        f"{session}/{_plain(about)}/{why.reasons[0].code}",
        now,
        series=series,
        session=session,
        facts=(Fact(label="File", value=f"recordings/{session}/{name}"),),
        lines=tuple(reason.text for reason in why.reasons),
    )
    owe_once(letter, records)


def _plain(about: str) -> str:
    """Zoom's own name of a holding or a file, fit for a key that people read."""
    return "".join(one if one.isalnum() else "-" for one in about)[:80]


def _held_in(recording: CloudRecording, records: Records) -> Iterator[tuple[Session, Catalogue]]:
    """Every session that is held in that meeting, with its catalogue."""
    for pointer in records.find(MeetingPointer.partition_of(recording.meeting), MeetingPointer):
        series = records.get(Series.key_of(pointer.series), Series)
        for session in series.catalogue.sessions if series else ():
            if series and session.zoom_meeting == recording.meeting:
                yield session, series.catalogue
