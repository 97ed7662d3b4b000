"""The certificate that a delivery of PayPal's names: fetched from PayPal alone, believed only then.

The address comes from whoever calls us, so it is held to one grammar before anybody is asked, and
what comes back is believed only if a trusted authority vouches that it signs PayPal's messages.
"""

import re
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import urllib3
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from shared.adapters.paypal_signature import NotSigned
from shared.failures import Unavailable

# For whom PayPal's message certificates are made out, in its live and in its test environment.
LIVE_NAME = "messageverificationcerts.paypal.com"
TEST_NAME = "messageverificationcerts.sandbox.paypal.com"
# The whole address, so that no two readers of it can disagree: no user, port, query or escape.
_ADDRESS = re.compile(r"https://((?:[a-z0-9-]+\.)+paypal\.com)(/[A-Za-z0-9._/-]{1,200})", re.ASCII)
_ONE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_LARGEST = 64 * 1024
_LONGEST_CHAIN = 8
_KEPT = timedelta(days=1)
_MOST_KEPT = 16
_AT_ONCE = 3.0  # seconds until PayPal says something
_IN_ALL = 5.0  # seconds for the whole of it: the function that asks has ten


class _Known(NamedTuple):
    key: RSAPublicKey
    until: datetime


class PaypalCertificates:
    """Public keys of PayPal's message certificates, by the address of each; kept for a day.

    `names` are for whom a certificate may be made out. `roots` are the authorities that are
    trusted (PEM), for the connection and for the certificate. `stand_in` is a host and port that
    answer in PayPal's place: of tests and the local stack.
    """

    def __init__(
        self, names: Sequence[str], roots: bytes, stand_in: tuple[str, int] | None = None
    ) -> None:
        self._names = names
        self._roots = roots
        self._stand_in = stand_in
        self._store: Store | None = None
        self._known: dict[str, _Known] = {}

    def key(self, address: str, now: datetime) -> RSAPublicKey:
        """The key of the certificate there.

        Raises NotSigned if it is not PayPal's, and Unavailable if PayPal did not answer.
        """
        known = self._known.get(address)
        if known is None or known.until <= now:
            found = _ADDRESS.fullmatch(address)
            if found is None:
                raise NotSigned("The certificate is not at PayPal.")
            known = self._verified(self._fetched(found[1], found[2]), now)
            while len(self._known) >= _MOST_KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[address] = known
        return known.key

    def _fetched(self, host: str, path: str) -> bytes:
        where, port = self._stand_in or (host, 443)
        deadline = time.monotonic() + _IN_ALL
        try:
            with (
                urllib3.HTTPSConnectionPool(
                    where,
                    port,
                    timeout=_AT_ONCE,
                    cert_reqs="CERT_REQUIRED",
                    ca_cert_data=self._roots.decode(),
                    server_hostname=host,
                    assert_hostname=host,
                ) as pool,
                pool.request(
                    "GET",
                    path,
                    headers={"host": host, "accept-encoding": "identity"},
                    redirect=False,
                    retries=False,
                    preload_content=False,
                ) as response,
            ):
                if response.status >= 500 or response.status == 429:
                    raise Unavailable("PayPal did not give its certificate.")
                if response.status != 200:
                    raise NotSigned("PayPal has no such certificate.")
                return _read(response, deadline)
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable("PayPal did not give its certificate.") from error

    def _verified(self, pem: bytes, now: datetime) -> _Known:
        try:
            leaf, *others = x509.load_pem_x509_certificates(pem)
        except ValueError:
            raise NotSigned("What PayPal gave is no certificate.") from None
        if len(others) >= _LONGEST_CHAIN:
            raise NotSigned("What PayPal gave is no certificate.")
        if self._store is None:
            self._store = _authorities(self._roots)
        policy = PolicyBuilder().store(self._store).time(now)
        for name in self._names:
            try:
                chain = policy.build_server_verifier(x509.DNSName(name)).verify(leaf, others)
            except VerificationError:
                continue
            key = leaf.public_key()
            if isinstance(key, RSAPublicKey):
                ends = min(one.not_valid_after_utc for one in chain)
                return _Known(key, min(ends, now + _KEPT))
        raise NotSigned("The certificate is not PayPal's, or its time is over.")


def _authorities(pem: bytes) -> Store:
    """Read one by one: an old one that breaks the rules for certificates costs itself only."""
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("error", CryptographyDeprecationWarning)
        for one in _ONE.findall(pem):
            with suppress(ValueError, CryptographyDeprecationWarning):
                found.append(x509.load_pem_x509_certificate(one))
    return Store(found)


def _read(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    content = b""
    while chunk := response.read1(4096):
        content += chunk
        if len(content) > _LARGEST:
            raise NotSigned("What PayPal gave is no certificate.")
        if time.monotonic() > deadline:
            raise Unavailable("PayPal was too slow to give its certificate.")
    return content
