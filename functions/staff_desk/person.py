"""One person: what they see themselves, and everything that happened to them."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.staff_desk.absent import absent, as_file, plain
from functions.staff_desk.desk import show
from functions.staff_desk.who import staff
from shared import wiring
from shared.adapters.jinja_desk_person import person_words
from shared.domain.desk_person import PersonPage
from shared.domain.staff import may
from shared.usecases.list_desk import list_ledger, list_letters
from shared.usecases.look_at_person import look_at_person

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


@routes.get("/staff/people/<learner>/letters.csv")
def letters(learner: str) -> Response[str]:
    """Every letter to them, as a file."""
    asks = staff(routes, "see people")
    view = _looked_at(learner)
    return absent(routes, asks) if view is None else as_file(list_letters(view))


@routes.get("/staff/people/<learner>/ledger.csv")
def ledger(learner: str) -> Response[str]:
    """Everything that happened to them, as a file."""
    asks = staff(routes, "see people")
    view = _looked_at(learner)
    words = may(asks, "read what people wrote")
    return absent(routes, asks) if view is None else as_file(list_ledger(view, words=words))


def _looked_at(learner: str) -> PersonPage | None:
    return look_at_person(
        plain(learner), keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
