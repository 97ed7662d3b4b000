"""Badges and what their verifiers fetch: the credential, keys, issuers, and which badges count.

A function of its own, because it alone may use the key that signs.
"""

import json
import secrets
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.answers import not_found, pages
from shared import wiring
from shared.adapters.jinja_pages import PRIVATE
from shared.domain.badges import claims_of, issuer_file, key_file
from shared.observability import count, logger, metrics
from shared.usecases import make_badge
from shared.usecases.open_pages import NotFound, holders_certificate, show_certificate

app = pages()
# Verifiers run in browsers, too. What they fetch is about no person.
_PUBLIC = {
    "Cache-Control": "public, max-age=300",
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
}


@metrics.log_metrics
@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer. Whatever goes wrong, there is a page and a way on."""
    return app.resolve(event, context)


@app.get("/my-certificate/<token>/badge")
def mine(token: str) -> Response[str]:
    """The holder's own badge, to keep or to put into a wallet."""
    shown = holders_certificate(
        token, keys=wiring.identity_keys(), records=wiring.records(), now=wiring.now()
    )
    if isinstance(shown, NotFound):
        return not_found()
    name = f"badge-{shown.certificate.text.number}.jwt"
    return _badge(shown.certificate, {"Content-Disposition": f'attachment; filename="{name}"'})


@app.get("/certificates/<public_id>/badge")
def public(public_id: str) -> Response[str]:
    """The badge of somebody who shows their name; for all others there is none here."""
    shown = show_certificate(public_id, records=wiring.records())
    if isinstance(shown, NotFound) or not shown.certificate.name_is_public:
        return not_found()
    return _badge(shown.certificate, {})


@app.get("/certificates/<public_id>/badge.json")
def readable(public_id: str) -> Response[str]:
    """What the badge says, to be read; the signature is on the other form."""
    answer = public(public_id)
    if answer.status_code != 200:
        return answer
    said = json.dumps(claims_of(answer.body or ""), indent=2, ensure_ascii=False)
    return Response(200, "application/json", said, PRIVATE)


@app.get("/badges/keys")
def keys() -> Response[str]:
    """Every key that ever signed."""
    return _json(make_badge.key_set(documents=wiring.documents()), "application/jwk-set+json")


@app.get("/badges/keys/<name>")
def key(name: str) -> Response[str]:
    """One key."""
    found = make_badge.published(key_file(name), documents=wiring.documents())
    return _json(found, "application/jwk+json")


@app.get("/badges/issuers/<series>")
def issuer(series: str) -> Response[str]:
    """The institute that issues."""
    found = make_badge.published(issuer_file(series), documents=wiring.documents())
    return _json(found, "application/ld+json")


@app.get("/badges/status/<scope>")
def status(scope: str) -> Response[str]:
    """Which badges of a class were revoked."""
    token = make_badge.which_count(
        scope, records=wiring.records(), documents=wiring.documents(), signer=wiring.signer()
    )
    if token is None:
        return not_found()
    return Response(200, "application/vc+jwt", token, _PUBLIC)


def _badge(certificate: Any, headers: dict[str, str]) -> Response[str]:
    token = make_badge.make_badge(
        certificate,
        records=wiring.records(),
        documents=wiring.documents(),
        signer=wiring.signer(),
        random_bytes=secrets.token_bytes,
    )
    if token is None:
        return not_found()
    count("BadgeHandedOut")
    return Response(200, "application/vc+jwt", token, {**PRIVATE, **headers})


def _json(found: dict[str, Any] | None, kind: str) -> Response[str]:
    if found is None:
        return not_found()
    return Response(200, kind, json.dumps(found, ensure_ascii=False), _PUBLIC)
