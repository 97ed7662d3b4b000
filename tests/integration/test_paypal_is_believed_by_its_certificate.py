"""A certificate is fetched from PayPal alone, and believed only if an authority vouches for it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Store

from devstack.paypal_stand_in import ADDRESS, HOST, Signer, authority, certified
from functions.payment_webhook import receive_paypal
from functions.payment_webhook.receive_paypal import handler
from shared.adapters.paypal_certificates import (
    _ONE,
    LIVE_NAME,
    TEST_NAME,
    PaypalCertificates,
    _authorities,
)
from shared.adapters.paypal_signature import NotSigned
from shared.failures import Unavailable
from tests.cloud import CONTEXT, Cloud
from tests.gateway import proxy_event
from tests.paypal import EVENTS, Paypal, listening

BODY = (EVENTS / "checkout.order.completed.json").read_text(encoding="utf-8")
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def _paypal() -> Iterator[Paypal]:
    with listening() as stands_in:
        yield stands_in


@pytest.fixture
def paypal(_paypal: Paypal) -> Paypal:
    """A stand-in for PayPal, of which nothing has been asked yet."""
    _paypal.host.asked.clear()
    return _paypal


@pytest.fixture
def laptop(cloud: Cloud, paypal: Paypal, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """A local stage, where the stand-in is believed."""
    monkeypatch.setenv("STAGE", "local")
    monkeypatch.setenv("LOCAL_PAYPAL", paypal.told)
    return cloud


def _delivery(paypal: Paypal, address: str = ADDRESS, **headers: str) -> dict[str, Any]:
    signing = paypal.headers(BODY.encode(), address=address)
    told = {"Content-Type": "application/json", **signing, **headers}
    return proxy_event("POST", "/webhooks/paypal", headers=told, body=BODY)


def _status(event: dict[str, Any]) -> int:
    status: int = handler(event, CONTEXT)["statusCode"]
    return status


# --- the certificate -------------------------------------------------------------------------


def test_the_certificate_is_asked_for_once_a_day(paypal: Paypal) -> None:
    certificates = paypal.certificates

    first = certificates.key(ADDRESS, NOW)
    assert certificates.key(ADDRESS, NOW + timedelta(hours=23)) is first
    assert len(paypal.host.asked) == 1

    certificates.key(ADDRESS, NOW + timedelta(days=1))
    assert len(paypal.host.asked) == 2


def test_a_chain_is_followed_to_the_authority_that_is_trusted(paypal: Paypal) -> None:
    between = authority("in between", paypal.root)
    signing = certified(TEST_NAME, between)
    whole = paypal.gives(signing.pem + between.pem)
    alone = paypal.gives(signing.pem)

    key = paypal.certificates.key(whole, NOW)

    assert key.public_numbers() == signing.key.public_key().public_numbers()
    with pytest.raises(NotSigned):
        paypal.certificates.key(alone, NOW)


def test_a_certificate_that_ends_within_the_day_is_not_kept_beyond_that(paypal: Paypal) -> None:
    ending = certified(TEST_NAME, paypal.root, until=NOW + timedelta(hours=1))
    address, certificates = paypal.gives(ending.pem), paypal.certificates
    certificates.key(address, NOW)

    with pytest.raises(NotSigned):
        certificates.key(address, NOW + timedelta(hours=2))


@pytest.mark.parametrize(
    "what",
    ["ended", "not begun", "another's name", "a name that ends alike", "PayPal's shop",
     "another authority's", "its own authority", "for other use", "an authority itself"],
)  # fmt: skip
def test_a_certificate_that_is_not_for_paypals_messages_is_refused(
    paypal: Paypal, what: str
) -> None:
    day, strangers = timedelta(days=1), authority("Stand-in authority")
    made: dict[str, Callable[[], Signer]] = {
        "ended": lambda: certified(TEST_NAME, paypal.root, NOW - 3 * day, NOW - day),
        "not begun": lambda: certified(TEST_NAME, paypal.root, NOW + day, NOW + 3 * day),
        "another's name": lambda: certified("somebody.example", paypal.root),
        "a name that ends alike": lambda: certified(f"x{TEST_NAME}", paypal.root),
        "PayPal's shop": lambda: certified("www.paypal.com", paypal.root),
        "another authority's": lambda: certified(TEST_NAME, strangers),
        "its own authority": lambda: authority(TEST_NAME),
        "for other use": lambda: certified(
            TEST_NAME, paypal.root, usage=ExtendedKeyUsageOID.CODE_SIGNING
        ),
        "an authority itself": lambda: paypal.root,
    }
    address = paypal.gives(made[what]().pem)

    with pytest.raises(NotSigned):
        paypal.certificates.key(address, NOW)


@pytest.mark.parametrize(
    "content",
    [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"],
)
def test_what_is_no_certificate_is_refused(paypal: Paypal, content: bytes) -> None:
    with pytest.raises(NotSigned):
        paypal.certificates.key(paypal.gives(content), NOW)


def test_too_many_bytes_and_too_long_a_chain_are_refused(paypal: Paypal) -> None:
    for content in (paypal.signing.pem + b"\n" * 70_000, paypal.signing.pem * 9):
        with pytest.raises(NotSigned):
            paypal.certificates.key(paypal.gives(content), NOW)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://api.paypal.com/v1/notifications/certs/CERT-1",
        "https://paypal.com/cert",
        "https://api.paypal.com.somebody.example/cert",
        "https://somebodypaypal.com/cert",
        "https://somebody.example/api.paypal.com/cert",
        "https://somebody.example?x=.paypal.com/cert",
        "https://somebody.example#.paypal.com/cert",
        "https://somebody.example\\.paypal.com/cert",
        "https://somebody.example\\@api.paypal.com/cert",
        "https://api.paypal.com@somebody.example/cert",
        "https://user@api.paypal.com/cert",
        "https://user:word@api.paypal.com/cert",
        "https://api.paypal.com:8443/cert",
        "https://api.paypal.com:443/cert",
        "https://127.0.0.1/cert",
        "https://[::1]/cert",
        "https://169.254.169.254/latest/meta-data/.paypal.com",
        "https://api.paypal.com/cert?to=https://somebody.example",
        "https://api.paypal.com/cert#x",
        "https://api.paypal.com/%2e%2e/cert",
        "https://api.paypal.com/cert\r\nHost: somebody.example",
        "https://api.paypal.com/cert\n",
        " https://api.paypal.com/cert",
        "https://API.PAYPAL.COM/cert",
        "https://аpi.pаypal.com/cert",
        "https://api。paypal.com/cert",
        "https://.paypal.com/cert",
        "https://api.paypal.com",
        "//api.paypal.com/cert",
        "file:///etc/paypal.com/cert",
        f"https://api.paypal.com/{'x' * 300}",
        f"{ADDRESS},{ADDRESS}",
    ],
)
def test_nobody_but_paypal_is_asked_for_it(paypal: Paypal, address: str) -> None:
    with pytest.raises(NotSigned, match="not at PayPal"):
        paypal.certificates.key(address, NOW)

    assert paypal.host.asked == []


def test_a_redirect_is_not_followed(paypal: Paypal) -> None:
    led_on = paypal.gives(b"", 302, location=ADDRESS)

    with pytest.raises(NotSigned):
        paypal.certificates.key(led_on, NOW)

    assert len(paypal.host.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_while_paypal_is_in_trouble_nothing_is_decided(paypal: Paypal, status: int) -> None:
    with pytest.raises(Unavailable):
        paypal.certificates.key(paypal.gives(b"", status), NOW)


def test_nobody_there_and_a_host_that_is_not_paypals_are_no_answer(paypal: Paypal) -> None:
    nobody = PaypalCertificates([TEST_NAME], paypal.root.pem, ("127.0.0.1", 9))
    with pytest.raises(Unavailable):
        nobody.key(ADDRESS, NOW)

    at = ("127.0.0.1", paypal.host.server_port)
    untrusting = PaypalCertificates([TEST_NAME], authority("of somebody else").pem, at)
    with pytest.raises(Unavailable):
        untrusting.key(ADDRESS, NOW)
    with pytest.raises(Unavailable):  # the host proves to be another one of PayPal's
        paypal.certificates.key(ADDRESS.replace(HOST, "www.paypal.com"), NOW)
    assert paypal.host.asked == []


def test_whoever_dawdles_is_left(paypal: Paypal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.adapters.paypal_certificates._IN_ALL", 0)

    with pytest.raises(Unavailable):
        paypal.certificates.key(ADDRESS, NOW)


def test_no_more_than_a_few_certificates_are_remembered(paypal: Paypal) -> None:
    certificates = paypal.certificates
    for _ in range(20):
        certificates.key(paypal.gives(paypal.signing.pem), NOW)

    assert len(certificates._known) <= 16
    certificates.key(ADDRESS, NOW)


def test_the_authorities_that_everybody_trusts_can_be_read_and_do_not_know_our_stand_in(
    paypal: Paypal,
) -> None:
    real = Path(certifi.where()).read_bytes()
    assert isinstance(_authorities(real), Store)
    assert len(_ONE.findall(real)) > 100
    spoilt = b"-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----\n"
    mixed = PaypalCertificates([TEST_NAME], spoilt + real + paypal.root.pem)
    assert mixed._verified(paypal.signing.pem, NOW), "one that cannot be read costs itself only"

    at = ("127.0.0.1", paypal.host.server_port)
    with pytest.raises(Unavailable):
        PaypalCertificates([TEST_NAME], real, at).key(ADDRESS, NOW)
    with pytest.raises(NotSigned):
        PaypalCertificates([TEST_NAME], real, at)._verified(paypal.signing.pem, NOW)


# --- the door --------------------------------------------------------------------------------


def test_paypals_door_takes_what_paypal_signed(laptop: Cloud, paypal: Paypal) -> None:
    for _ in range(3):
        assert _status(_delivery(paypal)) == 200

    assert laptop.queued() == [BODY] * 3
    assert len(paypal.host.asked) == 1, "the certificate is kept"


def test_while_the_certificate_cannot_be_had_paypal_comes_again(
    laptop: Cloud, paypal: Paypal, logged: StringIO
) -> None:
    for status in (500, 503, 429):
        assert _status(_delivery(paypal, paypal.gives(b"", status))) == 503
    assert laptop.queued() == []
    assert "could not be checked" in logged.getvalue()

    assert _status(_delivery(paypal)) == 200, "and is taken when it can"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("paypal-cert-url", "https://somebody.example/cert.pem"),
        ("paypal-cert-url", ""),
        ("paypal-auth-algo", "SHA1withRSA"),
        ("paypal-transmission-id", ""),
        ("paypal-transmission-time", "2020-01-01T00:00:00Z"),
        ("paypal-transmission-sig", ""),
    ],
)
def test_a_bad_header_is_refused_with_a_short_reason(
    laptop: Cloud, paypal: Paypal, header: str, value: str
) -> None:
    answer = handler(_delivery(paypal, **{header: value}), CONTEXT)

    assert answer["statusCode"] == 400
    assert len(answer["body"]) < 100
    assert laptop.queued() == []
    assert paypal.host.asked == []


def test_each_header_counts_once(laptop: Cloud, paypal: Paypal) -> None:
    for name in paypal.headers(b""):
        event = _delivery(paypal)
        event["multiValueHeaders"][name] *= 2
        assert _status(event) == 400, name

    assert laptop.queued() == []


def test_a_forger_who_has_a_certificate_of_a_forger_is_refused(
    laptop: Cloud, paypal: Paypal
) -> None:
    forger = certified(TEST_NAME, authority("Stand-in authority"))
    forged = paypal._replace(signing=forger)

    assert _status(_delivery(forged)) == 400, "PayPal's certificate, the forger's key"
    assert _status(_delivery(forged, paypal.gives(forger.pem))) == 400, "the forger's own"
    assert laptop.queued() == []


@pytest.mark.parametrize("stage", ["staging", "prod"])
def test_no_stage_but_a_laptop_can_be_told_whom_to_believe(
    cloud: Cloud, paypal: Paypal, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    monkeypatch.setenv("STAGE", stage)
    monkeypatch.setenv("LOCAL_PAYPAL", paypal.told)

    made = receive_paypal._certificates()

    assert made._stand_in is None
    assert made._roots == Path(certifi.where()).read_bytes()
    assert list(made._names) == ([LIVE_NAME] if stage == "prod" else [TEST_NAME, LIVE_NAME])


def test_what_is_logged_of_a_delivery_repeats_no_part_of_it(
    laptop: Cloud, paypal: Paypal, logged: StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = _delivery(paypal), _delivery(paypal, paypal.gives(b"", 500))
    for event in (good, bad, good | {"body": BODY + " "}):
        _status(event)

    told = logged.getvalue() + capsys.readouterr().out
    assert "WebhookTaken" in told
    assert "WebhookRefused" in told
    for event in (good, bad):
        for name in paypal.headers(b""):
            if name != "paypal-auth-algo":
                assert event["headers"][name] not in told
    assert "Noor" not in told
