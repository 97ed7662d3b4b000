"""Ids made from what must not be read: whoever has no key cannot tell, or try out, what of."""

import base64
import hashlib
import hmac


def keyed_id(of: str, key: bytes, size: int = 15) -> str:
    """The same id for the same thing: `size` bytes of an HMAC in small letters and figures.

    `of` says first what it is for ("learner.…"), so that no two uses share an id. Five bytes are
    eight letters.
    """
    digest = hmac.digest(key, of.encode(), hashlib.sha256)
    return base64.b32encode(digest[:size]).decode().rstrip("=").lower()
