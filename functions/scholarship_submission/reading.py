"""Reading what was sent to the scholarship form, strictly and within bounds, before anything else.

A form comes percent-encoded, which makes one letter of Hindi nine bytes long. So that nobody is
turned away for the language they write in, a form's size is that of what is meant, not of how it
was packed; how it was packed has a limit of its own.
"""

import base64
import binascii
import json
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes

from shared.adapters.gateway_requests import header

LARGEST_BODY = 32 * 1024
LONGEST_ID = 200
_LARGEST_PACKED = 3 * LARGEST_BODY
_MOST_FIELDS = 100
FORM, MESSAGE = "application/x-www-form-urlencoded", "application/json"

Event = dict[str, Any]


class TooLarge(Exception):
    """More was sent than is taken."""


class WrongKind(Exception):
    """What was sent is neither a form nor a message, or cannot be read as one."""


def media_type(event: Event) -> str:
    """What the sender says it is, in lower case and without parameters."""
    return header(event, "content-type").split(";")[0].strip().lower()


def raw_body(event: Event) -> bytes:
    """The bytes that were sent. Raises TooLarge, and WrongKind for what is packed or no text."""
    text = event.get("body") or ""
    if len(text) > _LARGEST_PACKED * 4 // 3 + 4:
        raise TooLarge
    try:
        encoded = bool(event.get("isBase64Encoded"))
        body = base64.b64decode(text, validate=True) if encoded else text.encode()
    except (binascii.Error, UnicodeError):
        raise WrongKind from None
    is_form = media_type(event) == FORM
    if len(body) > _LARGEST_PACKED or len(unquote_to_bytes(body) if is_form else body) > (
        LARGEST_BODY
    ):
        raise TooLarge
    if header(event, "content-encoding").strip().lower() not in ("", "identity"):
        raise WrongKind
    if media_type(event) not in (FORM, MESSAGE) or not _says_utf8(event):
        raise WrongKind
    try:
        body.decode()
    except UnicodeError:
        raise WrongKind from None
    return body


def fields_of(body: bytes) -> dict[str, list[str]]:
    """The fields of a form. Raises TooLarge for very many of them, WrongKind for broken text."""
    if body.count(b"&") >= _MOST_FIELDS:
        raise TooLarge
    try:
        return parse_qs(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise WrongKind from None


def data_of(body: bytes) -> dict[str, Any]:
    """The `data` of a message. Raises WrongKind for what is not plain and unambiguous JSON."""
    try:
        message = json.loads(body, object_pairs_hook=_once_each, parse_constant=_no_constant)
        data = message["data"]
        # JSON can spell half a character, which no table keeps.
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError, TypeError, KeyError):
        raise WrongKind from None
    if not isinstance(data, dict) or len(str(data.get("series", ""))) > LONGEST_ID:
        raise WrongKind
    return data


def sent_from(event: Event) -> str:
    """The network address that the gateway saw. What a sender says of itself is not asked.

    Of an IPv6 address the network alone: whoever has one has as many addresses in it as they like.
    """
    seen = ((event.get("requestContext") or {}).get("identity") or {}).get("sourceIp") or ""
    if ":" not in seen:
        return seen
    from ipaddress import IPv6Address, ip_network

    try:
        address = IPv6Address(seen.partition("%")[0])
    except ValueError:
        return str(seen)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False))


def _says_utf8(event: Event) -> bool:
    parameters = header(event, "content-type").lower().split(";")[1:]
    named = [one.partition("=")[2].strip(" \"'") for one in parameters if "charset" in one]
    return all(one in ("utf-8", "utf8") for one in named)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("A name stands twice.")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)
