"""Who comes to the staff desk: asked by the API before any of its functions runs."""

from typing import Any

from functions.staff_desk import cookies
from shared import desk_wiring, wiring
from shared.observability import count, logger, metrics
from shared.usecases.sign_in import Opened, open_session


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Let in whoever has a session that is open now. The API answers to everybody else.

    What each may do there is for the functions to say, by their parts.
    """
    opened = open_session(
        cookies.session_of(event), sessions=desk_wiring.sessions(), now=wiring.now()
    )
    if opened is None:
        count("StaffTurnedAway")
    return {
        # An id, for those who read what API Gateway writes down; never an address.
        "principalId": opened.session.id[:16] if opened else "nobody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow" if opened else "Deny",
                    "Resource": event["methodArn"],
                }
            ],
        },
        "context": _told(opened) if opened else {},
    }


def _told(opened: Opened) -> dict[str, str]:
    return {
        "name": opened.session.name,
        "roles": ",".join(sorted(opened.session.roles)),
        "once": opened.once,
    }
