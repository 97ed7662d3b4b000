"""What staff do about a session: close it now, or have everybody in it decided again."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.doing import Asked
from shared import wiring
from shared.usecases.close_by_hand import CannotBeClosed, close_by_hand

routes = Router()  # type: ignore[no-untyped-call]


@routes.post("/staff/acts/close-session")
def close() -> Response[str]:
    """Have everybody in it decided on what is known by now."""
    asked = Asked(routes, "rule on people")
    session = asked.said("session")

    def deed() -> None:
        close_by_hand(
            session,
            records=wiring.records(),
            workflows=wiring.close_machine(),
            now=wiring.now(),
        )

    return asked.do("close-session", (session,), deed, CannotBeClosed)
