"""Making up for a missed part on a person's own page, in words."""

from shared.adapters.jinja_pages import whole_page
from shared.domain.made_up import REFLECTION_LEAST, REFLECTION_LIMIT
from shared.domain.my_page import MakeUpView


def make_up_page(view: MakeUpView) -> str:
    """The page."""
    return whole_page(
        "my_make_up",
        view.catalogue,
        view=view,
        by_staff=view.catalogue.policies.credit.make_up_approved_by_staff,
        room=f"Between {REFLECTION_LEAST} and {REFLECTION_LIMIT:,} characters.",
        problems={"reflection": [view.problem]} if view.problem else {},
    )
