"""Razorpay's webhook signature, over the raw bytes, with the standard library alone.

It holds no time, so a delivery can be repeated for ever by whoever overheard it. That is harmless
because an event is known again by what is signed (see `razorpay_events`), not by a header.
"""

import hashlib
import hmac


def is_signed(body: bytes, header: str, secrets: list[str]) -> bool:
    """Whether `header` (X-Razorpay-Signature) signs `body` by one of `secrets`.

    Two secrets are ours while one is changed: what was sent before is repeated under the old one.
    The header is one signature and nothing else; two headers, joined by a comma, fit nothing.
    """
    given = header.encode(errors="replace")
    # No early way out: the time taken does not tell which of them fits.
    fits = [hmac.compare_digest(sign(body, secret).encode(), given) for secret in secrets if secret]
    return any(fits)


def sign(body: bytes, secret: str) -> str:
    """The header with which Razorpay would sign `body`."""
    return hmac.digest(secret.encode(), body, hashlib.sha256).hex()
