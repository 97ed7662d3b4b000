"""The pages on which somebody puts their name or their address right, in words."""

from shared.adapters.jinja_pages import whole_page
from shared.domain.catalogue import Catalogue
from shared.domain.my_page import AddressView, NameView


def name_page(view: NameView) -> str:
    """How they are called, as a form."""
    problems = {"name": [view.problem]} if view.problem else {}
    return whole_page("my_name", only_house(view.catalogues), view=view, problems=problems)


def address_page(view: AddressView) -> str:
    """Where letters go, as a form."""
    problems = {"address": [view.problem]} if view.problem else {}
    return whole_page("my_address", only_house(view.catalogues), view=view, problems=problems)


def only_house(catalogues: tuple[Catalogue, ...]) -> Catalogue | None:
    """The institute in whose name a page is shown, where there is just one."""
    houses = {one.institute.id: one for one in catalogues}
    return next(iter(houses.values())) if len(houses) == 1 else None
