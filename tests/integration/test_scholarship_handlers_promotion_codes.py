"""Promotion codes, made by Stripe's own library at a stand-in that speaks its API."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shared import wiring
from shared.adapters.stripe_promotion_codes import StripePromotionCodes
from shared.domain.awards import Award
from shared.domain.money import Money
from shared.failures import Unavailable
from tests.cloud import Cloud

USD = "USD"
AWARD = Award(
    series="idha-2025",
    learner="l1",
    reference="S-ABCD2345",
    amount=Money(minor=20000, currency=USD),
    to_pay=Money(minor=15000, currency=USD),
    covers="general-bundle",
    credit=False,
    offered_at=datetime(2025, 6, 18, tzinfo=UTC),
    answer_by=datetime(2025, 6, 21, tzinfo=UTC),
    pay_by=datetime(2025, 6, 23, 4, tzinfo=UTC),
)
# What they paid before is taken off what is left.
PAID_BEFORE = AWARD.model_copy(update={"due": Money(minor=8000, currency=USD)})


class Stripe:
    """What Stripe would keep, and every request that it was sent."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.coupons: dict[str, dict[str, str]] = {}
        self.codes: list[dict[str, Any]] = []
        self.failing: int = 0
        self.refusing: int = 0
        self.address = ""

    def answer(self, method: str, path: str, said: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.refusing:
            return self.refusing, _error("invalid_request_error", "no")
        if self.failing:
            return self.failing, _error("api_error", "later")
        match method, path:
            case "POST", "/v1/coupons" if said["id"] in self.coupons:
                return 400, _error("invalid_request_error", "resource_already_exists")
            case "POST", "/v1/coupons":
                self.coupons[said["id"]] = said
                return 200, {"id": said["id"], "object": "coupon"}
            case "GET", "/v1/promotion_codes":
                found = [one for one in self.codes if one["coupon"] == said["coupon"]]
                return 200, {"object": "list", "data": found, "has_more": False}
            case "POST", "/v1/promotion_codes":
                made = {
                    "id": f"promo_{len(self.codes)}",
                    "object": "promotion_code",
                    "code": f"CODE{len(self.codes)}",
                    "coupon": said["promotion[coupon]"],
                }
                self.codes.append(made)
                return 200, made
        return 404, _error("invalid_request_error", "no such address")


def _error(kind: str, code: str) -> dict[str, Any]:
    return {"error": {"type": kind, "code": code, "message": "Quillon Vantablack"}}


@pytest.fixture
def stripe() -> Iterator[Stripe]:
    """A stand-in for Stripe."""
    stands_in = Stripe()

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            address = urlsplit(self.path)
            said = dict(parse_qsl(address.query)) | dict(parse_qsl(body))
            request = f"{self.command} {address.path}"
            stands_in.asked.append((request, said, dict(self.headers.items())))
            status, answer = stands_in.answer(self.command, address.path, said)
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _do  # noqa: N815 - what the server looks for

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stands_in.address = f"http://127.0.0.1:{server.server_port}"
    yield stands_in
    server.shutdown()
    server.server_close()
    thread.join()


def _made(stripe: Stripe, award: Award = AWARD) -> str | None:
    codes = StripePromotionCodes(lambda: "rk_for_tests", stripe.address)
    return codes.make(award, "Psychiatric Survivors and the Work of Care", "quillon@example.org")


def test_a_code_takes_off_what_the_award_pays_once_until_the_day_to_pay(stripe: Stripe) -> None:
    assert _made(stripe) == "CODE0"

    (coupon,) = stripe.coupons.values()
    assert coupon["id"] == "award-s-abcd2345-20000"
    assert (coupon["amount_off"], coupon["currency"]) == ("20000", "usd")
    assert (coupon["max_redemptions"], coupon["duration"]) == ("1", "once")
    assert len(coupon["name"]) <= 40
    _, said, headers = stripe.asked[-1]
    assert said["promotion[type]"] == "coupon"
    assert said["max_redemptions"] == "1"
    assert said["expires_at"] == str(int(datetime(2025, 6, 23, 4, tzinfo=UTC).timestamp()))
    assert headers["Authorization"] == "Bearer rk_for_tests"


def test_what_was_paid_before_makes_the_code_worth_more(stripe: Stripe) -> None:
    _made(stripe, PAID_BEFORE)

    (coupon,) = stripe.coupons.values()
    assert coupon["amount_off"] == "27000", "35000 is the price, and 8000 is left to pay"


def test_asked_again_it_is_the_same_code(stripe: Stripe) -> None:
    assert [_made(stripe) for _ in range(3)] == ["CODE0"] * 3

    assert (len(stripe.coupons), len(stripe.codes)) == (1, 1)


def test_what_changes_something_names_itself_so_that_repeating_it_is_safe(stripe: Stripe) -> None:
    _made(stripe)

    keys = [
        headers.get("Idempotency-Key")
        for request, _, headers in stripe.asked
        if request.startswith("POST")
    ]
    assert keys == ["award-s-abcd2345-20000-coupon", "award-s-abcd2345-20000-code"]


def test_stripe_is_told_of_no_person(stripe: Stripe) -> None:
    _made(stripe)

    assert "quillon" not in json.dumps([(path, said) for path, said, _ in stripe.asked])


def test_without_a_key_nobody_is_asked(stripe: Stripe, cloud: Cloud) -> None:
    assert StripePromotionCodes(str, stripe.address).make(AWARD, "A series", "a@b.example") is None
    assert wiring.promotion_codes().make(AWARD, "A series", "a@b.example") is None
    assert stripe.asked == []


def test_the_key_is_the_one_that_an_operator_put(cloud: Cloud) -> None:
    cloud.set_secret("STRIPE_API_SECRET_ID", {"api_key": "rk_put_by_hand"})

    assert wiring.promotion_codes()._api_key() == "rk_put_by_hand"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_when_stripe_is_busy_somebody_comes_again(stripe: Stripe, status: int) -> None:
    stripe.failing = status

    with pytest.raises(Unavailable):
        _made(stripe)

    stripe.failing = 0
    assert _made(stripe) == "CODE0"


def test_when_nobody_answers_somebody_comes_again() -> None:
    with pytest.raises(Unavailable):
        StripePromotionCodes(lambda: "rk", "http://127.0.0.1:9").make(
            AWARD, "A series", "a@b.example"
        )


@pytest.mark.parametrize("status", [400, 401, 402, 403])
def test_when_stripe_refuses_staff_make_the_link_and_the_log_says_no_more_than_that(
    stripe: Stripe, status: int, logged: StringIO
) -> None:
    stripe.refusing = status

    assert _made(stripe) is None

    assert "Stripe refused to make a promotion code" in logged.getvalue()
    assert "Quillon" not in logged.getvalue()
    assert "rk_for_tests" not in logged.getvalue()
