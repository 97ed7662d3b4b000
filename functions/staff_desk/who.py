"""What every page and act of the desk needs: who asks, whether they may, and what was sent."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.api_gateway import Router

from functions.learner_pages.own_page import fields
from shared import desk_wiring
from shared.adapters.gateway_requests import header
from shared.domain.staff import Staff, What, may, roles_of

# Below these are acts, and the way in and out.
_NO_PAGES = ("/staff/acts/", "/staff/machine-room/", "/staff/sign")
Routes = APIGatewayRestResolver | Router


class Closed(Exception):
    """Nobody is signed in, or it is not their part. One page stands for both."""


class NotFromHere(Exception):
    """A form that no page of ours showed."""


class OfBefore(NotFromHere):
    """A form of a page of ours that was open since before they signed in; `sent` is what it says.

    Its browser says that it comes from here, and no other page can let it say so.
    """

    def __init__(self, sent: Mapping[str, Sequence[str]]) -> None:
        super().__init__()
        self.sent = sent


class Strange(Exception):
    """A form held what no form of ours holds: a name that is far too long, or no text at all."""

    def __init__(self, by: Staff, back_to: str) -> None:
        super().__init__("Something in the form is longer than it can be, or is no text.")
        self.by = by
        self.back_to = back_to


def staff(routes: Routes, what: What) -> Staff:
    """Who asks, if they may do that. Raises Closed."""
    told = _told(routes)
    if not told.get("name"):
        raise Closed
    asks = Staff(name=told["name"], roles=roles_of(told.get("roles", "").split(",")))
    if not may(asks, what):
        raise Closed
    return asks


def once(routes: Routes) -> str:
    """What has to stand in every form of this session, as the field `once`."""
    return str(_told(routes).get("once", ""))


def checked_form(routes: Routes, sent: dict[str, str] | None = None) -> dict[str, str]:
    """What was sent by a form of ours, each field once. Raises NotFromHere, OfBefore.

    `sent` is what it says, where it was read before because it is longer than others.

    Two proofs, and a cookie that other pages' forms do not send: a word that stands in our forms
    alone, and where the browser says the form was.
    """
    event = routes.current_event.raw_event
    several = fields(routes) if sent is None else {name: [one] for name, one in sent.items()}
    sent = {name: values[0] for name, values in several.items()}
    if not is_from_here(event):
        raise NotFromHere
    wanted = once(routes)
    if not wanted or not hmac.compare_digest(sent.get("once", "").encode(), wanted.encode()):
        raise OfBefore(several)
    return sent


def is_from_here(event: dict[str, Any]) -> bool:
    """Whether the browser says that a page of this host posted it. Browsers always say it."""
    origin = urlsplit(header(event, "origin"))
    return origin.scheme in ("http", "https") and origin.netloc in _ours(event)


def came_from(event: dict[str, Any]) -> str:
    """The page of the desk on which a link to here was followed; empty if it was none.

    What an act was sent to is none: nobody can be led there by a link.
    """
    page = urlsplit(header(event, "referer"))
    _, found, rest = page.path.partition("/staff")
    if page.netloc not in _ours(event) or not found:
        return ""
    where = back({"back": f"/staff{rest}{'?' if page.query else ''}{page.query}"})
    return "" if where.startswith(_NO_PAGES) else where


def back(sent: dict[str, str]) -> str:
    """Where to go after an act: a page of the desk, and nothing else whatever was sent."""
    asked = sent.get("back", "")
    parts = urlsplit(asked)
    plain = asked.startswith("/staff") and not parts.netloc and not parts.scheme
    within = parts.path == "/staff" or parts.path.startswith("/staff/")
    # As a browser reads it: what is written with percent signs is a step up as well.
    path = unquote(parts.path)
    strange = any(one in path for one in ("\\", "..", "//")) or not asked.isprintable()
    return asked if plain and within and not strange and asked.isascii() else "/staff"


def _ours(event: dict[str, Any]) -> set[str]:
    """The hosts that are ours."""
    return {header(event, "host"), urlsplit(desk_wiring.own_address()).netloc} - {""}


def _told(routes: Routes) -> dict[str, Any]:
    told = routes.current_event.raw_event["requestContext"].get("authorizer")
    return told if isinstance(told, dict) else {}
