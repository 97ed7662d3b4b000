"""One person: what they see themselves, and everything that happened to them."""

from collections.abc import Callable

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import absent, as_file, plain
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.adapters.jinja_desk_person import person_words
from shared.domain.desk_deeds import deed_of_parting
from shared.domain.desk_lists import Listed
from shared.domain.desk_page_lists import listed_held, listed_orders
from shared.domain.desk_person import PersonPage
from shared.domain.staff import may
from shared.usecases.list_desk import list_ledger, list_letters
from shared.usecases.look_at_person import look_at_person
from shared.usecases.quote_parting import quote_parting

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/staff/people/<learner>")
def one_person(learner: str) -> Response[str]:
    """The page."""
    asks = staff(routes, "see people")
    view = _looked_at(learner)
    if view is None:
        return absent(routes, asks)
    words = may(asks, "read what people wrote")
    return show(routes, "desk_person", asks, view=view, **person_words(view, words=words))


@routes.get("/staff/people/<learner>/apart")
def apart(learner: str) -> Response[str]:
    """What it would mean that this second address is another person's after all."""
    asks = staff(routes, "rule on people")
    quote = quote_parting(
        plain(learner),
        records=wiring.records(),
        identity_key=wiring.identity_keys()[0],
        now=wiring.now(),
    )
    if quote is None:
        return absent(routes, asks)
    return show(routes, "desk_apart", asks, view=quote, act=deed_of_parting(quote))


@routes.get("/staff/people/<learner>/<what>")
def lists(learner: str, what: str) -> Response[str]:
    """One of their lists as a file: sessions, orders, letters, everything that happened."""
    asks = staff(routes, "see money" if what == "orders.csv" else "see people")
    view = _looked_at(learner) if what in _LISTS else None
    words = may(asks, "read what people wrote")
    return absent(routes, asks) if view is None else as_file(_LISTS[what](view, words))


_LISTS: dict[str, Callable[[PersonPage, bool], Listed]] = {
    "sessions.csv": lambda view, words: listed_held(view, words=words),
    "orders.csv": lambda view, _: listed_orders(view),
    "letters.csv": lambda view, _: list_letters(view),
    "ledger.csv": lambda view, words: list_ledger(view, words=words),
}


def _looked_at(learner: str) -> PersonPage | None:
    return look_at_person(
        plain(learner), keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
