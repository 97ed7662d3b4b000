"""What Zoom says when a recording is ready, read from its event `recording.completed`."""

import json
from datetime import UTC, datetime
from typing import Any

from shared.adapters.zoom_events import NOT_AS_DESCRIBED, UnreadableEvent
from shared.domain.cloud_recordings import CloudFile, CloudRecording

_COMPLETED = "completed"


def read_recording(body: bytes) -> CloudRecording | None:
    """The recording, or None if the event is about none. Raises UnreadableEvent."""
    try:
        told = json.loads(body)
        if told["event"] != "recording.completed":
            return None
        return _read(told)
    except NOT_AS_DESCRIBED as error:
        raise UnreadableEvent(f"A recording could not be read ({type(error).__name__}).") from None


def _read(told: dict[str, Any]) -> CloudRecording:
    held = told["payload"]["object"]
    files = [one for one in held.get("recording_files") or () if _is_ready(one)]
    began = [_moment(one["recording_start"]) for one in files if one.get("recording_start")]
    ended = [_moment(one["recording_end"]) for one in files if one.get("recording_end")]
    start = min(began, default=None) or _moment(held["start_time"])
    return CloudRecording(
        meeting=str(held["id"]),
        occurrence=str(held["uuid"])[:120],
        began=start,
        ended=max(ended, default=start),
        files=tuple(_file(one) for one in files),
        token=str(told.get("download_token") or "")[:4000],
    )


def _is_ready(file: dict[str, Any]) -> bool:
    return bool(file.get("id")) and file.get("status", _COMPLETED) == _COMPLETED


def _file(file: dict[str, Any]) -> CloudFile:
    return CloudFile(
        id=str(file["id"]),
        kind=str(file.get("file_type") or "").upper(),
        view=str(file.get("recording_type") or ""),
        address=str(file.get("download_url") or ""),
        size=int(file.get("file_size") or 0),
    )


def _moment(written: object) -> datetime:
    moment = datetime.fromisoformat(str(written).replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(UTC)
