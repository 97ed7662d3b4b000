"""Taking everything away, on a person's own page: what that means first, then the word."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import form, no_such_page
from shared import page_wiring, wiring
from shared.domain.my_page import ErasureView
from shared.observability import count
from shared.usecases.ask_erasure import ask_erasure, open_erasure
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/erase")
def erasure(token: str) -> Response[str]:
    """What goes, what stays and until when, what is in the way. Opening it changes nothing."""
    return _shown(
        open_erasure(token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now())
    )


@routes.post("/me/<token>/erase")
def erase(token: str) -> Response[str]:
    """The word: from now on the page is gone."""
    shown = ask_erasure(
        token,
        form(routes).get("understood", "") == "yes",
        keys=wiring.identity_keys(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if isinstance(shown, ErasureView) and shown.asked:
        count("ErasureAsked")
    return _shown(shown)


def _shown(view: ErasureView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    refused = 422 if view.problem else 200 if view.asked or view.decision.granted else 409
    return page(refused, page_wiring.my_pages().erasure(view))
