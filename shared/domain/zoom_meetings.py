"""Which Zoom meeting a session is held in, as the catalogue says or its joining link shows."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from shared.domain.catalogue_values import Part, Zone, shown

_IN_A_LINK = re.compile(
    r"https://(?:[\w-]+\.)*zoom(?:gov)?\.(?:us|com)/(?:j|w|s|wc)/(\d{9,12})\b", re.ASCII
)


def _number(value: object) -> str:
    """A meeting's number as people copy it: 812 3456 7890, with spaces or dashes or none."""
    number = re.sub(r"[\s-]", "", str(value))
    if not re.fullmatch(r"[0-9]{9,12}", number):
        raise ValueError(
            f"{shown(value)} is not the number of a Zoom meeting. It has nine to twelve digits, "
            "like 812 3456 7890. Is one missing?"
        )
    return number


def _domain(value: str) -> str:
    if not re.fullmatch(r"([a-z0-9-]{1,63}\.)+[a-z]{2,63}", value):
        raise ValueError(
            f"{shown(value)} is not a domain. Could you write it like zoom.institute.example?"
        )
    return value


Domain = Annotated[str, AfterValidator(_domain)]
MeetingNumber = Annotated[str, BeforeValidator(_number)]


class ZoomMeeting(Part):
    """The session's meeting at Zoom, where the joining link does not show it, and Zoom's clocks.

    `report_zone` is the zone of the account's reports, if it is not the session's.
    """

    meeting_id: MeetingNumber | None = None
    report_zone: Zone | None = None


def meeting_number_in(link: str) -> str | None:
    """The number in a link to join a Zoom meeting or webinar; None in any other link."""
    found = _IN_A_LINK.match(link)
    return found[1] if found else None
