"""Nothing is believed of a payment unless Stripe signed it, with our secret, just now."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.stripe_signature import TOLERANCE_SECONDS, is_signed, sign

NOW = 1749560312
SECRET, NEW_SECRET = "whsec_the_secret_of_today", "whsec_the_secret_of_tomorrow"
BODY = b'{"id":"evt_1","type":"checkout.session.completed"}'
HEADER = sign(BODY, SECRET, NOW)
V1 = HEADER.partition(",v1=")[2]
OTHER = sign(BODY, "whsec_of_somebody_else", NOW).partition(",v1=")[2]


def _taken(
    header: str, body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,), now: float = NOW
) -> bool:
    return is_signed(body, header, list(secrets), now)


@pytest.mark.parametrize("path", sorted(Path("events/payment_webhook").glob("*.json")), ids=str)
def test_what_stripe_signed_is_taken(path: Path) -> None:
    body = path.read_bytes()

    assert _taken(sign(body, SECRET, NOW), body)


@pytest.mark.parametrize(
    ("what", "header", "taken"),
    [
        ("as it comes", f"t={NOW},v1={V1}", True),
        ("spaces after commas", f"t={NOW}, v1={V1}", True),
        ("a test signature beside it", f"t={NOW},v1={V1},v0={OTHER}", True),
        ("while a secret is rolled", f"t={NOW},v1={OTHER},v1={V1}", True),
        ("signature first", f"v1={V1},t={NOW}", True),
        ("a test signature alone", f"t={NOW},v0={V1}", False),
        ("a scheme of tomorrow alone", f"t={NOW},v2={V1}", False),
        ("somebody else's", f"t={NOW},v1={OTHER}", False),
        ("no time", f"v1={V1}", False),
        ("two times", f"t={NOW},v1={V1},t={NOW}", False),
        ("two headers joined", f"t={NOW},v1={V1}, t={NOW},v1={V1}", False),
        ("another time than signed", f"t={NOW + 1},v1={V1}", False),
        ("no signature", f"t={NOW}", False),
        ("an empty signature", f"t={NOW},v1=", False),
        ("in capitals", f"t={NOW},v1={V1.upper()}", False),
        ("half of it", f"t={NOW},v1={V1[:32]}", False),
        ("more than it", f"t={NOW},v1={V1}00", False),
        ("a time with a sign", f"t=+{NOW},v1={V1}", False),
        ("a time with a fraction", f"t={NOW}.0,v1={V1}", False),
        ("a time in other digits", "t=١٧٤٩٥٦٠٣١٢,v1=" + V1, False),
        ("a time without end", f"t={'9' * 5000},v1={V1}", False),
        ("letters outside ASCII", f"t={NOW},v1=é{V1}", False),
        ("nothing", "", False),
        ("noise", ",,,===,,", False),
    ],
)
def test_only_a_whole_signature_of_stripe_is_taken(what: str, header: str, taken: bool) -> None:
    assert _taken(header) is taken, what


@pytest.mark.parametrize(
    ("age", "taken"),
    [(0, True), (299, True), (300, True), (301, False), (4 * 86400, False),
     (-299, True), (-300, True), (-301, False)],
)  # fmt: skip
def test_a_signature_counts_for_five_minutes_either_way(age: int, taken: bool) -> None:
    assert TOLERANCE_SECONDS == 300
    assert _taken(HEADER, now=NOW + age) is taken


def test_changing_any_byte_of_the_body_is_noticed() -> None:
    taken = [
        at
        for at in range(len(BODY))
        for bit in (1, 32, 128)
        if _taken(HEADER, BODY[:at] + bytes([BODY[at] ^ bit]) + BODY[at + 1 :])
    ]

    assert taken == []


def test_changing_any_character_of_the_header_is_noticed_or_changes_nothing() -> None:
    harmless = []
    for at in range(len(HEADER)):
        for letter in "0aZ=, ":
            changed = HEADER[:at] + letter + HEADER[at + 1 :]
            if changed != HEADER and _taken(changed):
                harmless.append(changed)

    assert harmless == []


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
def test_two_secrets_are_ours_while_one_is_rolled(secrets: tuple[str, ...], taken: bool) -> None:
    assert _taken(HEADER, secrets=secrets) is taken


def test_what_is_signed_with_no_secret_at_all_is_never_taken() -> None:
    header = sign(BODY, "", NOW)

    assert not _taken(header, secrets=("",))
    assert not _taken(header, secrets=("", SECRET))


@given(st.text(max_size=200))
def test_whatever_is_sent_as_a_signature_is_refused_and_breaks_nothing(header: str) -> None:
    assert not _taken(header)


@given(st.binary(max_size=200), st.text(max_size=30).filter(lambda s: s.isascii()))
def test_any_body_signed_with_our_secret_is_taken(body: bytes, secret: str) -> None:
    assert is_signed(body, sign(body, secret, NOW), [secret], NOW) is bool(secret)
