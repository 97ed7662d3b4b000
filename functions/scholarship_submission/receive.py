"""The scholarship form: shown, and taken in. Signed messages of a form tool come here, too.

What was written passes through here into one table, and into nothing else: no log, no metric.
"""

import json
import secrets
import time
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.scholarship_submission import reading
from functions.scholarship_submission.reading import Event, TooLarge, WrongKind
from functions.scholarship_submission.storing import StillStoring, limit_an_hour, store
from shared import page_wiring, wiring
from shared.adapters.gateway_requests import header
from shared.adapters.jinja_pages import PRIVATE, content_security_policy
from shared.domain.catalogue import Catalogue
from shared.domain.scholarship_views import FormView, ReceivedView
from shared.domain.sessions import Series
from shared.observability import count, log_failure, logger, metrics
from shared.usecases.submit_application import (
    FormUsed,
    NoRound,
    Ready,
    RoundClosed,
    RoundIsClosed,
    TooMany,
    check_form,
    check_message,
    open_form,
)

_SECRET_KEPT = 300
_LONGEST_MESSAGE_ID = 256
# A form tool passes on what many people wrote, all from its own address.
_OF_A_FORM_TOOL = 50
_kept: dict[str, tuple[float, list[str]]] = {}

Answer = dict[str, Any]


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: Event, context: LambdaContext) -> Answer:
    """Show the form, or take it in. Whatever goes wrong, the sender is told and has a way on."""
    try:
        if event.get("httpMethod") != "POST":
            return _show((event.get("pathParameters") or {}).get("series") or "")
        if reading.media_type(event) == reading.MESSAGE:
            return _take_message(event, context)
        return _take_form(event, context)
    except Exception as error:  # noqa: BLE001 - our fault; the sender is told so and no more
        log_failure("A scholarship form could not be taken", error)
        count("ApplicationTrouble")
        if reading.media_type(event) == reading.MESSAGE:
            return _json(503, {"message": "We could not store it. Please send it again."})
        return _page(503, page_wiring.pages().trouble())


def _show(series: str) -> Answer:
    pages = page_wiring.scholarship_pages()
    if len(series) > reading.LONGEST_ID:
        return _page(404, pages.no_round())
    opened = open_form(
        series,
        records=wiring.records(),
        key=wiring.identity_keys()[0],
        nonce=_nonce(),
        now=wiring.now(),
    )
    match opened:
        case FormView():
            return _page(200, pages.form(opened))
        case RoundClosed(catalogue):
            return _page(410, pages.round_closed(catalogue))
        case NoRound():
            return _page(404, pages.no_round())


def _take_form(event: Event, context: LambdaContext) -> Answer:
    pages = page_wiring.scholarship_pages()
    try:
        fields = reading.fields_of(reading.raw_body(event))
    except TooLarge:
        return _refused(413, pages.too_large())
    except WrongKind:
        return _refused(415, pages.wrong_kind())
    checked = check_form(
        fields,
        records=wiring.records(),
        keys=wiring.identity_keys(),
        nonce=_nonce(),
        now=wiring.now(),
    )
    match checked:
        case FormView():
            return _refused(422, pages.form(checked, posted=True))
        case RoundClosed(catalogue):
            return _refused(410, pages.round_closed(catalogue))
        case NoRound():
            return _refused(404, pages.no_round())
        case Ready():
            return _store_form(checked, event, context)


def _store_form(ready: Ready, event: Event, context: LambdaContext) -> Answer:
    pages, catalogue = page_wiring.scholarship_pages(), _catalogue(ready.series)
    try:
        receipt = store(ready, reading.sent_from(event), limit_an_hour(), context)
    except TooMany:
        return _refused(429, pages.too_many(catalogue), {"Retry-After": "3600"})
    except FormUsed as used:
        return _refused(409, pages.form_used(catalogue, used.reference))
    except StillStoring:
        return _refused(409, pages.still_storing(catalogue))
    except RoundIsClosed:
        return _refused(410, pages.round_closed(catalogue))
    view = ReceivedView(catalogue=catalogue, reference=receipt.reference, late=receipt.late)
    return _page(201, pages.received(view))


def _take_message(event: Event, context: LambdaContext) -> Answer:
    """What an institute's own form tool signed. It is told in JSON, and sends again on its own."""
    try:
        body = reading.raw_body(event)
        message_id = _signed_as(body, event)
        if message_id is None:
            return _refused_json(400, "The signature does not fit.")
        data = reading.data_of(body)
    except TooLarge:
        return _refused_json(413, "The message is over 32 KiB.")
    except WrongKind:
        return _refused_json(415, "This is not a message that we can read.")
    checked = check_message(data, message_id, records=wiring.records())
    match checked:
        case Ready():
            return _store_message(checked, event, context)
        case RoundClosed():
            return _refused_json(410, "The round is closed.")
        case NoRound():
            return _refused_json(404, "No such series awards scholarships.")
        case problems:
            count("ApplicationRefused")
            told = [{"field": one.field, "text": one.text} for one in problems]
            return _json(422, {"problems": told})


def _store_message(ready: Ready, event: Event, context: LambdaContext) -> Answer:
    limit = _OF_A_FORM_TOOL * limit_an_hour()
    try:
        receipt = store(ready, f"tool.{reading.sent_from(event)}", limit, context)
    except TooMany:
        return _refused_json(429, "This is more than we take at once.", {"Retry-After": "3600"})
    except FormUsed:
        return _refused_json(409, "Another application was sent under this message id.")
    except StillStoring:
        return _refused_json(409, "This message is being stored at this moment.")
    except RoundIsClosed:
        return _refused_json(410, "The round is closed.")
    return _json(201, {"reference": receipt.reference})


def _catalogue(series: str) -> Catalogue:
    kept = wiring.records().get(Series.key_of(series), Series)
    assert kept is not None  # noqa: S101 - the form was just checked against it
    return kept.catalogue


def _signed_as(body: bytes, event: Event) -> str | None:
    """The id under which the form tool signed it, just now; None if it did not."""
    from shared.adapters.standard_webhook import is_signed

    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    told = {name: header(event, name) for name in names}
    if not all(told.values()) or len(told["webhook-id"]) > _LONGEST_MESSAGE_ID:
        return None
    return told["webhook-id"] if is_signed(body, told, _form_tool_secrets()) else None


def _form_tool_secrets() -> list[str]:
    """Every secret the tool may sign with now; asked for once in five minutes."""
    kept = _kept.get("secrets")
    if kept is None or time.monotonic() - kept[0] > _SECRET_KEPT:
        kept = time.monotonic(), wiring.form_tool_secrets()
        if kept[1]:
            _kept["secrets"] = kept
    return kept[1]


def _nonce() -> str:
    return secrets.token_urlsafe(16)


def _refused(status: int, html: str, headers: dict[str, str] | None = None) -> Answer:
    count("ApplicationRefused")
    logger.info("Scholarship form refused", extra={"status": status})
    return _page(status, html, headers)


def _refused_json(status: int, why: str, headers: dict[str, str] | None = None) -> Answer:
    count("ApplicationRefused")
    logger.info("Scholarship message refused: %s", why, extra={"status": status})
    return _json(status, {"message": why}, headers)


def _page(status: int, html: str, headers: dict[str, str] | None = None) -> Answer:
    csp = {"Content-Security-Policy": content_security_policy(html)}
    kind = {"Content-Type": "text/html; charset=utf-8"}
    return {"statusCode": status, "headers": PRIVATE | kind | csp | (headers or {}), "body": html}


def _json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> Answer:
    kind = {"Content-Type": "application/json"}
    told = json.dumps(body)
    return {"statusCode": status, "headers": PRIVATE | kind | (headers or {}), "body": told}
