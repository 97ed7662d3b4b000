"""Announce a recording: judge the file, wait for the session's end, owe the entitled a letter.

A letter is owed per session and person, so a second upload, or a second event, writes to nobody
twice.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.domain.decisions import Decision, Reason, refused
from shared.domain.entitlements import entitlements
from shared.domain.letters import Fact, Letter, LetterKind, owe
from shared.domain.record import Key
from shared.domain.recordings import RULE_VERSION, Recording, RecordingStatus, judge_file
from shared.domain.registrations import Registration
from shared.failures import NotEveryoneTold
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import Found, find_session
from shared.usecases.owe_letters import owe_once

_HEAD = 64  # bytes that tell a file's type


@dataclass(frozen=True)
class RecordingUpload:
    """A file as staff put it in the bucket: for which session, and the exact bytes (version)."""

    session: str
    name: str
    key: str
    object_version: str
    size: int
    uploaded_at: datetime

    @property
    def identity(self) -> str:
        """What tells these bytes from others under the same key: the version, else the time."""
        return self.object_version or self.uploaded_at.isoformat()


def check_file(
    upload: RecordingUpload, *, records: Records, uploads: Files, now: datetime
) -> dict[str, str]:
    """Judge the file and keep it: {"then": "announce" | "quarantine" | "nothing", "over_at"}.

    Captions and replaced files are kept quietly; "over_at" is when the session is over (UTC).
    """
    found = find_session(upload.session, records)
    judged, media_type = _judge(upload, found, uploads)
    status = RecordingStatus.READY if judged.granted else RecordingStatus.QUARANTINED

    def attempt() -> Recording | None:
        before = records.get(Recording.key_of(upload.session, upload.name), Recording)
        if before is not None and _upload_of(before).identity == upload.identity:
            return before
        if before is not None and before.uploaded_at > upload.uploaded_at:
            return None  # an event that came late, for bytes that were replaced since
        if before is not None and before.playable and not judged.granted:
            # A bad replacement must not take away the good file that people were promised.
            return _as_uploaded(upload, media_type, status, judged)
        kept = _as_uploaded(upload, media_type, status, judged).model_copy(
            update={
                "version": before.version if before else 0,
                "announced_at": before.announced_at if before else None,
            }
        )
        records.commit(kept)
        return kept

    recording = until_committed(attempt)
    over_at = found.session.ends_at if found else now
    if recording is None:
        then = "nothing"
    elif recording.status is RecordingStatus.QUARANTINED:
        then = "quarantine"
    else:
        then = "announce" if recording.playable and recording.announced_at is None else "nothing"
    # A Wait state reads a timestamp for certain if it ends in Z.
    until = max(over_at, now).astimezone(UTC)
    return {"then": then, "over_at": f"{until:%Y-%m-%dT%H:%M:%SZ}"}


def quarantine(upload: RecordingUpload, *, records: Records, uploads: Files, now: datetime) -> None:
    """Label the file as set aside and tell staff why. Nobody else hears of it."""
    judged, _ = _judge(upload, find_session(upload.session, records), uploads)
    uploads.mark(upload.key, upload.object_version or None, "tending", "quarantined")
    _tell_staff(upload, judged, records, now)


def load_roster(
    session: str, *, records: Records, documents: Files, now: datetime
) -> dict[str, str | int]:
    """Who may watch now, as JSON Lines of {"session", "learner"}: {"roster": key, "people": n}."""
    people = [registration.learner for registration in _entitled(session, records, now)]
    roster = f"rosters/{session}/recording.jsonl"
    lines = (json.dumps({"session": session, "learner": learner}) for learner in people)
    documents.write(roster, "".join(f"{line}\n" for line in lines).encode(), "application/jsonl")
    return {"roster": roster, "people": len(people)}


def owe_recording_letter(session: str, learner: str, *, records: Records, now: datetime) -> bool:
    """Owe that person the letter, once; False if it was owed before or is not due any more."""
    found = find_session(session, records)
    registration = records.get(Registration.key_of(session, learner), Registration)
    if found is None:
        return False
    if not entitlements(found.catalogue, session, registration, now).recording.granted:
        return False
    return owe_once(recording_letter(session, learner, found.series.series, now), records)


def recording_letter(session: str, learner: str, series: str, now: datetime) -> Letter:
    """The letter that tells one person where to watch one session."""
    return owe(
        LetterKind.RECORDING,
        _about(session, learner),
        now,
        learner=learner,
        series=series,
        session=session,
    )


def _about(session: str, learner: str) -> str:
    return f"{session}/{learner}"


def _letter_key(session: str, learner: str) -> Key:
    return Letter.key_of(LetterKind.RECORDING, _about(session, learner))


def mark_announced(
    session: str, name: str, *, people: int, records: Records, now: datetime
) -> None:
    """Remember that all who may watch are owed a letter; if nobody may, ask staff what to do.

    Raises NotEveryoneTold, and remembers nothing, if somebody who may watch is not owed one yet.
    """
    left_out = [
        registration.learner
        for registration in _entitled(session, records, now)
        if records.get(_letter_key(session, registration.learner), Letter) is None
    ]
    if left_out:
        raise NotEveryoneTold(f"{len(left_out)} people are not owed their letter yet.")

    def attempt() -> Recording | None:
        recording = records.get(Recording.key_of(session, name), Recording)
        if recording is None or recording.announced_at is not None:
            return recording
        announced = recording.model_copy(update={"announced_at": now})
        records.commit(announced)
        return announced

    recording = until_committed(attempt)
    found = find_session(session, records)
    closes_at = found.catalogue.recording_closes_at(session) if found else None
    if recording is not None and people == 0 and closes_at is not None and now >= closes_at:
        why = "It arrived after the time in which it may be watched, so nobody was told of it."
        late = refused(RULE_VERSION, Reason(code="too_late", text=why))
        _tell_staff(_upload_of(recording), late, records, now)


def may_be_watched(session: str, records: Records) -> bool:
    """Whether there is a recording of that session to watch.

    Asked rather than whether it was announced: between the roster and that mark, somebody may pay.
    """
    partition = Recording.key_of(session, "").partition
    return any(
        recording.playable
        for recording in records.find(partition, Recording, Recording.prefix_of())
    )


def _entitled(session: str, records: Records, now: datetime) -> Iterator[Registration]:
    found = find_session(session, records)
    if found is None:
        return
    partition, prefix = Registration.key_of(session, "")
    for registration in records.find(partition, Registration, prefix):
        if entitlements(found.catalogue, session, registration, now).recording.granted:
            yield registration


def _judge(
    upload: RecordingUpload, found: Found | None, uploads: Files
) -> tuple[Decision, str | None]:
    if found is None:
        text = f"There is no session '{upload.session}'. Is the folder named like the session?"
        return refused(RULE_VERSION, Reason(code="unknown_session", text=text)), None
    if not found.session.recorded:
        text = "The catalogue says that this session is not recorded, so it was not shared."
        return refused(RULE_VERSION, Reason(code="not_recorded", text=text)), None
    head = b""
    if upload.size:
        head = uploads.read(upload.key, upload.object_version or None, first=_HEAD)
    return judge_file(upload.name, upload.size, head)


def _tell_staff(upload: RecordingUpload, judged: Decision, records: Records, now: datetime) -> None:
    found = find_session(upload.session, records)
    letter = owe(
        LetterKind.STAFF_RECORDING,
        f"{upload.session}/{upload.identity}",
        now,
        series=found.state.series if found else None,
        session=upload.session if found else None,
        facts=(Fact(label="File", value=upload.key),),
        lines=tuple(reason.text for reason in judged.reasons),
    )
    owe_once(letter, records)


def _as_uploaded(
    upload: RecordingUpload, media_type: str | None, status: RecordingStatus, judged: Decision
) -> Recording:
    return Recording(
        session=upload.session,
        name=upload.name,
        object_key=upload.key,
        object_version=upload.object_version,
        media_type=media_type,
        size=upload.size,
        uploaded_at=upload.uploaded_at,
        status=status,
        judged=judged,
    )


def _upload_of(recording: Recording) -> RecordingUpload:
    return RecordingUpload(
        session=recording.session,
        name=recording.name,
        key=recording.object_key,
        object_version=recording.object_version,
        size=recording.size,
        uploaded_at=recording.uploaded_at,
    )
