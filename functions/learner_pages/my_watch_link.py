"""A new link to a recording, asked for on a person's own page: earlier ones open nothing then."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.learner_pages.own_page import form, no_such_page
from shared import wiring
from shared.adapters.jinja_pages import PRIVATE
from shared.domain.watch_links import HOLDER
from shared.observability import count
from shared.usecases.open_my_page import holder_of
from shared.usecases.replace_watch_link import replace_watch_link
from shared.usecases.revoke_certificate import NothingToChange

routes = Router()  # type: ignore[no-untyped-call]


@routes.post("/me/<token>/watch/<session>")
def ask_for_new_link(token: str, session: str) -> Response[str]:
    """Replace the link that the page showed, and go back to the page, which shows the new one."""
    records, now = wiring.records(), wiring.now()
    person = holder_of(token, keys=wiring.identity_keys(), records=records, now=now)
    shown = form(routes).get("instead_of", "")
    if person is None or not (shown.isascii() and shown.isdecimal()):
        return no_such_page(routes)
    try:
        replace_watch_link(
            session, person.learner, by=HOLDER, why="They asked for it on their own page.",
            instead_of=int(shown[:9]), records=records, now=now,
        )  # fmt: skip
    except NothingToChange:
        return no_such_page(routes)
    count("WatchLinkReplaced")
    back = f"../../{token}#session-{session}"
    return Response(303, body="", headers={**PRIVATE, "Location": back})
