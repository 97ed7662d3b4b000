"""Giving classes back from one's own page: the quote first, then one request."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import page, pages
from functions.learner_pages.own_page import fields, no_such_page, top
from shared import page_wiring, wiring
from shared.observability import count, logger, metrics
from shared.usecases.ask_refund import NOTHING_CHOSEN, ask_refund, open_refund
from shared.usecases.open_pages import NotFound

app: APIGatewayRestResolver = pages(lambda: no_such_page(app))


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/me/<token>/refund/<order>")
def quote(token: str, order: str) -> Response[str]:
    """What each class brings back, or the chosen ones once more. Opening it changes nothing."""
    asked = app.current_event.multi_value_query_string_parameters
    opened = open_refund(
        token,
        order,
        asked.get("class", []),
        keys=wiring.identity_keys(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if isinstance(opened, NotFound):
        return no_such_page(app)
    if opened.step == "choose" and "on" in asked:
        opened = opened.model_copy(update={"problem": NOTHING_CHOSEN})
    return page(200, page_wiring.refund_pages().refund(opened, _back(token)))


@app.post("/me/<token>/refund/<order>")
def ask(token: str, order: str) -> Response[str]:
    """Ask for what was shown; whatever has changed since is shown again instead."""
    sent = fields(app)
    asked = ask_refund(
        token,
        order,
        sent.get("class", []),
        sent.get("quote", [""])[0],
        sent.get("note", [""])[0],
        keys=wiring.identity_keys(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if isinstance(asked, NotFound):
        return no_such_page(app)
    html = page_wiring.refund_pages().refund(asked, _back(token))
    if asked.step == "asked":
        count("RefundAsked")
        return page(200, html)
    count("RefundAskedInVain")
    return page(409 if asked.chosen else 422, html)


def _back(token: str) -> str:
    return f"{top(app)}me/{token}"
