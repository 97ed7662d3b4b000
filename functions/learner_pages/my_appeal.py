"""A decision that somebody asks to be looked at again, below their own page."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import form, no_such_page
from shared import page_wiring, wiring
from shared.domain.my_page import AppealView
from shared.observability import count
from shared.usecases.ask_appeal import ask_appeal, open_appeal
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/appeal/<scope>")
def appeal(token: str, scope: str) -> Response[str]:
    """The form, or why there is none, or the answer. Opening it changes nothing."""
    return _shown(
        open_appeal(
            token, scope, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
        )
    )


@routes.post("/me/<token>/appeal/<scope>")
def ask(token: str, scope: str) -> Response[str]:
    """Take it in, once."""
    shown = ask_appeal(
        token,
        scope,
        form(routes).get("reason", ""),
        keys=wiring.identity_keys(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if isinstance(shown, AppealView) and shown.sent:
        count("AppealAsked")
    return _shown(shown)


def _shown(view: AppealView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    return page(422 if view.problem else 200, page_wiring.my_pages().appeal(view))
