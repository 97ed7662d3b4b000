"""One session: what is ready, who has a seat, what happened and what will."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import absent, as_file, plain
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.domain.desk_deeds import deeds_of_session
from shared.domain.desk_lists import Listed
from shared.domain.desk_page_lists import listed_ready, listed_timeline
from shared.domain.hand_uploads import KINDS
from shared.domain.staff import What, may
from shared.usecases.list_desk import list_evaluations, list_for_accreditor, list_roster
from shared.usecases.look_at_session import look_at_session

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/staff/sessions/<session>")
def one_session(session: str) -> Response[str]:
    """The page. `from` is whom its roster begins behind."""
    asks = staff(routes, "see sessions")
    begins = plain(routes.current_event.get_query_string_value("from", "") or "")
    view = look_at_session(
        plain(session), begins=begins, records=wiring.records(), now=wiring.now()
    )
    if view is None:
        return absent(routes, asks)
    return show(
        routes,
        "desk_session",
        asks,
        view=view,
        words=may(asks, "read what people wrote"),
        acts=deeds_of_session(view.known, wiring.now()),
        uploads=[
            kind for kind in KINDS.values() if view.known.session.recorded or not kind.of_recording
        ],
    )


@routes.get("/staff/sessions/<session>/<what>")
def lists(session: str, what: str) -> Response[str]:
    """One of its lists as a file: the roster, what is ready, what happened and what will.

    Also what an accreditor is shown, and what people said of it: these are for coordinators.
    """
    asks = staff(routes, _FOR_WHOM.get(what, "see sessions"))
    listed = _listed(plain(session), what, words=may(asks, "read what people wrote"))
    return absent(routes, asks) if listed is None else as_file(listed)


_FOR_WHOM: dict[str, What] = {
    "roster.csv": "see people",
    "accreditor.csv": "read what people wrote",
    "evaluations.csv": "read what people wrote",
}


def _listed(session: str, what: str, *, words: bool) -> Listed | None:
    records, now = wiring.records(), wiring.now()
    match what:
        case "roster.csv":
            return list_roster(session, words=words, records=records, now=now)
        case "accreditor.csv":
            return list_for_accreditor(session, records=records)
        case "evaluations.csv":
            return list_evaluations(session, records=records, now=now)
    if what not in ("ready.csv", "timeline.csv"):
        return None
    view = look_at_session(session, records=records, now=now)
    if view is None:
        return None
    return listed_ready(view) if what == "ready.csv" else listed_timeline(view, words=words)
