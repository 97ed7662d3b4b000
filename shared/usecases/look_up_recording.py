"""Look up a session's recording: its files, whether it is released, and what staff said of it."""

from typing import Any

from shared.domain.recording_files import shown_key
from shared.domain.recording_release import Release, Word
from shared.domain.recording_windows import WindowChoice
from shared.ports import Records
from shared.usecases.check_recording import files_of
from shared.usecases.find_session import find_session


def look_up_recording(session: str, *, records: Records) -> dict[str, Any] | None:
    """Everything that is known of it, as JSON; None if there is no such session."""
    found = find_session(session, records)
    if found is None:
        return None
    release = records.get(Release.key_of(session), Release)
    closes_at = found.catalogue.recording_closes_at(session)
    if release is None or release.decision is None:
        said = "Released as soon as a good file is there."
    else:
        said = release.decision.why
    words: list[tuple[str, int | None, Word | WindowChoice]] = [
        *((str(one.act), None, one) for one in (release.words if release else ())),
        *((str(one.choice), one.days, one) for one in (release.choices if release else ())),
    ]
    return {
        "closes_at": closes_at.isoformat() if closes_at else None,
        "release": said,
        "waits": release is not None and release.waiting is not None,
        "files": [
            {
                "name": shown_key(one.name),
                "status": str(one.status),
                "size": one.size,
                "why": one.judged.why,
                "announced_at": one.announced_at.isoformat() if one.announced_at else None,
                "deleted_at": one.deleted_at.isoformat() if one.deleted_at else None,
            }
            for one in files_of(session, records)
        ],
        "words": [
            {"what": what, "days": days, "by": one.by, "why": one.why, "at": one.at.isoformat()}
            for what, days, one in sorted(words, key=lambda said: said[2].at)
        ],
    }
