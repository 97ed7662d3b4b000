"""Everything that is kept of one person, as plain data, for them to take along.

What only keeps our machines in step (tokens, claims, counters) is left out; everything else is
given as it is kept, under the name of what it is.
"""

import json
from datetime import datetime
from typing import Any, Final

from shared.domain.applications import Answers
from shared.domain.letters import Letter
from shared.domain.live_attendance import LiveFact
from shared.domain.record import Record
from shared.domain.registrations import Learner
from shared.domain.sightings import Sighting
from shared.ports import Files, Records
from shared.usecases.gather_person import Everything, gather_person
from shared.usecases.open_my_page import holder_of
from shared.usecases.open_pages import NotFound

# What a letter to staff says.
_SAID: Final = ("facts", "lines", "listed")
# What says nothing of anybody.
_OURS: Final = frozenset(
    {"version", "waiting", "waiting_since", "expires_at", "task_token", "claim", "claimed_at"}
)


def export_person(
    token: str,
    *,
    keys: list[bytes],
    records: Records,
    applications: Records,
    raw_events: Files,
    now: datetime,
) -> dict[str, Any] | NotFound:
    """All of it: by what it is, then where else something of them lies. Changes nothing."""
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    found = gather_person(
        person.learner,
        records=records,
        applications=applications,
        identity_key=keys[0],
        now=now,
    )
    return _told(person, found, raw_events, now)


def _told(person: Learner, found: Everything, raw_events: Files, now: datetime) -> dict[str, Any]:
    kept: dict[str, list[dict[str, Any]]] = {}
    for record in (*found.mine, *found.apart):
        plain = _named_in(record, found) if _speaks_of_several(record, found) else _plain(record)
        kept.setdefault(record.kind, []).append(plain)
    for application, answers in found.applications:
        kept.setdefault("application", []).append(_plain(application))
        if answers is not None:
            kept.setdefault(Answers.kind, []).append(_plain(answers))
    return {
        "made_at": now.isoformat(),
        "id": person.learner,
        "name": person.name,
        "address": person.address,
        "kept": {kind: kept[kind] for kind in sorted(kept)},
        "files": found.documents,
        "from_payment_providers": [
            {"file": key, "said": said}
            for key in found.raw_events
            if (said := _said(raw_events, key)) is not None
        ],
        "elsewhere": list(ELSEWHERE),
    }


ELSEWHERE: Final = (
    "The payment provider through which you paid has its own records of you, and so has Zoom of "
    "the meetings that you joined, and the community's network if you are a member. Ask them.",
    "What a payment provider told us is kept for 30 days in all. What names others beside you is "
    "not in this file.",
    "The attendance report of a class names everybody who was there. What it says of you stands "
    "here, row by row.",
    "A letter to the institute's staff that speaks of several people is not given whole. What it "
    "calls you stands here.",
    "What you said in an evaluation is kept apart from who you are, so nobody can find it again, "
    "not even we.",
    "Copies that the table makes of itself, to be repaired after an accident, go after 35 days.",
)


def _speaks_of_several(record: Record, found: Everything) -> bool:
    """Whether it is a letter to staff that is not about this person alone."""
    return isinstance(record, Letter) and record.letter.to_staff and record.learner not in found.ids


def _named_in(record: Record, found: Everything) -> dict[str, Any]:
    """Such a letter without what it says of others: what it is, and what it calls them."""
    plain = _plain(record)
    said = json.dumps([plain.pop(part, None) for part in _SAID], ensure_ascii=False).casefold()
    seen = {one.name for one in found.apart if isinstance(one, Sighting | LiveFact) and one.name}
    return plain | {
        "calls_you": sorted(one for one in {*found.words, *seen} if one.casefold() in said)
    }


def _plain(record: Record) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_none=True, exclude=set(_OURS))


def _said(raw_events: Files, key: str) -> Any:
    """What a provider said, as it came; None if it is not kept any more or is about several."""
    if key.split("/")[1] == "eventbrite":
        return None
    if not any(found == key for found, _, _ in raw_events.under(key)):
        return None  # asked for as a list, because S3 tells nobody else that an object is gone
    try:
        return json.loads(raw_events.read(key))
    except (KeyError, ValueError):
        return None
