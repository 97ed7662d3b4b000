"""Nothing is believed of a payment unless PayPal's key signed it, for a webhook that is ours."""

import shutil
import subprocess
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.paypal_signature import (
    NEWEST,
    OLDEST,
    NotSigned,
    is_signed,
    read_transmission,
    sign,
)
from tests.paypal import EVENTS

NOW = datetime(2025, 6, 2, 15, 4, 12, tzinfo=UTC)
OURS = "7TE40172NX558931G"
ADDRESS = "https://api.paypal.com/v1/notifications/certs/CERT-1"
BODY = b'{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED"}'
OPENSSL = shutil.which("openssl")


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    """PayPal's key."""
    return generate_private_key(65537, 2048)


def _headers(key: RSAPrivateKey, body: bytes = BODY, at: datetime = NOW) -> dict[str, str]:
    return sign(body, OURS, key, ADDRESS, "69cd13f0-d67a-11e5-baa3-778b53f4ae55", at)


def _taken(
    headers: dict[str, str],
    key: RSAPrivateKey,
    body: bytes = BODY,
    ours: tuple[str, ...] = (OURS,),
    now: datetime = NOW,
) -> bool:
    try:
        told = read_transmission(lambda name: headers.get(name, ""), now)
    except NotSigned:
        return False
    return is_signed(body, told, ours, key.public_key())


@pytest.mark.parametrize("file", sorted(EVENTS.glob("*.json")), ids=lambda file: file.stem)
def test_what_paypal_signed_is_taken(file: Path, key: RSAPrivateKey) -> None:
    body = file.read_bytes()

    assert _taken(_headers(key, body), key, body)


@pytest.mark.skipif(OPENSSL is None, reason="there is no openssl here to judge")
def test_openssl_signs_and_judges_as_we_do(key: RSAPrivateKey, tmp_path: Path) -> None:
    """Somebody else's program: it makes a delivery that we take, and takes one that we make."""
    headers = _headers(key)
    name, at = headers["paypal-transmission-id"], headers["paypal-transmission-time"]
    message = f"{name}|{at}|{OURS}|{zlib.crc32(BODY)}"
    private, public, said, signed = (tmp_path / name for name in ("key", "pub", "said", "sig"))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    pem = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(key.public_key().public_bytes(*pem))
    said.write_text(message)

    def openssl(*words: object) -> str:
        made = subprocess.run(
            ["openssl", *map(str, words)], capture_output=True, text=True, check=True, timeout=60
        )
        return made.stdout.strip()

    openssl("dgst", "-sha256", "-sign", private, "-out", signed, said)
    theirs = openssl("base64", "-A", "-in", signed)

    assert _taken(headers | {"paypal-transmission-sig": theirs}, key)
    signed.write_bytes(read_transmission(headers.__getitem__, NOW).signature)
    judged = openssl("dgst", "-sha256", "-verify", public, "-signature", signed, said)
    assert judged == "Verified OK"
    assert zlib.crc32(b"123456789") == 0xCBF43926, "the checksum that the standard gives for this"


@pytest.mark.parametrize(
    ("age", "taken"),
    [
        (timedelta(0), True),
        (OLDEST, True),
        (OLDEST + timedelta(seconds=1), False),
        (timedelta(days=3), True),
        (-NEWEST, True),
        (-NEWEST - timedelta(seconds=1), False),
        (timedelta(days=365), False),
    ],
)
def test_a_delivery_counts_as_long_as_paypal_may_still_be_trying(
    key: RSAPrivateKey, age: timedelta, taken: bool
) -> None:
    assert timedelta(days=3) < OLDEST, "as long as PayPal tries"
    assert _taken(_headers(key, at=NOW - age), key) is taken


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("paypal-auth-algo", ""),
        ("paypal-auth-algo", "SHA1withRSA"),
        ("paypal-auth-algo", "sha256withrsa"),
        ("paypal-auth-algo", "SHA256withRSA,SHA256withRSA"),
        ("paypal-auth-algo", "HS256"),
        ("paypal-auth-algo", "none"),
        ("paypal-transmission-id", ""),
        ("paypal-transmission-id", "69cd13f0-d67a-11e5-baa3-778b53f4ae55,69cd"),
        ("paypal-transmission-id", "69cd|2025-06-02T15:04:12Z"),
        ("paypal-transmission-id", "a" * 129),
        ("paypal-transmission-id", "é"),
        ("paypal-transmission-time", ""),
        ("paypal-transmission-time", "2025-06-02T15:04:12Z,2025-06-02T15:04:12Z"),
        ("paypal-transmission-time", "2025-06-02T15:04:12"),
        ("paypal-transmission-time", "2025-06-02T15:04:12+25:00"),
        ("paypal-transmission-time", "2025-06-31T15:04:12Z"),
        ("paypal-transmission-time", "2025-06-02T15:04:12Z|"),
        ("paypal-transmission-time", "1748876652"),
        ("paypal-transmission-time", "２025-06-02T15:04:12Z"),
        ("paypal-transmission-sig", ""),
        ("paypal-transmission-sig", "===="),
        ("paypal-transmission-sig", "é"),
        ("paypal-transmission-sig", "\ud800"),
        ("paypal-transmission-sig", "AAAA"),
        ("paypal-transmission-sig", "0" * 5000),
    ],
)
def test_a_header_that_is_not_one_of_paypals_is_refused(
    key: RSAPrivateKey, header: str, value: str
) -> None:
    headers = _headers(key)

    assert _taken(headers, key), "as it comes it is taken"
    assert not _taken(headers | {header: value}, key)


def test_a_missing_header_is_refused_whichever(key: RSAPrivateKey) -> None:
    headers = _headers(key)

    for name in headers:
        rest = {other: value for other, value in headers.items() if other != name}
        assert _taken(rest, key) is (name == "paypal-cert-url"), "which is asked for elsewhere"


def test_another_spelling_of_the_same_signature_is_refused(key: RSAPrivateKey) -> None:
    headers = _headers(key)
    good = headers["paypal-transmission-sig"]
    assert good.endswith("==")
    last = good[-3]
    # Only two bits of the last letter count; the others are nobody's.
    twin = chr(ord(last) + 1)

    for other in (good[:-3] + twin + "==", good + "\n", " " + good, good.replace("==", "")):
        assert not _taken(headers | {"paypal-transmission-sig": other}, key)


def test_only_our_webhook_our_key_and_this_body_fit(key: RSAPrivateKey) -> None:
    headers = _headers(key)

    assert not _taken(headers, generate_private_key(65537, 2048))
    assert not _taken(headers, key, ours=("WEBHOOK_ID",))
    assert not _taken(headers, key, ours=())
    assert not _taken(headers, key, body=BODY + b" ")
    assert _taken(headers, key, ours=("WEBHOOK_ID", OURS)), "two, while a webhook is moved"


@given(body=st.binary(max_size=100), at=st.integers(0, 99))
def test_any_bit_changed_in_any_body_is_noticed(body: bytes, at: int) -> None:
    headers = _headers(_KEY, body)
    changed = bytearray(body or b"x")
    changed[at % len(changed)] ^= 1 << (at % 8)

    assert _taken(headers, _KEY, body)
    assert not _taken(headers, _KEY, bytes(changed))


_KEY = generate_private_key(65537, 2048)
