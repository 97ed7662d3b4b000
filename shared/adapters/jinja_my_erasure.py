"""The page on which somebody takes everything away, in words."""

from shared.adapters.jinja_my_contact import only_house
from shared.adapters.jinja_pages import whole_page
from shared.domain.my_page import ErasureView
from shared.domain.zones import say_day


def erasure_page(view: ErasureView) -> str:
    """The page."""
    return whole_page(
        "my_erasure",
        only_house(view.catalogues),
        view=view,
        kept=[(one.title, say_day(one.until, one.zone)) for one in view.kept],
        problems={"understood": [view.problem]} if view.problem else {},
    )
