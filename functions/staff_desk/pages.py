"""Every page of the desk that is only looked at. What can be done from one is in `acts`.

Each page is a module with routes of its own, and is included here.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.staff_desk import person, search, series, session, today
from functions.staff_desk.desk import desk
from shared.observability import logger, metrics

app: APIGatewayRestResolver = desk()
for part in (today, session, series, person, search):
    app.include_router(part.routes)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)
