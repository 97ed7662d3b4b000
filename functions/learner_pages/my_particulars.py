"""What a person tells us of themselves: a form on their own page. Opening it changes nothing."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import fields, no_such_page
from shared import page_wiring, wiring
from shared.observability import count
from shared.usecases.open_pages import NotFound
from shared.usecases.tell_particulars import (
    ask_for_correction,
    open_particulars,
    tell_particulars,
)

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/particulars")
def particulars(token: str) -> Response[str]:
    """The form, with what was told before."""
    opened = open_particulars(
        token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    if isinstance(opened, NotFound):
        return no_such_page(routes)
    return page(200, page_wiring.my_pages().particulars(opened))


@routes.post("/me/<token>/particulars")
def tell(token: str) -> Response[str]:
    """Keep what was sent; or ask staff to correct what was printed before."""
    sent = fields(routes)
    keys, records, now = wiring.identity_keys(), wiring.records(), wiring.now()
    if "correct" in sent:
        shown = ask_for_correction(token, keys=keys, records=records, now=now)
    else:
        shown = tell_particulars(token, sent, keys=keys, records=records, now=now)
    if isinstance(shown, NotFound):
        return no_such_page(routes)
    if shown.saved:
        count("ParticularsTold")
    return page(422 if shown.problems else 200, page_wiring.my_pages().particulars(shown))
