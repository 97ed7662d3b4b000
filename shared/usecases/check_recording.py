"""Take in a file of a recording: judge it, keep it, and see whether its session can be released.

What is kept of a name is its newest good file, else its newest bad one: in whatever order, and
however often, the events come.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.domain.decisions import Decision, Reason, refused
from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.recording_files import (
    RULE_VERSION,
    how_much,
    judge_file,
    judge_place,
    shown_key,
)
from shared.domain.recording_release import Release, decide_release, has_rules, statuses
from shared.domain.recordings import Recording, RecordingStatus
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import Found, find_session
from shared.usecases.owe_letters import owe_once


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


def upload_of(recording: Recording) -> RecordingUpload:
    """The upload that a file that is kept came with."""
    return RecordingUpload(
        session=recording.session,
        name=recording.name,
        key=recording.object_key,
        object_version=recording.object_version,
        size=recording.size,
        uploaded_at=recording.uploaded_at,
    )


def check_file(
    upload: RecordingUpload, *, records: Records, uploads: Files, now: datetime
) -> dict[str, str]:
    """Judge the file and keep it: {"then": "announce" | "quarantine" | "wait" | "nothing", …}.

    "announce" if something to watch is released by it and has not been announced; "wait" if it is
    good and something else is missing. Captions and replaced files are kept quietly. "over_at" is
    when the session is over (UTC).
    """
    found = find_session(upload.session, records)
    judged, media_type = _judge(upload, found, uploads)
    file = _as_uploaded(upload, media_type, judged)
    until_committed(lambda: _keep(file, found, records, now))
    over_at = found.session.ends_at if found else now
    # A Wait state reads a timestamp for certain if it ends in Z.
    until = max(over_at, now).astimezone(UTC)
    return {"then": _then(file, records), "over_at": f"{until:%Y-%m-%dT%H:%M:%SZ}"}


def _keep(file: Recording, found: Found | None, records: Records, now: datetime) -> None:
    """Commit the file, and what it does to its session, unless a better one is there."""
    before = records.get(file.key(), Recording)
    if before is not None and not _replaces(file, before):
        return
    kept = file
    if before is not None:
        known = {"version": before.version, "announced_at": before.announced_at}
        kept = file.model_copy(update=known)
    if found is None or not kept.judged.granted:
        records.commit(kept)
        return
    before_release = records.get(Release.key_of(file.session), Release)
    if before_release is None and not has_rules(found.catalogue):
        records.commit(kept)
        return
    release = before_release or Release(session=file.session, series=found.state.series)
    if kept.plays:
        first_at = min(kept.uploaded_at, release.first_at or kept.uploaded_at)
        release = release.model_copy(update={"first_at": first_at})
    files = [kept, *(one for one in files_of(file.session, records) if one.name != kept.name)]
    decision = decide_release(found.catalogue, release, files)
    release = release.decided(decision, now, kept.identity)
    changed = {one.name: one for one in statuses(decision, files)}
    records.commit(release, *({kept.name: kept} | changed).values())


def _replaces(file: Recording, before: Recording) -> bool:
    """Whether the file is to stand where the other stands. A bad one takes away no good one."""
    if file.identity == before.identity:
        return False
    if file.judged.granted is not before.judged.granted:
        return file.judged.granted
    return (file.uploaded_at, file.identity) > (before.uploaded_at, before.identity)


def _then(file: Recording, records: Records) -> str:
    if not file.judged.granted:
        return "quarantine"
    kept = records.get(file.key(), Recording)
    if kept is None or kept.identity != file.identity:
        return "nothing"  # an event that came late, for bytes that were replaced since
    if kept.playable:
        return "announce" if kept.announced_at is None else "nothing"
    release = records.get(Release.key_of(file.session), Release)
    if kept.status is RecordingStatus.WAITING:
        return "wait"
    if release is None or release.released_with != file.identity:
        return "nothing"
    playable = [one for one in files_of(file.session, records) if one.playable]
    return "announce" if any(one.announced_at is None for one in playable) else "nothing"


def files_of(session: str, records: Records) -> list[Recording]:
    """Everything that was uploaded for a session."""
    partition = Recording.key_of(session, "").partition
    return list(records.find(partition, Recording, Recording.prefix_of()))


def quarantine(upload: RecordingUpload, *, records: Records, uploads: Files, now: datetime) -> None:
    """Label the file as set aside and tell staff why. Nobody else hears of it."""
    judged, _ = _judge(upload, find_session(upload.session, records), uploads)
    if judged.granted:
        return  # the catalogue was put right since
    uploads.mark(upload.key, upload.object_version or None, "tending", "quarantined")
    tell_staff(upload, judged, records, now)


def _judge(
    upload: RecordingUpload, found: Found | None, uploads: Files
) -> tuple[Decision, str | None]:
    misplaced = judge_place(upload.key)
    if misplaced is not None:
        return misplaced, None
    if found is None:
        text = f"There is no session '{upload.session}'. Is the folder named like the session?"
        return refused(RULE_VERSION, Reason(code="unknown_session", text=text)), None
    if not found.session.recorded:
        text = "The catalogue says that this session is not recorded, so it was not shared."
        return refused(RULE_VERSION, Reason(code="not_recorded", text=text)), None
    content, first = b"", how_much(upload.name, upload.size)
    if first:
        content = uploads.read(upload.key, upload.object_version or None, first=first)
    return judge_file(upload.name, upload.size, content)


def tell_staff(upload: RecordingUpload, judged: Decision, records: Records, now: datetime) -> None:
    """Tell staff why these bytes were not shared, once."""
    found = find_session(upload.session, records)
    letter = owe(
        LetterKind.STAFF_RECORDING,
        f"{upload.session}/{upload.identity}",
        now,
        series=found.state.series if found else None,
        session=upload.session if found else None,
        facts=(Fact(label="File", value=shown_key(upload.key)),),
        lines=tuple(reason.text for reason in judged.reasons),
    )
    owe_once(letter, records)


def _as_uploaded(upload: RecordingUpload, media_type: str | None, judged: Decision) -> Recording:
    return Recording(
        session=upload.session,
        name=upload.name,
        object_key=upload.key,
        object_version=upload.object_version,
        media_type=media_type,
        size=upload.size,
        uploaded_at=upload.uploaded_at,
        status=RecordingStatus.READY if judged.granted else RecordingStatus.QUARANTINED,
        judged=judged,
    )
