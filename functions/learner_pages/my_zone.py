"""By which clock somebody reads times, on their own page. Opening it changes nothing."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import form, no_such_page
from shared import page_wiring, wiring
from shared.domain.my_page import ZoneView
from shared.usecases.choose_zone import choose_zone, open_zone
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/zone")
def zone(token: str) -> Response[str]:
    """The form, with the zone they chose."""
    return _zone(
        open_zone(token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now())
    )


@routes.post("/me/<token>/zone")
def choose(token: str) -> Response[str]:
    """Say times by that clock too from now on."""
    return _zone(
        choose_zone(
            token,
            form(routes).get("zone", ""),
            keys=wiring.identity_keys(),
            records=wiring.records(),
            now=wiring.now(),
        )
    )


def _zone(view: ZoneView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    return page(422 if view.problem else 200, page_wiring.my_pages().zone(view))
