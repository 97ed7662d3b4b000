"""Every series, and one of them in sums: seats, money, scholarships, credit."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import absent, as_file, plain
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.adapters.jinja_desk_series import series_words
from shared.usecases.list_desk import list_orders, list_people
from shared.usecases.look_at_series import list_series, look_at_series

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/staff/series")
def all_series() -> Response[str]:
    """Every published series."""
    asks = staff(routes, "see series")
    return show(routes, "desk_all_series", asks, series=list_series(records=wiring.records()))


@routes.get("/staff/series/<series>")
def one_series(series: str) -> Response[str]:
    """One series in sums."""
    asks = staff(routes, "see series")
    view = look_at_series(plain(series), records=wiring.records())
    if view is None:
        return absent(routes, asks)
    return show(routes, "desk_series", asks, view=view, **series_words(view))


@routes.get("/staff/series/<series>/people.csv")
def people(series: str) -> Response[str]:
    """Everybody in it, as a file."""
    asks = staff(routes, "see people")
    listed = list_people(plain(series), records=wiring.records())
    return absent(routes, asks) if listed is None else as_file(listed)


@routes.get("/staff/series/<series>/orders.csv")
def orders(series: str) -> Response[str]:
    """Every order that gave a seat in it, as a file."""
    asks = staff(routes, "see money")
    listed = list_orders(plain(series), records=wiring.records())
    return absent(routes, asks) if listed is None else as_file(listed)
