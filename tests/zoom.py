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
    room: str = "",
    **more: Any,
) -> bytes:
    """One event of a meeting or a webinar, signed by nobody yet. `name` is an address or a name.

    An event of a breakout room names the room beside the meeting.
    """
    held: dict[str, object] = {
        "id": MEETING, "uuid": uuid, "host_id": "host-1", "topic": "Class", "type": 8,
        "start_time": "2025-06-22T15:45:00Z", "timezone": "", "duration": 150,
    }  # fmt: skip
    if room:
        held["breakout_room_uuid"] = room
    when = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if event.endswith("ended"):
        held["end_time"] = when
    else:
        time = {"joined_breakout_room": "join_time", "left_breakout_room": "leave_time"}.get(
            event.partition("_")[2]
        ) or {"joined": "join_time", "left": "leave_time"}.get(event.rpartition("_")[2])
        held["participant"] = {
            "user_id": device, "user_name": name.partition("@")[0], "id": "", "registrant_id": None,
            "email": name if "@" in name else "", "participant_user_id": "",
            time or "date_time": when,
        } | more  # fmt: skip
    told = {"event": event, "event_ts": int(at.timestamp() * 1000), "payload": {"object": held}}
    return json.dumps(told).encode()


def zoom_registration(at: datetime, address: str, registrant: str, kind: str = "meeting") -> bytes:
    """That somebody registered for the meeting, or the webinar, with that address."""
    held = {
        "id": int(MEETING), "uuid": "uuid/1==", "host_id": "host-1", "topic": "Class", "type": 8,
        "registrant": {
            "id": registrant, "email": address, "first_name": "Somebody", "last_name": "",
            "status": "approved", "join_url": "https://zoom.example/w/1?tk=secret",
        },
    }  # fmt: skip
    told = {"event": f"{kind}.registration_created", "event_ts": int(at.timestamp() * 1000)}
    return json.dumps(told | {"payload": {"account_id": "A", "object": held}}).encode()
