"""Zoom's webhook signature, over the raw bytes, with the standard library alone.

Zoom proves itself and asks us to prove ourselves with the same key. To sign whatever somebody sends
as a "plain token" would sign forged events for them, so a token is answered only if the question
itself is signed, and only if it could not be the text of an event.
"""

import hashlib
import hmac
import re

TOLERANCE_SECONDS = 300
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)


def is_signed(body: bytes, signature: str, timestamp: str, secrets: list[str], now: float) -> bool:
    """Whether `signature` (x-zm-signature) signs `body` by one of `secrets` within five minutes.

    Both sides of `now` count: a timestamp from the future is no better than one from the past.
    """
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    given = signature.encode(errors="replace")
    # No early way out: the time taken does not tell which of them fits.
    fits = [
        hmac.compare_digest(sign(body, secret, int(timestamp)).encode(), given)
        for secret in secrets
        if secret
    ]
    return any(fits)


def sign(body: bytes, secret: str, now: int) -> str:
    """The signature with which Zoom would send `body` at `now`."""
    signed = f"v0:{now}:".encode() + body
    return "v0=" + hmac.digest(secret.encode(), signed, hashlib.sha256).hex()


def answer_to(token: object, secret: str) -> dict[str, str] | None:
    """What proves to Zoom that we hold the secret; None if the token is none that Zoom makes."""
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return None
    digest = hmac.digest(secret.encode(), token.encode(), hashlib.sha256)
    return {"plainToken": token, "encryptedToken": digest.hex()}
