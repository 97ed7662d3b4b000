"""A person's own page, from which everything of theirs is reached, and a fresh link to it.

Other pages below `/me/{token}/…` are routes of modules of their own; each is included here.
"""

from functools import partial
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import page, pages
from functions.learner_pages import (
    my_appeal,
    my_calendar,
    my_contact,
    my_erasure,
    my_evaluation,
    my_make_up,
    my_particulars,
    my_transcript,
    my_watch_link,
    my_zone,
)
from functions.learner_pages.own_page import form, no_such_page, top
from shared import page_wiring, wiring
from shared.domain.my_page import LinkWantedView
from shared.observability import count, logger, metrics
from shared.usecases.count_sent import TooMany
from shared.usecases.open_my_page import open_my_page
from shared.usecases.open_pages import NotFound
from shared.usecases.send_my_page_link import send_my_page_link

app: APIGatewayRestResolver = pages(lambda: no_such_page(app))
_PARTS = (
    *(my_appeal, my_calendar, my_contact, my_erasure, my_evaluation, my_make_up),
    *(my_particulars, my_transcript, my_watch_link, my_zone),
)
for part in _PARTS:
    app.include_router(part.routes)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/me")
def link_wanted() -> Response[str]:
    """The form that asks for a fresh link."""
    return page(200, page_wiring.my_pages().link_wanted(LinkWantedView()))


@app.post("/me")
def send_link() -> Response[str]:
    """Send a fresh link to the address we know; the answer is the same for any address."""
    words = page_wiring.my_pages()
    address = form(app).get("address", "")
    try:
        taken = send_my_page_link(
            address,
            app.current_event.request_context.identity.source_ip or "",
            records=wiring.records(),
            key=wiring.identity_keys()[0],
            now=wiring.now(),
        )
    except TooMany:
        count("MyPageLinkRefused")
        return page(429, words.link_too_often())
    if not taken:
        problem = "Could you look at the address once more? It needs an @ and a place."
        return page(422, words.link_wanted(LinkWantedView(address=address, problem=problem)))
    count("MyPageLinkAsked")
    return page(200, words.link_sent())


@app.get("/me/<token>")
def mine(token: str) -> Response[str]:
    """The page. Opening it changes nothing."""
    opened = open_my_page(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        link=partial(page_wiring.page_path, top(app)),
        now=wiring.now(),
    )
    if isinstance(opened, NotFound):
        return no_such_page(app)
    return page(200, page_wiring.my_pages().my_page(opened))
