"""Links in letters: signed, for one purpose, naming ids only; what they open is decided on opening.

A token is base64url of "purpose.subject.expiry" and of a truncated HMAC-SHA256 over it (128 bits).
"""

import base64
import hashlib
import hmac
from datetime import datetime
from typing import Literal

from shared.domain.keyed_ids import keyed_id

Purpose = Literal[
    "address", "application", "certificate", "form", "me", "review", "unsubscribe", "watch"
]
_SIGNATURE_BYTES = 16
_LONGEST = 400


def sign(purpose: Purpose, subject: str, key: bytes, expires_at: datetime | None = None) -> str:
    """A token that opens `purpose` for `subject` (ids joined by "/"), until `expires_at` if any."""
    expiry = int(expires_at.timestamp()) if expires_at else 0
    body = f"{purpose}.{subject}.{expiry}".encode()
    return f"{_encode(body)}.{_encode(_mac(key, body))}"


def read(purpose: Purpose, token: str, keys: list[bytes], now: datetime) -> str | None:
    """The subject of a token made for this purpose by one of `keys`; None for any other token.

    Takes whatever somebody put into an address, and never raises.
    """
    subject, expired = _opened(purpose, token, keys, now)
    return None if expired else subject


def has_expired(purpose: Purpose, token: str, keys: list[bytes], now: datetime) -> bool:
    """Whether the token is one of ours for this purpose whose time is over."""
    return _opened(purpose, token, keys, now)[1]


def _opened(
    purpose: Purpose, token: str, keys: list[bytes], now: datetime
) -> tuple[str | None, bool]:
    """The subject of a token of ours for this purpose, and whether its time is over."""
    if len(token) > _LONGEST or token.count(".") != 1:
        return None, False
    body, signature = (_decode(part) for part in token.split("."))
    if body is None or signature is None:
        return None, False
    # Every key is tried, so that the time taken does not tell which one fits.
    fits = [hmac.compare_digest(_mac(key, body), signature) for key in keys if key]
    if not any(fits):
        return None, False
    made_for, rest = body.decode().split(".", 1)
    subject, expiry = rest.rsplit(".", 1)
    if made_for != purpose:
        return None, False
    return subject, bool(int(expiry)) and now.timestamp() >= int(expiry)


def learner_id(address: str, key: bytes) -> str:
    """The id of whoever has this (cleaned) address: stable, and nothing without the key."""
    return "L" + keyed_id(f"learner.{address}", key)


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, b"link." + body, hashlib.sha256)[:_SIGNATURE_BYTES]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes | None:
    """The bytes, if the text is the one way in which we write them.

    The decoder skips strange characters and stray bits, so one token would have many spellings.
    """
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return raw if _encode(raw) == text else None
