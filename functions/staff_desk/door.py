"""The way in and out: to the user pool's own page, back with a code, and out in both places."""

import hmac
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import page
from functions.learner_pages.own_page import form, top
from functions.staff_desk import cookies
from functions.staff_desk.desk import closed, desk, to
from functions.staff_desk.who import NotFromHere, back, came_from, is_from_here
from shared import desk_wiring, wiring
from shared.adapters.jinja_desk import plain_page
from shared.domain.staff import begins_at
from shared.domain.staff_sessions import once_of
from shared.observability import count, logger, metrics
from shared.usecases.sign_in import begin_sign_in, finish_sign_in, open_session, sign_out

app: APIGatewayRestResolver = desk()


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Let somebody in or out. Whatever goes wrong, they get a page and a way on."""
    return app.resolve(event, context)


@app.get("/staff/sign-in")
def sign_in() -> Response[str]:
    """On to the page of the user pool; only this browser can come back from it."""
    begun = begin_sign_in(sign_in=desk_wiring.sign_in())
    answer = to(begun.address)
    wanted = came_from(app.current_event.raw_event)
    answer.cookies = [
        cookies.sign_in_cookie(begun.secret),
        cookies.wanted_cookie(wanted) if wanted else cookies.nothing_wanted(),
    ]
    return answer


@app.get("/staff/signed-in")
def signed_in() -> Response[str]:
    """Back from there: a session, or the page for whoever is not let in.

    Who was turned away from a page of the desk is led to it now.
    """
    asked = app.current_event
    secret = finish_sign_in(
        cookies.sign_in_of(asked.raw_event),
        asked.get_query_string_value("state", "") or "",
        asked.get_query_string_value("code", "") or "",
        sign_in=desk_wiring.sign_in(),
        sessions=desk_wiring.sessions(),
        now=wiring.now(),
    )
    if secret is None:
        count("StaffTurnedAway")
        return closed(app)
    count("StaffSignedIn")
    # A session that this browser had before is over: a shared machine has one person at a time.
    sign_out(cookies.session_of(asked.raw_event), sessions=desk_wiring.sessions())
    opened = open_session(secret, sessions=desk_wiring.sessions(), now=wiring.now())
    wanted = cookies.wanted_of(asked.raw_event)
    if opened is not None and wanted in ("", "/staff"):
        wanted = begins_at(opened.session.roles)
    answer = to(f"{top(app)}{back({'back': wanted})[1:]}")
    answer.cookies = [
        cookies.session_cookie(secret),
        cookies.no_sign_in(),
        cookies.nothing_wanted(),
    ]
    return answer


@app.post("/staff/sign-out")
def leave() -> Response[str]:
    """Out, here and at the user pool; a session that is over is as good as none."""
    event = app.current_event.raw_event
    secret = cookies.session_of(event)
    opened = open_session(secret, sessions=desk_wiring.sessions(), now=wiring.now())
    if opened is None:
        return closed(app)
    sent = form(app).get("once", "")
    if not is_from_here(event) or not hmac.compare_digest(sent.encode(), once_of(secret).encode()):
        raise NotFromHere
    sign_out(secret, sessions=desk_wiring.sessions())
    count("StaffSignedOut")
    answer = page(200, plain_page("desk_leaving", sign_out=desk_wiring.sign_in().leave()))
    # Led on rather than sent on: a page whose forms may lead nowhere else is where this began.
    answer.headers["Refresh"] = f"0;url={desk_wiring.sign_in().leave()}"
    answer.cookies = [cookies.no_session()]
    return answer


@app.get("/staff/signed-out")
def signed_out() -> Response[str]:
    """That they are out, and the way back in."""
    return page(200, plain_page("desk_signed_out", top=top(app)))
