"""The evaluation of a session on a person's own page. Opening it changes nothing."""

import secrets

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import fields, no_such_page
from shared import page_wiring, wiring
from shared.domain.my_page import EvaluationView
from shared.observability import count
from shared.usecases.evaluate_session import open_evaluation, send_evaluation
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/evaluation/<session>")
def evaluation(token: str, session: str) -> Response[str]:
    """The form, or why there is none (any more)."""
    opened = open_evaluation(
        token, session, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    return _shown(opened)


@routes.post("/me/<token>/evaluation/<session>")
def send(token: str, session: str) -> Response[str]:
    """Take it, once."""
    shown = send_evaluation(
        token,
        session,
        fields(routes),
        keys=wiring.identity_keys(),
        records=wiring.records(),
        random_number=lambda: secrets.token_hex(16),
        now=wiring.now(),
    )
    if isinstance(shown, EvaluationView) and shown.sent:
        count("EvaluationTaken")
    return _shown(shown)


def _shown(view: EvaluationView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    return page(422 if view.problems else 200, page_wiring.my_pages().evaluation(view))
