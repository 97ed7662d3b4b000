"""Everything that is kept of a person, to be read: each kind of record under a name people know."""

from collections.abc import Iterator
from typing import Any, Final

from shared.adapters.jinja_pages import whole_page

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
    if isinstance(of, dict):
        for key, value in of.items():
            yield from _rows(value, f"{name} {key}".strip().replace("_", " "))
    elif isinstance(of, list):
        for value in of:
            yield from _rows(value, name)
    elif of not in ("", None):
        yield name, str(of)
