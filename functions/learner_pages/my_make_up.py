"""Making up for a missed part of a unit, on a person's own page. Opening it changes nothing."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import form, no_such_page
from shared import page_wiring, wiring
from shared.domain.my_page import MakeUpView
from shared.observability import count
from shared.usecases.open_make_up import open_make_up, send_make_up
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/make-up/<session>")
def make_up(token: str, session: str) -> Response[str]:
    """The form, or why there is none (yet)."""
    return _shown(
        open_make_up(
            token, session, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
        )
    )


@routes.post("/me/<token>/make-up/<session>")
def send(token: str, session: str) -> Response[str]:
    """Take the reflection."""
    shown = send_make_up(
        token,
        session,
        form(routes).get("reflection", ""),
        keys=wiring.identity_keys(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if isinstance(shown, MakeUpView) and shown.sent:
        count("PartMadeUp")
    return _shown(shown)


def _shown(view: MakeUpView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    return page(422 if view.problem else 200, page_wiring.my_pages().make_up(view))
