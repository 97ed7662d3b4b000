"""Zoom's webhook events, read into what they say of a meeting. Waiting is not attending.

A breakout room is part of the class: moving there and back is leaving and joining in Zoom's words,
and each room is a lane of its own, so that together they cover the time. A registration says under
which address somebody will come.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from shared.adapters.epoch import LAST_SECOND
from shared.domain.live_attendance import Says, ZoomEvent
from shared.domain.people import clean_name

_SAYS = {
    "participant_joined": Says.JOINED,
    "participant_left": Says.LEFT,
    "participant_joined_breakout_room": Says.JOINED,
    "participant_left_breakout_room": Says.LEFT,
    "participant_put_in_waiting_room": Says.PUT_OUT,
    "ended": Says.ENDED,
    "registration_created": Says.REGISTERED,
    "registration_approved": Says.REGISTERED,
}
_KINDS = re.compile(r"(?:meeting|webinar)\.(\w+)", re.ASCII)
_TIMES = {Says.JOINED: "join_time", Says.LEFT: "leave_time", Says.PUT_OUT: "date_time"}
# Zoom's numbers of meetings have nine to eleven digits.
_MEETING = re.compile(r"\d{9,12}", re.ASCII)


NOT_AS_DESCRIBED = (
    *(ValueError, KeyError, TypeError, AttributeError),
    *(ValidationError, OverflowError, OSError, RecursionError),
)


class UnreadableEvent(Exception):
    """A signed event that is not as Zoom describes it. Says what is missing, and quotes nothing."""


def read_zoom_event(body: bytes) -> ZoomEvent | None:
    """What the event says, or None if it is of no kind that we need.

    Raises UnreadableEvent.
    """
    try:
        told = json.loads(body)
        says = _says(told["event"])
        if says is None:
            return None
        return _read(says, told)
    except NOT_AS_DESCRIBED as error:
        raise UnreadableEvent(f"A Zoom event could not be read ({type(error).__name__}).") from None


def _says(event: str) -> Says | None:
    if event == "recording.completed":
        return Says.RECORDED
    kind = _KINDS.fullmatch(event)
    return _SAYS.get(kind[1]) if kind else None


def _read(says: Says, told: dict[str, Any]) -> ZoomEvent | None:
    held = told["payload"]["object"]
    meeting = str(held["id"])
    if not _MEETING.fullmatch(meeting):
        return None  # an account's own number or a test; no catalogue can name it
    person = held.get("participant") or {}
    if says in _TIMES and not person:
        raise KeyError("participant")
    if says is Says.REGISTERED:
        return _registration(meeting, held["registrant"], told)
    room = str(held.get("breakout_room_uuid") or "")
    written = person.get(_TIMES[says]) or person.get("date_time") if person else None
    if says is Says.ENDED:
        written = held.get("end_time")
    return ZoomEvent(
        says=says,
        meeting=meeting,
        occurrence=str(held["uuid"])[:120],
        at=_moment(written, told.get("event_ts")),
        lane=_lane(person, room),
        in_room=bool(room),
        registrant=str(person.get("registrant_id") or "")[:200],
        address=str(person.get("email") or "")[:320],
        name=clean_name(str(person.get("user_name") or "")),
        is_host=bool(person) and _is_host(person, held),
        files=_files(held),
    )


def _registration(
    meeting: str, registrant: dict[str, Any], told: dict[str, Any]
) -> ZoomEvent | None:
    """Who registered; None without an id or an address, for then it ties nothing to anybody."""
    known = str(registrant.get("id") or "")[:200], str(registrant.get("email") or "")[:320]
    if not all(known):
        return None
    return ZoomEvent(
        says=Says.REGISTERED,
        meeting=meeting,
        occurrence="",
        at=_moment(None, told.get("event_ts")),
        registrant=known[0],
        address=known[1],
    )


def _is_host(person: dict[str, Any], held: dict[str, Any]) -> bool:
    """Whether it is the account that holds the meeting."""
    host = held.get("host_id")
    return bool(host) and host in (person.get("participant_user_id"), person.get("id"))


def _files(held: dict[str, Any]) -> tuple[str, ...]:
    """Zoom's ids of the files of a recording; nothing by which they could be fetched."""
    ids = (file.get("id") for file in held.get("recording_files") or ())
    return tuple(sorted(str(one)[:100] for one in ids if one))


def _lane(person: dict[str, Any], room: str) -> str:
    """One joining of one device. `user_id` is made anew at each joining, of a room too."""
    names = ("user_id", "participant_uuid", "participant_user_id", "id", "email", "user_name")
    device = next((str(person[name]) for name in names if person.get(name)), "")
    return f"{device}\n{room}"[:300] if room else device[:200]


def _moment(written: object, event_ts: object) -> datetime:
    if written:
        moment = datetime.fromisoformat(str(written).replace("Z", "+00:00"))
        if moment.tzinfo is None:
            raise ValueError("no offset")
        return moment.astimezone(UTC)
    if not isinstance(event_ts, int):
        raise KeyError("event_ts")
    if event_ts // 1000 > LAST_SECOND:
        raise ValueError("no date")
    return datetime.fromtimestamp(event_ts // 1000, UTC)
