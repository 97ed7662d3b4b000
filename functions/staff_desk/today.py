"""Today: everything that waits for a person, oldest first."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import as_file
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.domain.desk_page_lists import listed_today
from shared.usecases.look_at_today import list_today, look_at_today

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/staff")
def today() -> Response[str]:
    """The page; `from` goes on where the one before ended. Opening it changes nothing."""
    asks = staff(routes, "see what waits")
    after = routes.current_event.get_query_string_value("from", "") or ""
    view = look_at_today(
        asks,
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
        after=after,
    )
    return show(routes, "desk_today", asks, view=view)


@routes.get("/staff/today.csv")
def as_list() -> Response[str]:
    """The same as a file."""
    asks = staff(routes, "see what waits")
    items = list_today(
        asks,
        records=wiring.records(),
        applications=wiring.applications(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    return as_file(listed_today(items))
