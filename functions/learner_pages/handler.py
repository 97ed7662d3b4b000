"""What learners and the public open: recording, certificate page, the holder's own page."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import not_found, page
from functions.learner_pages import compare_document, my_certificate, watch
from shared import page_wiring, wiring
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.open_pages import NotFound, show_certificate

app = APIGatewayRestResolver()
app.include_router(compare_document.routes)
app.include_router(my_certificate.routes)
app.include_router(watch.routes)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def open(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:  # noqa: A001
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/certificates/<public_id>")
def certificate(public_id: str) -> Response[str]:
    """The public page of a certificate."""
    shown = show_certificate(public_id, records=wiring.records())
    if isinstance(shown, NotFound):
        return not_found()
    return page(200, page_wiring.pages().certificate(shown.certificate, shown.catalogue))


@app.not_found
def nothing_here(_: Exception) -> Response[str]:
    """Any other address."""
    return not_found()


@app.exception_handler(Exception)  # type: ignore[untyped-decorator]
def trouble(error: Exception) -> Response[str]:
    """Our fault: say so, and say no more."""
    log_failure("A page could not be opened", error)
    count("PageTrouble")
    return page(503, page_wiring.pages().trouble())
