"""A person's transcript of one series as a document.

A function of its own, because it carries the typesetter.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import page, pages
from functions.learner_pages.own_page import no_such_page, top
from shared import wiring
from shared.adapters.jinja_pages import PRIVATE
from shared.adapters.jinja_transcript import transcript_page
from shared.observability import count, logger, metrics
from shared.usecases.print_transcript import Document, NotDrawn, print_transcript

app: APIGatewayRestResolver = pages(lambda: no_such_page(app))


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Lead to the document. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/me/<token>/transcript/<series>/pdf")
def document(token: str, series: str) -> Response[str]:
    """Print it as it stands, and lead there."""
    from shared.adapters.typst_transcripts import transcript_pdf

    printed = print_transcript(
        token,
        series,
        typeset=transcript_pdf,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        documents=wiring.documents(),
        now=wiring.now(),
    )
    match printed:
        case Document(url):
            count("TranscriptPrinted")
            return Response(302, body="", headers={**PRIVATE, "Location": url})
        case NotDrawn(transcript):
            count("TranscriptNotDrawn")
            html = transcript_page(transcript, f"{top(app)}me/{token}", drawn=False)
            return page(422, html)
    return no_such_page(app)
