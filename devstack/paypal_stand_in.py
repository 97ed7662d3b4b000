"""A stand-in for PayPal's certificates: an authority, a certificate that signs, and a host for it.

It speaks as PayPal does: HTTPS in the name of api.sandbox.paypal.com, and the chain as PEM at the
address that a delivery names. The authority is drawn anew each time and vouches for nothing else.
"""

import base64
import json
import ssl
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from shared.adapters.paypal_certificates import TEST_NAME

HOST = "api.sandbox.paypal.com"
ADDRESS = f"https://{HOST}/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270"
_MONTH = timedelta(days=30)


class Signer(NamedTuple):
    """A key, and the certificate that somebody gave it."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    @property
    def pem(self) -> bytes:
        """The certificate, as it is sent."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key, for who may have it."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def authority(
    name: str = "Tending's stand-in for an authority", under: Signer | None = None
) -> Signer:
    """An authority of its own, or one that another authority has named."""
    return _certified(name, under, since=datetime.now(UTC) - _MONTH, until=None)


def certified(
    name: str,
    by: Signer,
    since: datetime | None = None,
    until: datetime | None = None,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> Signer:
    """A certificate made out to that host name; for a month around now unless told."""
    now = datetime.now(UTC)
    return _certified(name, by, since or now - _MONTH, until or now + _MONTH, usage)


def _certified(
    name: str,
    by: Signer | None,
    since: datetime,
    until: datetime | None,
    usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
) -> Signer:
    key = generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing = by.key if by else key
    issuing = by.certificate.subject if by else subject
    authority_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key())
    building = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuing)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until or since + 40 * _MONTH)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(authority_key, critical=False)
        .add_extension(x509.BasicConstraints(ca=until is None, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=until is None), critical=True)
    )
    if until is not None:
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        building = building.add_extension(names, critical=False).add_extension(
            x509.ExtendedKeyUsage([usage]), critical=False
        )
    return Signer(key, building.sign(signing, hashes.SHA256()))


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def told(port: int, root: Signer) -> str:
    """What the webhook is told of the stand-in, in the local stage: HOST:PORT/CERTIFICATE."""
    der = root.certificate.public_bytes(serialization.Encoding.DER)
    return f"127.0.0.1:{port}/{base64.b64encode(der).decode()}"


class CertificateHost(ThreadingHTTPServer):
    """Serves the chain at its address, over TLS."""

    daemon_threads = True

    def __init__(self, port: int, tls: Signer, folder: Path) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[str] = []
        file = folder / "tls.pem"
        file.touch(mode=0o600)
        file.write_bytes(tls.key_pem + tls.pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        # Shaking hands is each caller's own thread's: one that never does holds nobody up.
        self.socket = context.wrap_socket(
            self.socket, server_side=True, do_handshake_on_connect=False
        )

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that does not trust us hangs up: nothing to tell anybody."""


class _Handler(BaseHTTPRequestHandler):
    server: CertificateHost
    timeout = 10

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, headers, content = self.server.answers.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        return


def main(port: int, folder: Path) -> None:
    """Draw an authority, leave in `folder` what a delivery is signed with, and serve."""
    root = authority()
    signing = certified(TEST_NAME, root)
    # Before anybody is listening: who waits for that finds the file.
    file = folder / "paypal.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"told": told(port, root), "key": signing.key_pem.decode()}))
    host = CertificateHost(port, certified(HOST, root), folder)
    host.answers[ADDRESS.removeprefix(f"https://{HOST}")] = (200, {}, signing.pem)
    host.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
