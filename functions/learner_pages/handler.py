"""What learners and the public open: recording, certificate page, the holder's own page."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.learner_pages import compare_document, my_certificate
from shared import wiring
from shared.adapters.jinja_pages import PRIVATE, content_security_policy
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.open_pages import (
    Media,
    NoAccess,
    NotFound,
    open_watch_link,
    show_certificate,
)

app = APIGatewayRestResolver()
app.include_router(compare_document.routes)
app.include_router(my_certificate.routes)


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
