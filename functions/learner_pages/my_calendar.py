"""A session as a file for a calendar, below a person's own page. Asking for it changes nothing."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.learner_pages.own_page import no_such_page
from shared import wiring
from shared.adapters.calendar_entries import calendar, sequence_at
from shared.adapters.jinja_pages import PRIVATE
from shared.usecases.open_calendar import open_calendar
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/calendar/<session>")
def entry(token: str, session: str) -> Response[str]:
    """The file. The same seat is the same entry, also beside the one that came by letter."""
    now = wiring.now()
    found = open_calendar(
        token, session, keys=wiring.identity_keys(), records=wiring.records(), now=now
    )
    if isinstance(found, NotFound):
        return no_such_page(routes)
    content = calendar(
        found.institute,
        [found.session],
        found.learner,
        now,
        sequence=sequence_at(now),
        links={session: found.link},
    )
    named = {"Content-Disposition": f'attachment; filename="{session}.ics"'}
    return Response(
        200, "text/calendar; charset=utf-8", content.decode(), headers={**PRIVATE, **named}
    )
