"""Publish a catalogue file: all of it, or none of it and a list of questions to its writer.

The series record is the one thing that decides; it holds the whole validated file. Pointers from
payment links to series are written before it and mean nothing until it lists them; schedules are
set after it and again whenever the same file arrives, so a cut-off publication heals itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from shared.domain.catalogue import Catalogue, Session
from shared.domain.catalogue_checks import CatalogueQuestions, LineQuestion
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.notices import SECOND_THOUGHTS
from shared.domain.record import Record
from shared.domain.registrations import Registration, RegistrationStatus, SeatCount
from shared.domain.sessions import (
    CatalogueFile,
    Move,
    OfferPointer,
    Series,
    SeriesPointer,
    SeriesRevision,
    SessionPhase,
    SessionState,
    open_session,
    revision_of,
)
from shared.ports import Files, Records, Schedules
from shared.usecases.commit_again import until_committed
from shared.usecases.object_to_catalogue import objections
from shared.usecases.owe_letters import owe_once
from shared.usecases.publish_cancellations import (
    cancellation_changes,
    cancelled_state,
    newly_cancelled,
    say_published,
)
from shared.usecases.publish_communities import new_community_pointers
from shared.usecases.publish_meetings import new_meeting_pointers
from shared.usecases.publish_round import scholarship_changes
from shared.usecases.set_alarms import set_alarms

_CHUNK = 90


@dataclass(frozen=True)
class Upload:
    """A catalogue file as it arrived: where, when, what, and which version of the object it is."""

    key: str
    uploaded_at: datetime
    content: bytes
    version: str = ""

    @property
    def revision(self) -> str:
        """What this content is called among the series' revisions."""
        return revision_of(self.content)


@dataclass(frozen=True)
class Published:
    """What became of a file. `questions` is empty unless it was refused."""

    outcome: str  # "applied", "unchanged", "superseded" or "refused"
    series: str | None = None
    questions: tuple[LineQuestion, ...] = ()


def publish_catalogue(
    upload: Upload,
    *,
    read: Callable[[bytes], Catalogue],
    line_of: Callable[[bytes, Sequence[str | int]], int],
    records: Records,
    files: Files,
    schedules: Schedules,
    now: datetime,
) -> Published:
    """Validate the file whole, then apply it in one commit, then set the alarms for its sessions.

    Raises Unavailable if something could not be written; publishing the file again finishes it.
    """
    try:
        catalogue = read(upload.content)
        cancelled = newly_cancelled(catalogue, records)
        outcome = until_committed(lambda: _apply(upload, catalogue, line_of, records, now))
    except CatalogueQuestions as refusal:
        _refuse(upload, refusal.questions, records, files, now)
        return Published("refused", questions=refusal.questions)
    if outcome != "superseded":
        set_alarms(catalogue, records, schedules, now)
        if outcome == "applied":
            _report(upload, files, say_published(catalogue, cancelled, records))
    return Published(outcome, series=catalogue.series.id)


def _apply(
    upload: Upload,
    catalogue: Catalogue,
    line_of: Callable[[bytes, Sequence[str | int]], int],
    records: Records,
    now: datetime,
) -> str:
    series_id = catalogue.series.id
    before = records.get(Series.key_of(series_id), Series)
    if before is not None:
        if before.revision == upload.revision:
            return "unchanged"
        if before.uploaded_at > upload.uploaded_at:
            return "superseded"
    questions = [
        LineQuestion(line_of(upload.content, path), text)
        for path, text in objections(catalogue, before, records)
    ]
    if questions:
        raise CatalogueQuestions(tuple(questions))
    pointers = chain(
        _new_series_pointer(catalogue, records),
        _new_pointers(catalogue, records),
        new_meeting_pointers(catalogue, records),
        new_community_pointers(catalogue, records),
    )
    while chunk := list(islice(pointers, _CHUNK)):
        records.commit(*chunk)
    series = Series(
        series=series_id,
        revision=upload.revision,
        choices=before.choices if before else {},  # staff's own, whatever the file says
        catalogue=catalogue,
        published_at=now,
        uploaded_at=upload.uploaded_at,
        file=CatalogueFile(key=upload.key, version=upload.version),
        version=before.version if before else 0,
    )
    revision = SeriesRevision(
        **{**dict(series), "version": 0, "choices": {}, "catalogue": catalogue}
    )
    known = records.get(revision.key(), SeriesRevision)
    changes: list[Record] = [
        series,
        *_session_changes(catalogue, before, upload, records, now),
        *_new_seat_counts(catalogue, before, records),
        *scholarship_changes(catalogue, records, now),
        *cancellation_changes(catalogue, records, now),
    ]
    records.commit(*changes, *([] if known else [revision]))
    return "applied"


def _new_series_pointer(catalogue: Catalogue, records: Records) -> Iterator[SeriesPointer]:
    pointer = SeriesPointer(series=catalogue.series.id)
    if records.get(pointer.key(), SeriesPointer) is None:
        yield pointer


def _new_pointers(catalogue: Catalogue, records: Records) -> Iterator[OfferPointer]:
    wanted = {
        offer_id
        for offer in catalogue.prices
        for offer_id in (offer.id, *offer.provider_ids.values())
    }
    for offer_id in sorted(wanted):
        if records.get(OfferPointer.key_of(offer_id), OfferPointer) is None:
            yield OfferPointer(offer_id=offer_id, series=catalogue.series.id)


def _session_changes(
    catalogue: Catalogue, before: Series | None, upload: Upload, records: Records, now: datetime
) -> Iterator[SessionState]:
    earlier = {session.id: session for session in before.catalogue.sessions} if before else {}
    for session in catalogue.sessions:
        state = records.get(SessionState.key_of(session.id), SessionState)
        if session.cancelled is not None:
            yield from cancelled_state(session, state, catalogue.series.id, now)
            continue
        new = open_session(session.id, catalogue.series.id, session.ends_at)
        move = _move(earlier.get(session.id), session, state, upload)
        if state is None:
            yield new
        elif state.ends_at != session.ends_at or state.phase is SessionPhase.REMOVED:
            yield new.model_copy(update={"version": state.version, "moved": move})
        elif move != state.moved and not state.closed:
            yield state.model_copy(update={"moved": move})
    kept = {session.id for session in catalogue.sessions}
    for gone in earlier.keys() - kept:
        state = records.get(SessionState.key_of(gone), SessionState)
        if state is not None:
            yield state.at(SessionPhase.REMOVED, now)


def _move(
    earlier: Session | None, session: Session, state: SessionState | None, upload: Upload
) -> Move | None:
    """What people must be told of the session's time, if it is another than they were told.

    A change that follows another so soon that nobody has heard of that one is one change.
    """
    known = state.moved if state else None
    if earlier is None or _times(earlier) == _times(session):
        return known
    told = _times(earlier)
    if known is not None and upload.uploaded_at < known.at + SECOND_THOUGHTS:
        told = (known.started_at, known.ended_at)
    if told == _times(session):
        return None
    return Move(at=upload.uploaded_at, started_at=told[0], ended_at=told[1])


def _times(session: Session) -> tuple[datetime, datetime]:
    return session.starts_at, session.ends_at


def _new_seat_counts(
    catalogue: Catalogue, before: Series | None, records: Records
) -> Iterator[SeatCount]:
    """For each session that has a limit now and had none: how many seats are taken already."""
    limits = {s.id: s.capacity for s in before.catalogue.sessions} if before else {}
    for session in catalogue.sessions:
        if session.capacity is None or limits.get(session.id) is not None:
            continue
        partition, prefix = Registration.key_of(session.id, "")
        held = records.find(partition, Registration, prefix)
        taken = sum(kept.status is not RegistrationStatus.ENDED for kept in held)
        known = records.get(SeatCount.key_of(session.id), SeatCount)
        if taken or known:
            version = known.version if known else 0
            yield SeatCount(session=session.id, taken=taken, version=version)


def _refuse(
    upload: Upload,
    questions: Sequence[LineQuestion],
    records: Records,
    files: Files,
    now: datetime,
) -> None:
    lines = tuple(str(question) for question in questions)
    _report(upload, files, "\n".join(("Nothing was changed.", "", *lines)))
    letter = owe(
        LetterKind.STAFF_CATALOGUE,
        upload.revision,
        now,
        facts=(Fact(label="File", value=upload.key),),
        lines=lines,
    )
    owe_once(letter, records)


def _report(upload: Upload, files: Files, text: str) -> None:
    files.write(f"{upload.key}.report.txt", f"{text}\n".encode(), "text/plain; charset=utf-8")
