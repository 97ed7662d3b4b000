"""Everything that is kept of a person, as a page to read and as a file to take along.

A function of its own: it alone of the pages reads applications and providers' events.
"""

import json
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import page, pages
from functions.learner_pages.own_page import no_such_page, top
from shared import wiring
from shared.adapters.jinja_my_export import export_page
from shared.adapters.jinja_pages import PRIVATE
from shared.observability import count, logger, metrics
from shared.usecases.export_person import export_person
from shared.usecases.open_pages import NotFound

app: APIGatewayRestResolver = pages(lambda: no_such_page(app))


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/me/<token>/export")
def readable(token: str) -> Response[str]:
    """The page. Opening it changes nothing."""
    told = _told(token)
    if isinstance(told, NotFound):
        return no_such_page(app)
    return page(200, export_page(told, f"{top(app)}me/{token}"))


@app.get("/me/<token>/export.json")
def file(token: str) -> Response[str]:
    """The same as a file."""
    told = _told(token)
    if isinstance(told, NotFound):
        return no_such_page(app)
    count("Exported")
    said = json.dumps(told, indent=2, ensure_ascii=False)
    named = {"Content-Disposition": 'attachment; filename="everything.json"'}
    return Response(200, "application/json; charset=utf-8", said, {**PRIVATE, **named})


def _told(token: str) -> dict[str, Any] | NotFound:
    return export_person(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        applications=wiring.applications(),
        raw_events=wiring.raw_events(),
        now=wiring.now(),
    )
