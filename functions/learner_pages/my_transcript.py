"""A person's transcript of one series, below their own page."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import no_such_page, top
from shared import wiring
from shared.adapters.jinja_transcript import transcript_page
from shared.usecases.open_pages import NotFound
from shared.usecases.open_transcript import open_transcript

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/transcript/<series>")
def transcript(token: str, series: str) -> Response[str]:
    """What counts, what is missing, and until when."""
    found = open_transcript(
        token, series, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    if isinstance(found, NotFound):
        return no_such_page(routes)
    return page(200, transcript_page(found, f"{top(routes)}me/{token}"))
