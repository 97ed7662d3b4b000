"""The gateway as strangers meet it: HTTP in, the events that API Gateway makes of it, HTTP out.

A WSGI application, so that tools that speak HTTP can knock without a socket. Routes and handlers
are the template's; what an event looks like was read off API Gateway (REST, Lambda proxy).
"""

import base64
import re
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, unquote

from functions.staff_desk import authorizer
from tests.cloud import CONTEXT
from tests.from_template import template
from tests.gateway import proxy_event
from tests.openapi import deployed, guarded

Start = Callable[[str, list[tuple[str, str]]], Any]


class FrontDoor:
    """Hands each request to the handler of its route, and its answer back.

    `failures` are what handlers raised, which the gateway turns into a bare 502.
    """

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self._routes = [
            (method, path, re.compile(_PART.sub(r"(?P<\1>[^/]+)", path)), _loaded(handler))
            # As the gateway: a path that is written out comes before one with parts that vary.
            for (method, path), handler in sorted(
                deployed().items(), key=lambda route: route[0][1].count("{")
            )
        ]

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        status, headers, body = self.answer(environ)
        start(f"{status} ", [(name, str(value)) for name, value in headers.items()])
        return [body]

    def answer(self, environ: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) of what is answered to a WSGI request."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        for method, resource, pattern, handler in self._routes:
            found = pattern.fullmatch(path)
            if found and method == environ["REQUEST_METHOD"]:
                event = _event(method, resource, found.groupdict(), environ)
                if (method, resource) in guarded():
                    who = authorizer.handler(_for_authorizer(event), CONTEXT)
                    if who["policyDocument"]["Statement"][0]["Effect"] != "Allow":
                        return turned_away()
                    event["requestContext"]["authorizer"] = who["context"]
                return self._asked(handler, event)
        return said_by_gateway("MISSING_AUTHENTICATION_TOKEN", 404)

    def _asked(
        self, handler: Callable[[Any, Any], Any], event: dict[str, Any]
    ) -> tuple[int, dict[str, str], bytes]:
        try:
            said = handler(event, CONTEXT)
        except Exception as error:  # noqa: BLE001 - as Lambda does: the gateway answers for it
            self.failures.append(error)
            return said_by_gateway("DEFAULT_5XX", 502)
        several = said.get("multiValueHeaders") or {}
        headers = {name: values[-1] for name, values in several.items()}
        return said["statusCode"], headers | said.get("headers", {}), said["body"].encode()


def turned_away() -> tuple[int, dict[str, str], bytes]:
    """What the API itself answers to whoever the authorizer does not let in, by the template."""
    api = template()["Resources"]["Api"]["Properties"]
    said = api["GatewayResponses"]["ACCESS_DENIED"]
    assert said == api["GatewayResponses"]["UNAUTHORIZED"]
    headers = {name: value[1:-1] for name, value in said["ResponseParameters"]["Headers"].items()}
    ((_, (before, _, after)),) = [said["ResponseTemplates"]["application/json"]["Fn::Join"]]
    page = f"{before}/live/staff/sign-in{after}"
    return int(said["StatusCode"]), headers, page.encode()


def said_by_gateway(what: str, status: int) -> tuple[int, dict[str, str], bytes]:
    """What the API itself answers, by the template, where no function does."""
    said = template()["Resources"]["Api"]["Properties"]["GatewayResponses"][what]
    headers = {name: value[1:-1] for name, value in said["ResponseParameters"]["Headers"].items()}
    _, pieces = said["ResponseTemplates"]["application/json"]["Fn::Join"]
    assert int(said.get("StatusCode", status)) == status
    return status, headers, "".join(pieces).encode()


def _for_authorizer(event: dict[str, Any]) -> dict[str, Any]:
    context = event["requestContext"]
    arn = f"arn:aws:execute-api:eu-central-1:123456789012:{context['apiId']}/live"
    path = event["path"].lstrip("/")
    return {**event, "type": "REQUEST", "methodArn": f"{arn}/{event['httpMethod']}/{path}"}


# As `BinaryMediaTypes` in the template has it.
_BINARY = "multipart/form-data"
_PART = re.compile(r"\{(\w+)\}")


def _loaded(handler: str) -> Callable[[Any, Any], Any]:
    module, _, name = handler.rpartition(".")
    found: Callable[[Any, Any], Any] = getattr(import_module(module), name)
    return found


def _event(
    method: str, resource: str, parts: dict[str, str], environ: dict[str, Any]
) -> dict[str, Any]:
    headers = {
        name[5:].replace("_", "-").title(): str(value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    if environ.get("CONTENT_TYPE"):
        headers["Content-Type"] = environ["CONTENT_TYPE"]
    length = int(environ.get("CONTENT_LENGTH") or 0)
    raw = environ["wsgi.input"].read(length)
    parameters = {name: unquote(value) for name, value in parts.items()}
    # The one binary media type comes in base64. Every other body the gateway takes for text, and
    # broken text for dots.
    binary = headers.get("Content-Type", "").partition(";")[0].strip() == _BINARY
    body = base64.b64encode(raw).decode() if binary else raw.decode("utf-8", "replace")
    event = proxy_event(
        method, resource, parameters, headers=headers, body=body if raw else None, base64=binary
    )
    asked = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    if asked:
        event["multiValueQueryStringParameters"] = asked
        event["queryStringParameters"] = {name: values[-1] for name, values in asked.items()}
    return event
