"""PayPal's webhook signature: what its headers must say, and RSA over a checksum of the raw bytes.

Signed are the id and the time of the transmission, the id of our webhook and the CRC-32 of the
body, with bars between. A checksum is no hash: whoever overheard one delivery could write another
body with the same one. So no part of a delivery is ever logged, and an old one counts no more.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

# PayPal tries for three days. Whether each try bears a time of its own it does not say, so a
# delivery may be as old as the last try of the first, and a day more for whoever mends the cause.
OLDEST = timedelta(days=4)
NEWEST = timedelta(minutes=5)
_ALGORITHM = "SHA256withRSA"
# Nothing here has a comma or a bar: two headers, joined by one, fit nothing, and no part of what
# is signed reaches into the next.
_ID = re.compile(r"[\w-]{1,128}", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


class NotSigned(ValueError):
    """A delivery is not PayPal's, or not one of these days; the message says why, and no more."""


class Transmission(NamedTuple):
    """What the headers of a delivery say. `signature` is decoded; the rest is as it was written."""

    id: str
    time: str
    certificate_url: str
    signature: bytes


def read_transmission(header: Callable[[str], str], now: datetime) -> Transmission:
    """What the headers say, `header` being a header's value by its name. Raises NotSigned."""
    told = Transmission(
        id=header("paypal-transmission-id"),
        time=header("paypal-transmission-time"),
        certificate_url=header("paypal-cert-url"),
        signature=_decoded(header("paypal-transmission-sig")),
    )
    if header("paypal-auth-algo") != _ALGORITHM:
        raise NotSigned("The signature is of another kind than PayPal's.")
    if not _ID.fullmatch(told.id) or not _TIME.fullmatch(told.time):
        raise NotSigned("The headers are not those of one delivery.")
    try:
        at = datetime.fromisoformat(told.time)
    except ValueError:
        raise NotSigned("The headers are not those of one delivery.") from None
    if not now - OLDEST <= at <= now + NEWEST:
        raise NotSigned("The delivery is not of these days.")
    return told


def is_signed(
    body: bytes, told: Transmission, webhook_ids: Sequence[str], key: RSAPublicKey
) -> bool:
    """Whether the holder of `key` signed `body` for one of our webhooks."""
    return any(_fits(key, told, _message(body, told.id, told.time, ours)) for ours in webhook_ids)


def sign(
    body: bytes, webhook_id: str, key: RSAPrivateKey, certificate_url: str, name: str, at: datetime
) -> dict[str, str]:
    """The headers with which PayPal would deliver `body` at `at` as the transmission `name`."""
    time = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    signed = key.sign(_message(body, name, time, webhook_id), padding.PKCS1v15(), hashes.SHA256())
    return {
        "paypal-transmission-id": name,
        "paypal-transmission-time": time,
        "paypal-cert-url": certificate_url,
        "paypal-auth-algo": _ALGORITHM,
        "paypal-transmission-sig": base64.b64encode(signed).decode(),
    }


def _message(body: bytes, name: str, time: str, webhook_id: str) -> bytes:
    return f"{name}|{time}|{webhook_id}|{zlib.crc32(body)}".encode()


def _fits(key: RSAPublicKey, told: Transmission, message: bytes) -> bool:
    try:
        key.verify(told.signature, message, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        return False
    return True


def _decoded(text: str) -> bytes:
    """The one way of writing these bytes: another spelling of the same is refused."""
    try:
        signature = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeError):
        signature = b""
    if not signature or base64.b64encode(signature).decode() != text:
        raise NotSigned("The signature cannot be read.")
    return signature
