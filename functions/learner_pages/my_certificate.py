"""The page of whoever holds a certificate: fetch it, choose who sees the name, ask for more."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.answers import not_found, page
from functions.learner_pages.own_page import form
from shared import page_wiring, wiring
from shared.observability import count
from shared.usecases.open_pages import (
    NotFound,
    choose_name_shown,
    holders_certificate,
    open_my_certificate,
)
from shared.usecases.post_certificate_again import HOLDER, post_certificate_again
from shared.usecases.revoke_certificate import NothingToChange

routes = Router()  # type: ignore[no-untyped-call]
_SENT = "It is on its way to your address. It comes once an hour at most."


@routes.get("/my-certificate/<token>")
def mine(token: str, said: str = "") -> Response[str]:
    """The page. Opening it changes nothing."""
    shown = open_my_certificate(
        token,
        keys=wiring.identity_keys(),
        records=wiring.records(),
        documents=wiring.documents(),
        now=wiring.now(),
    )
    if isinstance(shown, NotFound):
        return not_found()
    html = page_wiring.pages().my_certificate(
        shown.certificate, shown.catalogue, shown.document, token=token, said=said
    )
    return page(200, html)


@routes.post("/my-certificate/<token>")
def wish(token: str) -> Response[str]:
    """One of two wishes: show or mask the name, send it again."""
    wanted = form(routes)
    if wanted.get("show_name") in ("yes", "no"):
        choose_name_shown(
            token,
            wanted["show_name"] == "yes",
            keys=wiring.identity_keys(),
            records=wiring.records(),
            now=wiring.now(),
        )
        return mine(token)
    if wanted.get("post_again") == "yes":
        return mine(token, _post_again(token))
    return mine(token)


def _post_again(token: str) -> str:
    records, now = wiring.records(), wiring.now()
    shown = holders_certificate(token, keys=wiring.identity_keys(), records=records, now=now)
    if isinstance(shown, NotFound):
        return ""
    mine, why = shown.certificate, "They asked for it on their own page."
    try:
        post_certificate_again(
            mine.scope, mine.learner, by=HOLDER, why=why, records=records, now=now
        )
    except NothingToChange:
        return ""
    count("CertificateAskedFor")
    return _SENT
