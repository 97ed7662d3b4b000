"""Once an hour: whatever an event should have done and did not. A missed event is a delay, no loss.

Everything the sweep does, it does through the same doors as the events, so doing it again is
harmless.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.domain.letters import CLAIM_LEASE, Letter, LetterStatus
from shared.domain.letters import WAITING as LETTERS
from shared.domain.payments import Order
from shared.domain.recordings import Recording, RecordingStatus, split_key
from shared.domain.sessions import CLOSE_AFTER, SessionState
from shared.domain.sessions import WAITING as SESSIONS
from shared.failures import Conflict
from shared.ports import Files, Records, Workflows
from shared.usecases.announce_recording import RecordingUpload
from shared.usecases.close_session import start_close
from shared.usecases.record_payment import REVIEW, decide_review_again
from shared.usecases.send_letter import tell_staff_it_failed
from shared.usecases.start_recording import start_recording

# Younger than this, the event itself is still at work.
PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Swept:
    """What was left lying and is on its way now."""

    letters: int
    letters_given_up: int
    payments: int
    sessions: int
    recordings: int


def sweep(
    *,
    records: Records,
    uploads: Files,
    close_machine: Workflows,
    recording_machine: Workflows,
    identity_key: bytes,
    live: bool,
    now: datetime,
) -> Swept:
    """Put owed letters back in line, start overdue closes, announce forgotten recordings.

    And decide payments in review again: staff may have corrected the price book since.
    """
    again, given_up = _letters(records, now)
    payments = sum(
        decide_review_again(
            order.order, records=records, identity_key=identity_key, live=live, now=now
        )
        for order in records.waiting(REVIEW, now, Order)
    )
    return Swept(
        letters=again,
        letters_given_up=given_up,
        payments=payments,
        sessions=_sessions(records, close_machine, now),
        recordings=_recordings(records, uploads, recording_machine, now),
    )


def _letters(records: Records, now: datetime) -> tuple[int, int]:
    again = given_up = 0
    for letter in records.waiting(LETTERS, now - PATIENCE, Letter):
        current = records.get(letter.key(), Letter)
        if current is None:
            continue
        try:
            match _next(current, now):
                case "again":
                    records.commit(current.back_in_line("Put back in line by the sweep."))
                    again += 1
                case "unknown":
                    records.commit(current.unanswered("Whoever was sending it stopped."))
                case "give up":
                    why = "The mail service never said whether it was sent."
                    records.commit(current.failed(why))
                    tell_staff_it_failed(current, why, records, now)
                    given_up += 1
        except Conflict:
            continue  # it is being dealt with
    return again, given_up


def _next(letter: Letter, now: datetime) -> str:
    """What the letter needs: "again", "unknown", "give up" or "nothing"."""
    since = letter.claimed_at or letter.owed_at
    match letter.status:
        case LetterStatus.PENDING:
            return "again"
        case LetterStatus.SENDING if now - since > CLAIM_LEASE:
            return "unknown"
        case LetterStatus.UNKNOWN if now - since > CLAIM_LEASE:
            return "again" if letter.may_be_sent_again else "give up"
    return "nothing"


def _sessions(records: Records, workflows: Workflows, now: datetime) -> int:
    overdue = records.waiting(SESSIONS, now - CLOSE_AFTER, SessionState)
    return sum(
        start_close(state.session, state.ends_at, workflows=workflows, now=now) for state in overdue
    )


def _recordings(records: Records, uploads: Files, workflows: Workflows, now: datetime) -> int:
    started = 0
    for key, size, modified in uploads.under("recordings/"):
        split = split_key(key)
        if split is None or now - modified < PATIENCE:
            continue
        session, name = split
        known = records.get(Recording.key_of(session, name), Recording)
        if known is not None and not _forgotten(known, records, now):
            continue
        upload = RecordingUpload(
            session=session,
            name=name,
            key=key,
            object_version=known.object_version if known else "",
            size=size,
            uploaded_at=modified,
        )
        started += start_recording(upload, workflows=workflows, again=f"{now:%Y%m%dT%H}")
    return started


def _forgotten(recording: Recording, records: Records, now: datetime) -> bool:
    """Whether a good file has not been announced though its session is long over."""
    if recording.status is not RecordingStatus.READY or not recording.playable:
        return False
    if recording.announced_at is not None:
        return False
    state = records.get(SessionState.key_of(recording.session), SessionState)
    return state is not None and now - max(state.ends_at, recording.uploaded_at) > 2 * PATIENCE
