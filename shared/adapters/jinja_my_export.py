"""Everything that is kept of a person, to be read: each kind of record under a name people know."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import moment
from shared.domain.money import Money

# A moment as records are written; how exact it was stands in the file.
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")

# What is told first, by its kind. What has no name here is told after these, by its own.
_NAMES: Final = {
    "learner": "How we call and reach you",
    "particulars": "What you told us for certificates",
    "order": "Your payments",
    "refund_request": "What you asked back",
    "registration": "Your seats",
    "award": "Scholarships",
    "application": "Your applications for scholarships",
    "answers": "What you wrote to apply",
    "verdict": "What was decided",
    "overrides": "What staff said of your attendance and credit",
    "appeal": "What you asked us to look at again",
    "made_up": "What you made up for",
    "certificate": "Your certificates",
    "sighting": "What attendance reports say of you",
    "live_fact": "What Zoom told us of you while a class was held",
    "presence": "When you were there",
    "letter": "Letters",
    "opening": "Recordings that you opened",
}  # fmt: skip


def export_page(told: dict[str, Any], back: str) -> str:
    """The page; `back` is the way to the person's own page."""
    kept = told["kept"]
    first = [kind for kind in _NAMES if kind in kept]
    kinds = [*first, *(kind for kind in kept if kind not in _NAMES)]
    return whole_page(
        "my_export",
        told=told,
        back=back,
        parts=[
            {
                "name": _NAMES.get(kind, kind.replace("_", " ").capitalize()),
                "records": [list(_rows(one)) for one in kept[kind]],
            }
            for kind in kinds
        ],
    )


def _rows(of: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value with the way to it, in words: ("text name", "Ana")."""
    if isinstance(of, dict) and set(of) == {"minor", "currency"}:
        yield name, str(Money(**of))
    elif isinstance(of, dict):
        for key, value in of.items():
            yield from _rows(value, f"{name} {key}".strip().replace("_", " "))
    elif isinstance(of, list):
        for value in of:
            yield from _rows(value, name)
    elif of not in ("", None):
        yield name, _said(of)


def _said(value: Any) -> str:
    """As people say it; the file to take along has it as it is kept."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return moment(datetime.fromisoformat(value), "UTC")
    return str(value)
