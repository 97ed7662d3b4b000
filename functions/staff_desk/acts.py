"""Everything that is done from a page of the desk and changes a record: a form that is posted.

Acts of one kind are a module with routes of their own, and are included here.
"""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.staff_desk import act_money, act_people, act_person, act_session, act_things
from functions.staff_desk.desk import desk
from shared.observability import logger, metrics

app: APIGatewayRestResolver = desk()
for part in (act_money, act_people, act_things, act_session, act_person):
    app.include_router(part.routes)


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Do it, and go back to where it was asked for; or say why it was not done."""
    return app.resolve(event, context)
