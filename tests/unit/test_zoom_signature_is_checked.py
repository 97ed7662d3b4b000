"""Zoom's signature: what it signed is believed, and our key signs nothing for anybody else."""

import hashlib
import hmac

import pytest

from shared.adapters.zoom_signature import answer_to, is_signed, sign

SECRET = "zoom_secret_token"
NOW = 1_750_000_000
BODY = b'{"event":"meeting.participant_left","event_ts":1626230691572}'


@pytest.mark.parametrize("age", [-299, 0, 299])
def test_what_zoom_signed_is_believed_within_five_minutes(age: int) -> None:
    assert is_signed(BODY, sign(BODY, SECRET, NOW - age), str(NOW - age), [SECRET], NOW)


def test_the_signature_is_that_of_zooms_own_example() -> None:
    """Computed here once more, by Zoom's words: v0, the timestamp, and the body as it came."""
    digest = hmac.new(SECRET.encode(), b"v0:1626230691:" + BODY, hashlib.sha256).hexdigest()

    assert sign(BODY, SECRET, 1626230691) == f"v0={digest}"


def test_while_a_secret_is_rolled_both_are_ours() -> None:
    assert is_signed(BODY, sign(BODY, "new", NOW), str(NOW), [SECRET, "new"], NOW)


@pytest.mark.parametrize(
    ("what", "body", "signature", "timestamp", "secrets"),
    [
        ("another body", BODY + b" ", sign(BODY, SECRET, NOW), str(NOW), [SECRET]),
        ("another time", BODY, sign(BODY, SECRET, NOW), str(NOW + 1), [SECRET]),
        ("another secret", BODY, sign(BODY, "theirs", NOW), str(NOW), [SECRET]),
        ("no secret", BODY, sign(BODY, "", NOW), str(NOW), [""]),
        ("too old", BODY, sign(BODY, SECRET, NOW - 301), str(NOW - 301), [SECRET]),
        ("from the future", BODY, sign(BODY, SECRET, NOW + 301), str(NOW + 301), [SECRET]),
        ("no signature", BODY, "", str(NOW), [SECRET]),
        ("two signatures", BODY, f"{sign(BODY, SECRET, NOW)},{sign(BODY, SECRET, NOW)}", str(NOW),
         [SECRET]),
        ("no time", BODY, sign(BODY, SECRET, NOW), "", [SECRET]),
        ("two times", BODY, sign(BODY, SECRET, NOW), f"{NOW},{NOW}", [SECRET]),
        ("a strange time", BODY, sign(BODY, SECRET, NOW), "١٧٥٠", [SECRET]),
        ("a strange signature", BODY, "v0=é\ud800", str(NOW), [SECRET]),
    ],
)  # fmt: skip
def test_whatever_else_is_not_believed(
    what: str, body: bytes, signature: str, timestamp: str, secrets: list[str]
) -> None:
    assert not is_signed(body, signature, timestamp, secrets, NOW), what


def test_zooms_question_is_answered_as_zoom_expects() -> None:
    token = "qgg8vlvZRS6UYooatFL8Aw"
    digest = hmac.new(SECRET.encode(), token.encode(), hashlib.sha256).hexdigest()

    assert answer_to(token, SECRET) == {"plainToken": token, "encryptedToken": digest}


@pytest.mark.parametrize(
    "token",
    [f"v0:{NOW}:{{}}", "", "a" * 65, "a b", "a\n", "tökén", None, 7, ["a"], "v0:1:x"],
)
def test_a_token_that_could_be_the_text_of_an_event_is_not_signed(token: object) -> None:
    assert answer_to(token, SECRET) is None


def test_signing_any_token_would_sign_forged_events() -> None:
    """The negative control: what an answer to any token at all would let somebody do."""
    forged = b'{"event":"meeting.participant_joined"}'
    careless = hmac.digest(SECRET.encode(), f"v0:{NOW}:".encode() + forged, hashlib.sha256).hex()

    assert is_signed(forged, f"v0={careless}", str(NOW), [SECRET], NOW)
    assert answer_to(f"v0:{NOW}:{forged.decode()}", SECRET) is None
