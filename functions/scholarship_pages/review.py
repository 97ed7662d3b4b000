"""What reviewers open: their list, one application, and the vote they cast there.

Mail scanners open links, so opening changes nothing; a vote is a form that is posted.
"""

from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import not_found, page, pages
from shared import page_wiring, wiring
from shared.domain.scholarship_views import ReviewView
from shared.observability import count, logger, metrics
from shared.usecases.review_applications import (
    LinkExpired,
    NotFound,
    Refused,
    cast_vote,
    open_one,
    open_review,
)

app = pages()
_LARGEST_FORM = 4096


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/review/<token>")
def all_of_them(token: str) -> Response[str]:
    """The reviewer's list."""
    opened = open_review(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        now=wiring.now(),
    )
    if isinstance(opened, NotFound | LinkExpired):
        return _closed(opened)
    return page(200, page_wiring.scholarship_pages().review_list(opened))


@app.get("/review/<token>/<reference>")
def one(token: str, reference: str) -> Response[str]:
    """One application, as far as this reviewer may see it."""
    opened = open_one(
        token,
        reference,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        now=wiring.now(),
    )
    return _shown(opened)


@app.post("/review/<token>/<reference>")
def vote(token: str, reference: str) -> Response[str]:
    """Cast the vote in the form, once."""
    body = app.current_event.decoded_body or ""
    cast = cast_vote(
        token,
        reference,
        parse_qs(body) if len(body) <= _LARGEST_FORM else {},
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        resume=wiring.resume,
        now=wiring.now(),
    )
    if isinstance(cast, ReviewView):
        count("VoteCast")
    else:
        count("VoteRefused")
    return _shown(cast)


def _shown(opened: ReviewView | Refused | LinkExpired | NotFound) -> Response[str]:
    match opened:
        case ReviewView():
            return page(200, page_wiring.scholarship_pages().review(opened))
        case Refused(status, view):
            return page(status, page_wiring.scholarship_pages().review(view))
        case _:
            return _closed(opened)


def _closed(opened: LinkExpired | NotFound) -> Response[str]:
    if isinstance(opened, LinkExpired):
        return page(410, page_wiring.scholarship_pages().link_expired())
    return not_found()
