"""The pages on which somebody puts their name, address or clock right, in words."""

from shared.adapters.jinja_pages import whole_page
from shared.domain.catalogue import Catalogue
from shared.domain.my_page import AddressView, NameView, ZoneView
from shared.domain.zones import zone_name, zones_by_area


def name_page(view: NameView) -> str:
    """How they are called, as a form."""
    problems = {"name": [view.problem]} if view.problem else {}
    return whole_page("my_name", only_house(view.catalogues), view=view, problems=problems)


def address_page(view: AddressView) -> str:
    """Where letters go, as a form."""
    problems = {"address": [view.problem]} if view.problem else {}
    return whole_page("my_address", only_house(view.catalogues), view=view, problems=problems)


def zone_page(view: ZoneView) -> str:
    """By which clock they read times, as a form: every zone, by the part of the world."""
    return whole_page(
        "my_zone",
        only_house(view.catalogues),
        view=view,
        chosen=zone_name(view.zone) if view.zone else "",
        areas=[
            (area, [(zone, _within(zone)) for zone in zones]) for area, zones in zones_by_area()
        ],
        problems={"zone": [view.problem]} if view.problem else {},
    )


def _within(zone: str) -> str:
    """ "Argentina/Buenos_Aires" → "Argentina, Buenos Aires", for a list below its area."""
    return zone.partition("/")[2].replace("/", ", ").replace("_", " ")


def only_house(catalogues: tuple[Catalogue, ...]) -> Catalogue | None:
    """The institute in whose name a page is shown, where there is just one."""
    houses = {one.institute.id: one for one in catalogues}
    return next(iter(houses.values())) if len(houses) == 1 else None
