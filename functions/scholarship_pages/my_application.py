"""A person's own page: where their application stands, what they can do, all that is kept of it."""

import json
from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import not_found, page, pages
from shared import page_wiring, wiring
from shared.adapters.jinja_pages import PRIVATE
from shared.observability import count, logger, metrics
from shared.usecases.open_application import (
    act_on_application,
    export_application,
    open_application,
)
from shared.usecases.review_applications import NotFound

app = pages()
_LARGEST_FORM = 1024
_ACTS = ("withdraw", "accept", "decline", "erase")


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/my-application/<token>")
def mine(token: str) -> Response[str]:
    """The page. Opening it changes nothing."""
    opened = open_application(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        now=wiring.now(),
    )
    if isinstance(opened, NotFound):
        return not_found()
    return page(200, page_wiring.scholarship_pages().my_application(opened))


@app.post("/my-application/<token>")
def act(token: str) -> Response[str]:
    """Accept, decline, withdraw or erase, if it may be done now."""
    body = app.current_event.decoded_body or ""
    asked = parse_qs(body[:_LARGEST_FORM]).get("act", [""])[0]
    done = act_on_application(
        token,
        asked,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        codes=wiring.promotion_codes(),
        now=wiring.now(),
    )
    if isinstance(done, NotFound):
        return not_found()
    html = page_wiring.scholarship_pages().my_application(done)
    if not done.problem:
        count("ApplicationActDone")
        return page(200, html)
    count("ApplicationActRefused")
    return page(409 if asked in _ACTS else 422, html)


@app.get("/my-application/<token>/export")
def export(token: str) -> Response[str]:
    """Everything that is kept of it, for whoever sent it."""
    kept = export_application(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        now=wiring.now(),
    )
    if isinstance(kept, NotFound):
        return not_found()
    told = json.dumps(kept, ensure_ascii=False, indent=2, default=str)
    attached = {"Content-Disposition": 'attachment; filename="my-application.json"'}
    return Response(200, "application/json; charset=utf-8", told, {**PRIVATE, **attached})
