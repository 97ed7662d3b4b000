"""Nothing is believed of a payment unless Razorpay signed it, with a secret that is ours."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.razorpay_signature import is_signed, sign

SECRET, NEW_SECRET = "the secret of today", "the secret of tomorrow"
BODY = b'{"entity":"event","event":"payment.captured"}'
HEADER = sign(BODY, SECRET)
OTHER = sign(BODY, "a secret of somebody else")


def _taken(header: str, body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,)) -> bool:
    return is_signed(body, header, list(secrets))


@pytest.mark.parametrize(
    "path",
    sorted(Path("events/payment_webhook/razorpay").glob("*.json")),
    ids=lambda path: path.stem,
)
def test_what_razorpay_signed_is_taken(path: Path) -> None:
    body = path.read_bytes()

    assert _taken(sign(body, SECRET), body)


def test_a_signature_is_the_one_that_anybody_else_would_calculate() -> None:
    """The second case of RFC 4231: text for a key, text for a message, what SHA-256 makes of it."""
    signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"

    assert sign(b"what do ya want for nothing?", "Jefe") == signature


@pytest.mark.parametrize(
    ("what", "header", "taken"),
    [
        ("as it comes", HEADER, True),
        ("somebody else's", OTHER, False),
        ("two headers joined", f"{HEADER},{HEADER}", False),
        ("two headers joined, with a space", f"{OTHER}, {HEADER}", False),
        ("in capitals", HEADER.upper(), False),
        ("with a space before it", f" {HEADER}", False),
        ("named as others do", f"v1={HEADER}", False),
        ("half of it", HEADER[:32], False),
        ("more than it", f"{HEADER}00", False),
        ("letters outside ASCII", f"é{HEADER}", False),
        ("half a character", "\ud800", False),
        ("nothing", "", False),
        ("noise", ",,,===,,", False),
    ],
)
def test_only_a_whole_signature_of_razorpay_is_taken(what: str, header: str, taken: bool) -> None:
    assert _taken(header) is taken, what


def test_changing_any_bit_of_the_body_is_noticed() -> None:
    taken = [
        (at, bit)
        for at in range(len(BODY))
        for bit in range(8)
        if _taken(HEADER, BODY[:at] + bytes([BODY[at] ^ 1 << bit]) + BODY[at + 1 :])
    ]

    assert taken == []


def test_changing_any_character_of_the_signature_is_noticed() -> None:
    changed = [
        HEADER[:at] + letter + HEADER[at + 1 :]
        for at in range(len(HEADER))
        for letter in "0aZ=, "
        if letter != HEADER[at]
    ]

    assert len(changed) > 300
    assert [header for header in changed if _taken(header)] == []


@pytest.mark.parametrize("body", [BODY + b"\n", BODY + b" ", b"\xef\xbb\xbf" + BODY, b""])
def test_the_bytes_count_and_not_what_they_mean(body: bytes) -> None:
    assert not _taken(HEADER, body)


@pytest.mark.parametrize(
    ("secrets", "taken"),
    [
        ((SECRET,), True),
        ((NEW_SECRET, SECRET), True),
        ((SECRET, NEW_SECRET), True),
        ((NEW_SECRET,), False),
        ((), False),
        (("",), False),
    ],
)
def test_two_secrets_are_ours_while_one_is_changed(secrets: tuple[str, ...], taken: bool) -> None:
    assert _taken(HEADER, secrets=secrets) is taken


def test_what_is_signed_with_no_secret_at_all_is_never_taken() -> None:
    header = sign(BODY, "")

    assert not _taken(header, secrets=("",))
    assert not _taken(header, secrets=("", SECRET))


@given(st.text(max_size=200))
def test_whatever_is_sent_as_a_signature_is_refused_and_breaks_nothing(header: str) -> None:
    assert not _taken(header)


@given(st.binary(max_size=200), st.text(max_size=30))
def test_any_body_signed_with_our_secret_is_taken(body: bytes, secret: str) -> None:
    assert is_signed(body, sign(body, secret), [secret]) is bool(secret)
