"""What learners and the public open: recording, certificate page, the holder's own page."""

from typing import Any
from urllib.parse import parse_qs

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.learner_pages import compare_document
from shared import wiring
from shared.adapters.jinja_pages import PRIVATE, content_security_policy
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.open_pages import (
    Media,
    NoAccess,
    NotFound,
    choose_name_shown,
    open_my_certificate,
    open_watch_link,
    show_certificate,
)

app = APIGatewayRestResolver()
app.include_router(compare_document.routes)
_LARGEST_FORM = 1024


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def open(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: A001
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/watch/<token>")
def watch(token: str) -> Response[str]:
    """Send the holder of a personal link to the recording, if they may watch it now."""
    opened = open_watch_link(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        uploads=wiring.uploads(),
        now=wiring.now(),
    )
    match opened:
        case Media(url):
            count("RecordingOpened")
            return _redirect(url)
        case NoAccess(decision, catalogue, title):
            count("RecordingRefused")
            return _page(403, wiring.pages().no_access(decision, catalogue, title))
        case NotFound():
            return _not_found()


@app.get("/certificates/<public_id>")
def certificate(public_id: str) -> Response[str]:
    """The public page of a certificate."""
    shown = show_certificate(public_id, records=wiring.records())
    if isinstance(shown, NotFound):
        return _not_found()
    return _page(200, wiring.pages().certificate(shown.certificate, shown.catalogue))


@app.get("/my-certificate/<token>")
def my_certificate(token: str) -> Response[str]:
    """The holder's own page."""
    shown = open_my_certificate(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        documents=wiring.documents(),
        now=wiring.now(),
    )
    if isinstance(shown, NotFound):
        return _not_found()
    page = wiring.pages().my_certificate(shown.certificate, shown.catalogue, shown.document)
    return _page(200, page)


@app.post("/my-certificate/<token>")
def choose(token: str) -> Response[str]:
    """Show or mask the name on the public page. Opening the link alone changes nothing."""
    body = app.current_event.decoded_body or ""
    wish = parse_qs(body[:_LARGEST_FORM]).get("show_name", [""])[0]
    if wish in ("yes", "no"):
        choose_name_shown(
            token,
            wish == "yes",
            keys=wiring.identity_keys(),
            records=wiring.records(),
            now=wiring.now(),
        )
    return my_certificate(token)


@app.not_found
def nothing_here(_: Exception) -> Response[str]:
    """Any other address."""
    return _not_found()


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def trouble(error: Exception) -> Response[str]:
    """Our fault: say so, and say no more."""
    log_failure("A page could not be opened", error)
    count("PageTrouble")
    return _page(503, wiring.pages().trouble())


def _not_found() -> Response[str]:
    return _page(404, wiring.pages().not_found())


def _redirect(url: str) -> Response[str]:
    return Response(302, body="", headers={**PRIVATE, "Location": url})


def _page(status: int, html: str) -> Response[str]:
    headers = {**PRIVATE, "Content-Security-Policy": content_security_policy(html)}
    return Response(status, "text/html; charset=utf-8", html, headers)
