"""Zoom's events, as it sends them: people who join and leave a meeting, and its end."""

import json
from datetime import UTC, datetime
from typing import Any

MEETING = "81234567890"


def zoom_event(
    event: str,
    at: datetime,
    *,
    name: str = "",
    device: str = "1",
    uuid: str = "uuid/1==",
    **more: Any,
) -> bytes:
    """One event of a meeting or a webinar, signed by nobody yet. `name` is an address or a name."""
    held: dict[str, object] = {
        "id": MEETING, "uuid": uuid, "host_id": "host-1", "topic": "Class", "type": 8,
        "start_time": "2025-06-22T15:45:00Z", "timezone": "", "duration": 150,
    }  # fmt: skip
    when = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if event.endswith("ended"):
        held["end_time"] = when
    else:
        time = {"joined": "join_time", "left": "leave_time"}.get(event.rpartition("_")[2])
        held["participant"] = {
            "user_id": device, "user_name": name.partition("@")[0], "id": "", "registrant_id": None,
            "email": name if "@" in name else "", "participant_user_id": "",
            time or "date_time": when,
        } | more  # fmt: skip
    told = {"event": event, "event_ts": int(at.timestamp() * 1000), "payload": {"object": held}}
    return json.dumps(told).encode()
