"""Every series, and one of them in sums: seats, money, scholarships, credit."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import absent, as_file, plain
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.adapters.jinja_desk_series import series_words
from shared.domain.desk_lists import Listed
from shared.domain.desk_page_lists import listed_money, listed_seats, listed_series
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


@routes.get("/staff/series.csv")
def all_as_list() -> Response[str]:
    """Every published series, as a file."""
    staff(routes, "see series")
    return as_file(listed_series(list_series(records=wiring.records())))


@routes.get("/staff/series/<series>/<what>")
def lists(series: str, what: str) -> Response[str]:
    """One of its lists as a file: people, orders, sessions, money."""
    asks = staff(routes, "see money" if what in _OF_MONEY else "see people")
    listed = _listed(plain(series), what)
    return absent(routes, asks) if listed is None else as_file(listed)


_OF_MONEY = ("orders.csv", "money.csv")


def _listed(series: str, what: str) -> Listed | None:
    records = wiring.records()
    match what:
        case "people.csv":
            return list_people(series, records=records)
        case "orders.csv":
            return list_orders(series, records=records)
        case "sessions.csv" | "money.csv":
            view = look_at_series(series, records=records)
            listed = listed_seats if what == "sessions.csv" else listed_money
            return listed(view) if view else None
        case _:
            return None
