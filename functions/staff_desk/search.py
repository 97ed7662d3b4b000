"""Search: a name, an address, an order, a certificate's number."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import as_file, plain
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.domain.desk_page_lists import listed_found
from shared.usecases.search_desk import search_desk, search_whole

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/staff/search")
def search() -> Response[str]:
    """What was found, or the form alone."""
    asks = staff(routes, "see people")
    asked = routes.current_event.get_query_string_value("q", "") or ""
    begins = plain(routes.current_event.get_query_string_value("from", "") or "")
    found = search_desk(asked, begins=begins, keys=wiring.identity_keys(), records=wiring.records())
    return show(routes, "desk_search", asks, view=found)


@routes.get("/staff/search.csv")
def as_list() -> Response[str]:
    """Everything that was found, as a file."""
    staff(routes, "see people")
    asked = routes.current_event.get_query_string_value("q", "") or ""
    return as_file(
        listed_found(search_whole(asked, keys=wiring.identity_keys(), records=wiring.records()))
    )
