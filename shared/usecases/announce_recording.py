"""Announce a recording: once its session is over, owe everybody who may watch it a letter.

A letter is owed per session and person, so a second file, or a second event, writes to nobody
twice. Announcing again is staff's own act, and has letters of its own.
"""

import json
from collections.abc import Iterator
from datetime import datetime

from shared.domain.decisions import Reason, refused
from shared.domain.entitlements import entitlements
from shared.domain.letters import Letter, LetterKind, owe
from shared.domain.recording_files import RULE_VERSION
from shared.domain.recording_release import Release
from shared.domain.recordings import Recording
from shared.domain.registrations import Registration
from shared.failures import NotEveryoneTold
from shared.ports import Files, Records
from shared.usecases.check_recording import files_of, tell_staff, upload_of
from shared.usecases.commit_again import until_committed
from shared.usecases.find_session import find_session
from shared.usecases.owe_letters import owe_once


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
    release = records.get(Release.key_of(session), Release)
    if _is_owed(session, learner, release, records):
        return False
    again = release.announcement if release else 0
    return owe_once(recording_letter(session, learner, found.series.series, now, again), records)


def recording_letter(
    session: str, learner: str, series: str, now: datetime, again: int = 0
) -> Letter:
    """The letter that tells one person where to watch one session; `again` counts repetitions."""
    return owe(
        LetterKind.RECORDING,
        _about(session, learner, again),
        now,
        learner=learner,
        series=series,
        session=session,
    )


def _about(session: str, learner: str, again: int) -> str:
    return f"{session}/{learner}/{again}" if again else f"{session}/{learner}"


def _is_owed(session: str, learner: str, release: Release | None, records: Records) -> bool:
    """Whether that person is owed the letter of the last announcement, or a later one."""
    first = records.get(Letter.key_of(LetterKind.RECORDING, _about(session, learner, 0)), Letter)
    if release is None or release.announced_again_at is None:
        return first is not None
    if first is not None and first.owed_at >= release.announced_again_at:
        return True  # they paid after it was announced again
    about = _about(session, learner, release.announcement)
    return records.get(Letter.key_of(LetterKind.RECORDING, about), Letter) is not None


def mark_announced(
    session: str, name: str, *, people: int, records: Records, now: datetime
) -> None:
    """Remember that all who may watch are owed a letter; if nobody may, ask staff what to do.

    `name` is the file with which the announcement began; all that can be watched is announced by
    it. Raises NotEveryoneTold, and remembers nothing, if somebody who may watch is not owed one.
    """
    release = records.get(Release.key_of(session), Release)
    left_out = [
        registration.learner
        for registration in _entitled(session, records, now)
        if not _is_owed(session, registration.learner, release, records)
    ]
    if left_out:
        raise NotEveryoneTold(f"{len(left_out)} people are not owed their letter yet.")

    def attempt() -> None:
        new = [
            one.model_copy(update={"announced_at": now})
            for one in files_of(session, records)
            if one.playable and one.announced_at is None
        ]
        if new:
            records.commit(*new)

    until_committed(attempt)
    recording = records.get(Recording.key_of(session, name), Recording)
    found = find_session(session, records)
    closes_at = found.catalogue.recording_closes_at(session) if found else None
    if recording is not None and people == 0 and closes_at is not None and now >= closes_at:
        why = "It arrived after the time in which it may be watched, so nobody was told of it."
        late = refused(RULE_VERSION, Reason(code="too_late", text=why))
        tell_staff(upload_of(recording), late, records, now)


def may_be_watched(session: str, records: Records) -> bool:
    """Whether there is a recording of that session to watch.

    Asked rather than whether it was announced: between the roster and that mark, somebody may pay.
    """
    return any(recording.playable for recording in files_of(session, records))


def _entitled(session: str, records: Records, now: datetime) -> Iterator[Registration]:
    found = find_session(session, records)
    if found is None:
        return
    partition, prefix = Registration.key_of(session, "")
    for registration in records.find(partition, Registration, prefix):
        if entitlements(found.catalogue, session, registration, now).recording.granted:
            yield registration
