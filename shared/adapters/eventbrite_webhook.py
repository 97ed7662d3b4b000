"""Eventbrite's webhook: unsigned, so its address is the secret and nothing it says is believed.

It posts the address of what has changed. That address is never fetched, it is only matched for the
ids in it; what those stand for is asked at Eventbrite. Standard library alone: the edge uses this.
"""

import hmac
import json
import re

from shared.adapters.plain_json import plain_object

# What is told of an order or of one of its tickets. Of whatever else Eventbrite posts we need none.
NEEDED = ("order.placed", "order.updated", "order.refunded", "attendee.updated")
_ADDRESS = re.compile(
    r"https://www\.eventbriteapi\.com/v3/"
    r"(?:orders/(?P<order>[0-9]{1,20})|events/(?P<event>[0-9]{1,20})/attendees/(?P<attendee>[0-9]{1,20}))/?",
    re.ASCII,
)


class UnreadableNotice(ValueError):
    """What was posted is no notice of Eventbrite's; the message says why and quotes nothing."""


def is_ours(segment: str, segments: list[str]) -> bool:
    """Whether the last part of the address that was posted to is one of the secret ones."""
    given = segment.encode(errors="replace")
    # No early way out: the time taken does not tell which of them fits.
    fits = [hmac.compare_digest(one.encode(), given) for one in segments if one]
    return any(fits)


def ids_in(body: bytes) -> bytes | None:
    """What a notice is about, as JSON of its action and ids alone; None if we do not need it.

    {"action", "order"} or {"action", "event", "attendee"}. Raises UnreadableNotice.
    """
    try:
        notice = plain_object(body)
        json.dumps(notice, ensure_ascii=False).encode()  # no half characters
    except (ValueError, RecursionError):
        raise UnreadableNotice("The body is not one plain JSON object.") from None
    config = notice.get("config")
    action = config.get("action") if isinstance(config, dict) else None
    if not isinstance(action, str):
        raise UnreadableNotice("The body does not say what happened.")
    if action not in NEEDED:
        return None
    address = notice.get("api_url")
    found = _ADDRESS.fullmatch(address) if isinstance(address, str) else None
    if found is None:
        raise UnreadableNotice("The body names no order and no attendee of Eventbrite's.")
    ids = {name: held for name, held in found.groupdict().items() if held}
    return json.dumps({"action": action, **ids}).encode()
