"""Whose clocks a report shows. Zoom does not say, so the heading, the file or the catalogue does.

A heading may name it ("Join time (UTC)"), or the file ("participants Asia-Kolkata.csv"). If neither
does, the clocks are those that the catalogue names. An abbreviation is never taken.
"""

import re
from zoneinfo import ZoneInfo

from shared.domain.reports import Expected, ReportQuestions

_AREAS = (
    *("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian"),
    "Pacific",
)
_IN_A_FILE_NAME = re.compile(
    rf"(?<![A-Za-z])(?P<area>{'|'.join(_AREAS)})[-_~ ](?P<city>[A-Z][A-Za-z]*(?:[-_][A-Z][a-z]+)*)"
)
_UTC = re.compile(r"(?<![A-Za-z])UTC(?![A-Za-z+-])")


def zone_of(heading: str, expected: Expected) -> str:
    """The zone in which the report's times are to be read.

    Raises ReportQuestions if the report names one that is none.
    """
    if heading:
        return _known(heading, f"the headings say '{heading}'")
    named = _IN_A_FILE_NAME.search(expected.file_name)
    if named:
        cities = (named["city"], named["city"].replace("-", "_"))
        for city in cities:
            zone = f"{named['area']}/{city}"
            if _exists(zone):
                return zone
        return _known(f"{named['area']}/{cities[1]}", "the file's name says so")
    if _UTC.search(expected.file_name):
        return "UTC"
    return expected.zone


def _known(zone: str, said: str) -> str:
    if zone == "UTC" or ("/" in zone and _exists(zone)):
        return zone
    raise ReportQuestions.about_file(
        f"Whose clocks does the report show? There is no zone '{zone[:40]}' ({said[:80]}). "
        "A zone is written like America/New_York, or UTC."
    )


def _exists(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        return False
    return True
