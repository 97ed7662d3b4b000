"""The watch page, the files it plays and its captions: the right is decided again at each."""

from collections.abc import Callable
from datetime import timedelta

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import top
from shared import page_wiring, settings, wiring
from shared.adapters.jinja_pages import PRIVATE
from shared.adapters.jinja_watch_page import absent_page, watch_page
from shared.observability import count
from shared.usecases.count_opening import count_opening
from shared.usecases.open_pages import NoAccess, NotFound
from shared.usecases.open_recording import (
    Allowed,
    open_captions,
    open_media,
    open_watch_page,
    who_may_watch,
)

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/watch/<token>")
def watch(token: str) -> Response[str]:
    """The page with the player; `play` says which file, where there are several."""
    wish = routes.current_event.get_query_string_value("play", "") or ""

    def open_it(allowed: Allowed) -> Response[str]:
        view = open_watch_page(token, wish, allowed, uploads=wiring.uploads())
        if isinstance(view, NotFound):
            return _absent()
        count("WatchPageOpened")
        _count(allowed, fetched=False)
        return page(200, watch_page(view, f"{top(routes)}me"), view.media_origin)

    return _if_allowed(token, open_it)


@routes.get("/watch/<token>/media/<role>")
def media(token: str, role: str) -> Response[str]:
    """Lead the player on to the file, by an address that lives minutes."""
    lasts = timedelta(seconds=settings.read(settings.WatchSettings).media_link_seconds)

    def lead_on(allowed: Allowed) -> Response[str]:
        opened = open_media(role, allowed, uploads=wiring.uploads(), lasts=lasts)
        if isinstance(opened, NotFound):
            return _absent()
        count("RecordingOpened")
        _count(allowed, fetched=True)
        return Response(302, body="", headers={**PRIVATE, "Location": opened.url})

    return _if_allowed(token, lead_on)


@routes.get("/watch/<token>/captions/<language>")
def captions(token: str, language: str) -> Response[str]:
    """Captions, from the page's own place: a browser takes them from nowhere else."""

    def read_out(allowed: Allowed) -> Response[str]:
        opened = open_captions(language, allowed, uploads=wiring.uploads())
        if isinstance(opened, NotFound):
            return _absent()
        text = opened.content.decode("utf-8", "replace")
        return Response(200, "text/vtt; charset=utf-8", text, {**PRIVATE})

    return _if_allowed(token, read_out)


def _if_allowed(token: str, then: Callable[[Allowed], Response[str]]) -> Response[str]:
    allowed = who_may_watch(
        token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    match allowed:
        case Allowed():
            return then(allowed)
        case NoAccess(decision, catalogue, title):
            count("RecordingRefused")
            return page(403, page_wiring.pages().no_access(decision, catalogue, title))
        case NotFound():
            return _absent()


def _count(allowed: Allowed, *, fetched: bool) -> None:
    counted = count_opening(
        allowed,
        routes.current_event["requestContext"]["identity"].get("sourceIp") or "",
        fetched=fetched,
        records=wiring.records(),
        key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    if not counted:
        count("OpeningNotCounted")


def _absent() -> Response[str]:
    """The one answer to a token that is made up, over, of something else, or replaced."""
    return page(404, absent_page(f"{top(routes)}me"))
