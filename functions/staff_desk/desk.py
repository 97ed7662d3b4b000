"""How the desk answers: its pages and acts, and one page for whoever is not let in."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response

from functions.answers import page, pages
from functions.learner_pages.own_page import top
from functions.staff_desk.again import NOTHING, Again, again
from functions.staff_desk.who import (
    Closed,
    NotFromHere,
    OfBefore,
    Routes,
    Strange,
    back,
    once,
    staff,
)
from shared import desk_wiring
from shared.adapters.jinja_desk import closed_page, desk_page, plain_page
from shared.domain.staff import Staff
from shared.observability import count


def desk() -> APIGatewayRestResolver:
    """A set of routes of the desk, with an answer to whatever may go wrong."""
    app = pages(lambda: closed(app))

    @app.exception_handler(Closed)  # type: ignore[untyped-decorator]
    def shut(_: Closed) -> Response[str]:
        count("StaffTurnedAway")
        return closed(app)

    @app.exception_handler(NotFromHere)  # type: ignore[untyped-decorator]
    def strange(_: NotFromHere) -> Response[str]:
        count("StaffFormRefused")
        return _framed(page(403, plain_page("desk_not_from_here", top=top(app))))

    @app.exception_handler(Strange)  # type: ignore[untyped-decorator]
    def too_much(error: Strange) -> Response[str]:
        count("StaffActRefused")
        return refused(app, error.by, 422, str(error), error.back_to)

    @app.exception_handler(OfBefore)  # type: ignore[untyped-decorator]
    def of_before(form: OfBefore) -> Response[str]:
        count("StaffFormOfBefore")
        asks = staff(app, "see what waits")
        what = app.current_event.path.rpartition("/")[2].replace("-", " ")
        return show(app, "desk_of_before", asks, 403, what=what, form=again(form.sent))

    return app


def show(
    routes: Routes, template: str, asks: Staff, status: int = 200, sends_to: str = "", **view: Any
) -> Response[str]:
    """The page of that template, for whoever asks. It may send files to one place of ours."""
    html = desk_page(template, asks, once(routes), top(routes), **view)
    return _framed(page(status, html, sends_to=sends_to))


def refused(
    routes: Routes, asks: Staff, status: int, why: str, back_to: str, form: Again = NOTHING
) -> Response[str]:
    """Nothing was done: why, what they wrote, and the way back.

    What was typed can be put right and sent from there, if something was lacking or may be wrong.
    """
    lacks = bool(form.typed) and (status == 422 or form.can_be_put_right)
    return show(routes, "desk_refused", asks, status, why=why, back=back_to, form=form, lacks=lacks)


def done(routes: Routes, sent: dict[str, str]) -> Response[str]:
    """An act was done: on to where it was asked for."""
    return to(f"{top(routes)}{back(sent)[1:]}")


def to(address: str) -> Response[str]:
    """On to another address, which is asked for by itself."""
    return Response(303, "text/plain; charset=utf-8", "", {"Location": address, **_NO_COPY})


def closed(routes: Routes) -> Response[str]:
    """The one answer to everybody who is not let in: the API gives the same."""
    html = closed_page(f"{top_of_all(routes)}/staff/sign-in")
    # What the API can say of it is less than what a page of ours says, and both must be alike.
    return Response(CLOSED_STATUS, "text/html; charset=utf-8", html, dict(CLOSED_HEADERS))


def top_of_all(routes: Routes) -> str:
    """The address of the top of all pages, from the root of the host, as the template has it."""
    asked = routes.current_event.raw_event["requestContext"]
    if desk_wiring.own_address():
        return desk_wiring.own_address()
    of_stage = f"/{asked['stage']}"
    return f"/_aws/execute-api/{asked['apiId']}{of_stage}" if desk_wiring.is_local() else of_stage


def _framed(answer: Response[str]) -> Response[str]:
    """Nobody may frame it, and a form tells its own host where it was."""
    answer.headers |= {"X-Frame-Options": "DENY", "Referrer-Policy": "same-origin"}
    return answer


_NO_COPY = {"Cache-Control": "no-store"}
CLOSED_STATUS = 403
CLOSED_HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Where somebody wanted to go is told to our own host, which leads there after they signed in.
    "Referrer-Policy": "same-origin",
}
