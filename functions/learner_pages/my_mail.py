"""What a person says of the letters they get: no more reminders, or another address."""

import secrets
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import not_found, page, pages
from functions.learner_pages.own_page import form
from shared import page_wiring, wiring
from shared.domain.links import read
from shared.observability import count, logger, metrics
from shared.usecases.correct_address import (
    ask_for_change,
    confirm_change,
    open_change,
    stop_announcements,
)
from shared.usecases.count_sent import TooMany

app: APIGatewayRestResolver = pages()


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Open a page. Whatever goes wrong, the reader gets a page and a way on."""
    return app.resolve(event, context)


@app.get("/unsubscribe/<token>")
def ask_to_stop(token: str) -> Response[str]:
    """Programs that look into letters open links; only a click on the page stops anything."""
    if read("unsubscribe", token, wiring.identity_keys(), wiring.now()) is None:
        return not_found()
    return page(200, page_wiring.mail_pages().stop())


@app.post("/unsubscribe/<token>")
def stop(token: str) -> Response[str]:
    """Stop reminders: by the page, or by the one click that mail programs offer."""
    keys = wiring.identity_keys()
    stopped = stop_announcements(
        token, keys=keys, records=wiring.records(), key=keys[0], now=wiring.now()
    )
    if not stopped:
        return not_found()
    count("RemindersStopped")
    return page(200, page_wiring.mail_pages().stopped())


@app.get("/address")
def address_wanted() -> Response[str]:
    """The form for another address."""
    return page(200, page_wiring.mail_pages().address_wanted())


@app.post("/address")
def ask_new_address() -> Response[str]:
    """Write to the new address; the answer is the same for any reference."""
    words, sent = page_wiring.mail_pages(), form(app)
    reference, address = sent.get("reference", ""), sent.get("address", "")
    try:
        taken = ask_for_change(
            reference[:120],
            address,
            app.current_event.request_context.identity.source_ip or "",
            records=wiring.records(),
            key=wiring.identity_keys()[0],
            change_id=lambda: secrets.token_hex(8),
            now=wiring.now(),
        )
    except TooMany:
        count("AddressChangeRefused")
        return page(429, words.too_often())
    if not taken:
        problem = "Could you look at the address once more? It needs an @ and a place."
        return page(422, words.address_wanted(reference, address, problem))
    count("AddressChangeAsked")
    return page(200, words.address_asked())


@app.get("/address/<token>")
def confirm(token: str) -> Response[str]:
    """Show what is to be confirmed. Opening the link alone changes nothing."""
    opened = open_change(
        token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    if opened is None:
        return not_found()
    words = page_wiring.mail_pages()
    if opened.change.confirmed_at is not None:
        return page(200, words.address_confirmed(opened.change.address))
    return page(200, words.address_confirm(opened.change.address, leaves=opened.old))


@app.post("/address/<token>")
def confirmed(token: str) -> Response[str]:
    """One end says yes; once everybody who is asked has, the address counts."""
    opened = confirm_change(
        token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    if opened is None:
        return not_found()
    words = page_wiring.mail_pages()
    if opened.change.confirmed_at is None:
        return page(200, words.address_half_confirmed())
    count("AddressCorrected")
    return page(200, words.address_confirmed(opened.change.address))
