"""How somebody is called, and where their letters go: forms on their own page."""

import secrets

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import page
from functions.learner_pages.own_page import form, no_such_page, sent_from
from shared import page_wiring, wiring
from shared.domain.my_page import AddressView, NameView
from shared.observability import count
from shared.usecases.change_mine import (
    ask_another_address,
    open_address,
    open_name,
    put_name_right,
)
from shared.usecases.count_sent import TooMany
from shared.usecases.open_pages import NotFound

routes = Router()  # type: ignore[no-untyped-call]


@routes.get("/me/<token>/name")
def name(token: str) -> Response[str]:
    """The form, with the name we know."""
    return _name(
        open_name(token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now())
    )


@routes.post("/me/<token>/name")
def put_right(token: str) -> Response[str]:
    """Call them so from now on."""
    shown = put_name_right(
        token,
        form(routes).get("name", ""),
        keys=wiring.identity_keys(),
        records=wiring.records(),
        now=wiring.now(),
    )
    if isinstance(shown, NameView) and shown.saved:
        count("NamePutRight")
    return _name(shown)


@routes.get("/me/<token>/address")
def address(token: str) -> Response[str]:
    """The form, with the address we know, masked."""
    return _address(
        open_address(token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now())
    )


@routes.post("/me/<token>/address")
def ask_both(token: str) -> Response[str]:
    """Write to both addresses; nothing changes before both have answered."""
    try:
        shown = ask_another_address(
            token,
            form(routes).get("address", ""),
            sent_from(routes),
            keys=wiring.identity_keys(),
            records=wiring.records(),
            change_id=lambda: secrets.token_hex(8),
            now=wiring.now(),
        )
    except TooMany:
        count("AddressChangeRefused")
        return page(429, page_wiring.mail_pages().too_often())
    if isinstance(shown, AddressView) and shown.asked:
        count("AddressChangeAsked")
    return _address(shown)


def _name(view: NameView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    return page(422 if view.problem else 200, page_wiring.my_pages().name(view))


def _address(view: AddressView | NotFound) -> Response[str]:
    if isinstance(view, NotFound):
        return no_such_page(routes)
    return page(422 if view.problem else 200, page_wiring.my_pages().address(view))
