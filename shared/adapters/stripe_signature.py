"""Stripe's webhook signature, over the raw bytes, with the standard library alone.

The `stripe` package would verify it too, at a fifth of the cold start; in the tests it judges.
"""

import hashlib
import hmac

TOLERANCE_SECONDS = 300


def is_signed(body: bytes, header: str, secrets: list[str], now: float) -> bool:
    """Whether `header` (Stripe-Signature) signs `body` by one of `secrets` within five minutes.

    Both sides of `now` count: a timestamp from the future is no better than one from the past.
    While a secret is rolled the header holds one v1 per secret, and more than one secret is ours.
    """
    timestamps, signatures = [], []
    for part in header.split(","):
        name, _, value = part.partition("=")
        name = name.strip()
        if name == "v1":
            signatures.append(value.strip().encode())
        elif name == "t":
            timestamps.append(value.strip())
    # Two headers arrive joined into one with two timestamps: it is not clear what was signed.
    if len(timestamps) != 1 or not timestamps[0].isascii() or not timestamps[0].isdigit():
        return False
    if len(timestamps[0]) > 12 or abs(now - int(timestamps[0])) > TOLERANCE_SECONDS:
        return False
    signed = timestamps[0].encode() + b"." + body
    expected = [
        hmac.digest(secret.encode(), signed, hashlib.sha256).hex().encode()
        for secret in secrets
        if secret
    ]
    # No early way out: the time taken does not tell which of them fits.
    fits = [hmac.compare_digest(one, other) for one in expected for other in signatures]
    return any(fits)


def sign(body: bytes, secret: str, now: int) -> str:
    """The header with which Stripe would sign `body` at `now`."""
    digest = hmac.digest(secret.encode(), f"{now}.".encode() + body, hashlib.sha256)
    return f"t={now},v1={digest.hex()}"
