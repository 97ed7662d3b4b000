"""The page on which a person tells us of themselves, in words."""

from typing import Final

from shared.adapters.jinja_pages import whole_page
from shared.adapters.jinja_words import credit_name
from shared.domain.forms import FieldProblem
from shared.domain.licensing_states import ELSEWHERE, STATES, UNLICENSED, say_state
from shared.domain.my_page import ParticularsView
from shared.domain.particulars import ANOTHER, MOST_LICENCES, Licence, LicenceRow, Particulars

_STATES: Final = (
    *STATES.items(),
    (ELSEWHERE, "Outside the United States"),
    (UNLICENSED, "No license"),
)


def particulars_page(view: ParticularsView) -> str:
    """The page."""
    houses = {one.institute.id: one for one in view.catalogues}
    rows = [*view.form.rows]
    if len(rows) < MOST_LICENCES and (view.one_more or not rows):
        rows.append(LicenceRow())
    return whole_page(
        "my_particulars",
        next(iter(houses.values())) if len(houses) == 1 else None,
        view=view,
        rows=rows,
        full=len(rows) == MOST_LICENCES,
        professions=[*((one, one) for one in view.professions), (ANOTHER, "Another profession")],
        states=_STATES,
        credit=credit_name(view.catalogues[0].policies) if view.catalogues else "a certificate",
        problems=by_field(view.problems),
    )


def by_field(problems: tuple[FieldProblem, ...]) -> dict[str, list[str]]:
    """What is to be put right, field by field."""
    found: dict[str, list[str]] = {}
    for one in problems:
        found.setdefault(one.field, []).append(one.text)
    return found


def say_particulars(told: Particulars) -> list[tuple[str, str]]:
    """What somebody told us, as rows of a table."""
    rows = [("Name for certificates", told.certificate_name)] if told.certificate_name else []
    return [*rows, *((one.profession, _say_licence(one)) for one in told.licences)]


def _say_licence(licence: Licence) -> str:
    """ "License 012345, New York"."""
    if not licence.held:
        return "No license"
    return f"License {licence.number}, {say_state(licence.state)}"
