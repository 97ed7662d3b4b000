"""What the hourly sweep does for recordings: announce, ask, and have deleted what is over.

Nothing here deletes. A file whose time is over gets a label, the bucket's lifecycle deletes what
has it, and the sweep writes down that it is gone.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.letters import Fact, LetterKind, owe
from shared.domain.recording_files import split_key
from shared.domain.recording_release import PATIENCE as UNTIL_ASKED
from shared.domain.recording_release import WAITING as RELEASES
from shared.domain.recording_release import Release
from shared.domain.recordings import DELETE, EXPIRED, KEEP, LABEL, Recording, RecordingStatus
from shared.domain.sessions import SessionState
from shared.domain.zones import days_later
from shared.ports import Files, Records, Workflows
from shared.usecases.check_recording import RecordingUpload
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import Found, find_session
from shared.usecases.owe_letters import owe_once
from shared.usecases.rule_on_recording import reconsider
from shared.usecases.start_recording import start_recording
from shared.usecases.sweep_letters import PATIENCE


@dataclass
class SweptRecordings:
    """Announcements started, staff asked, files labelled to be deleted, and seen to be gone."""

    announced: int = 0
    asked: int = 0
    expired: int = 0
    deleted: int = 0


def sweep_recordings(
    records: Records, uploads: Files, workflows: Workflows, now: datetime
) -> SweptRecordings:
    """See to every file in the bucket, every release that waits, every file that is to be gone."""
    swept, sessions = SweptRecordings(), dict[str, Found | None]()
    for key, size, modified in uploads.under("recordings/"):
        split = split_key(key)
        if split is None or now - modified < PATIENCE:
            continue
        session, name = split
        if session not in sessions:
            sessions[session] = find_session(session, records)
        known = records.get(Recording.key_of(session, name), Recording)
        if known is None or _forgotten(known, records, now):
            upload = RecordingUpload(
                session=session,
                name=name,
                key=key,
                object_version=known.object_version if known else "",
                size=size,
                uploaded_at=modified,
            )
            again = f"{now:%Y%m%dT%H}"
            swept.announced += start_recording(upload, workflows=workflows, again=again)
        elif _relabel(known, sessions[session], records, uploads, now):
            swept.expired += 1
    swept.asked = _ask_for_releases(records, workflows, now)
    swept.deleted = sum(
        _note_if_gone(one, records, uploads, now)
        for one in records.waiting(EXPIRED, now, Recording)
    )
    return swept


def _forgotten(recording: Recording, records: Records, now: datetime) -> bool:
    """Whether a good file has not been announced though its session is long over."""
    if not recording.playable or recording.announced_at is not None:
        return False
    state = records.get(SessionState.key_of(recording.session), SessionState)
    return state is not None and now - max(state.ends_at, recording.uploaded_at) > 2 * PATIENCE


def _ask_for_releases(records: Records, workflows: Workflows, now: datetime) -> int:
    """Staff hear once of a recording that waits, unless the catalogue releases it by now."""
    asked = 0
    for waiting in records.waiting(RELEASES, now - UNTIL_ASKED, Release):
        release = reconsider(waiting.session, records=records, workflows=workflows, now=now)
        found = find_session(waiting.session, records)
        if release is None or release.waiting is None or release.decision is None or found is None:
            continue
        letter = owe(
            LetterKind.STAFF_RECORDING_WAITS,
            release.session,
            now,
            series=release.series,
            session=release.session,
            facts=(Fact(label="Session", value=release.session),),
            lines=tuple(reason.text for reason in release.decision.reasons),
        )
        asked += owe_once(letter, records)
    return asked


def _relabel(
    known: Recording, found: Found | None, records: Records, uploads: Files, now: datetime
) -> bool:
    """Label a file whose time is over; take the label back if staff gave it more time since."""
    over = found is not None and _is_over(known.session, found, now)
    if over is (known.expired_at is not None) or known.status is RecordingStatus.DELETED:
        return False
    uploads.mark(known.object_key, known.object_version or None, LABEL, DELETE if over else KEEP)

    def attempt() -> bool:
        kept = records.get(known.key(), Recording)
        if kept is None or kept.identity != known.identity:
            return False  # replaced at this very moment
        records.commit(kept.to_delete(now) if over else kept.to_keep())
        return over

    return until_committed(attempt)


def _is_over(session: str, found: Found, now: datetime) -> bool:
    closes_at = found.catalogue.recording_closes_at(session)
    grace = found.catalogue.policies.recording.delete_days_after_end
    if closes_at is None or grace is None:
        return False
    return now >= days_later(closes_at, grace, found.session.zone)


def _note_if_gone(known: Recording, records: Records, uploads: Files, now: datetime) -> bool:
    try:
        uploads.read(known.object_key, known.object_version or None, first=1)
    except KeyError:

        def attempt() -> bool:
            kept = records.get(known.key(), Recording)
            if kept is None or kept.identity != known.identity or kept.deleted_at is not None:
                return False
            records.commit(kept.deleted(now))
            return True

        return until_committed(attempt)
    return False
