"""Giving money back at a provider: the twin in memory, Stripe and Razorpay keep one contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from shared.adapters.memory_providers import MemoryRefunds
from shared.adapters.paypal_api import PaypalApi, PaypalKey
from shared.adapters.paypal_refunds import PaypalRefunds, _written
from shared.adapters.razorpay_refunds import RazorpayKey, RazorpayRefunds
from shared.adapters.stripe_refunds import StripeRefunds
from shared.domain.decisions import Decision
from shared.domain.money import Money
from shared.domain.refund_requests import Repayment
from shared.failures import Unavailable
from shared.ports import Refunds
from tests import paypal_api
from tests.paypal import changed, fact_of
from tests.paypal_api import PaypalServer
from tests.refund_providers import (
    RAZORPAY_ID,
    RAZORPAY_SECRET,
    STRIPE_KEY,
    Razorpay,
    Stripe,
    serving,
)

PAYMENT = "pi_ana"


@dataclass
class AtProvider:
    """A provider with one payment of $297.00, and the door to it."""

    refunds: Refunds
    without_key: Refunds
    stands_in: Any

    def moods(self, *moods: str) -> None:
        # Stripe's own library asks once more by itself.
        again = 2 if isinstance(self.stands_in, Stripe) else 1
        for mood in moods:
            if isinstance(self.stands_in, PaypalServer):
                self.stands_in.moods.append(429 if mood == "busy" else mood)
                continue
            if isinstance(self.stands_in, MemoryRefunds):
                self.stands_in.answers.append(mood)
            else:
                self.stands_in.moods += [mood] * again

    def give_by_hand(self, minor: int) -> None:
        if isinstance(self.stands_in, MemoryRefunds):
            self.stands_in.by_hand[PAYMENT] = minor
        else:
            self.stands_in.give_by_hand(PAYMENT, minor)

    def gone(self) -> int:
        return int(self.stands_in.gone(PAYMENT))


@pytest.fixture(params=["memory", "stripe", "razorpay", "paypal"])
def provider(request: pytest.FixtureRequest) -> Iterator[AtProvider]:
    if request.param == "memory":
        twin = MemoryRefunds(payments={PAYMENT: Money(minor=29700, currency="USD")})
        yield AtProvider(twin, MemoryRefunds(has_key=False), twin)
    elif request.param == "stripe":
        with serving(Stripe) as stripe:
            stripe.payments[PAYMENT] = 29700
            yield AtProvider(
                StripeRefunds(lambda: STRIPE_KEY, stripe.address),
                StripeRefunds(lambda: "", stripe.address),
                stripe,
            )
    elif request.param == "paypal":
        with paypal_api.serving() as paypal:
            paypal.sold(PAYMENT, "297.00")
            paypal.moods_of = ("POST",)
            yield AtProvider(
                PaypalRefunds(PaypalApi(lambda: paypal_api.KEY, paypal.address)),
                PaypalRefunds(PaypalApi(lambda: PaypalKey("", ""), paypal.address)),
                paypal,
            )
    else:
        with serving(Razorpay) as razorpay:
            razorpay.payments[PAYMENT] = 29700
            key = RazorpayKey(RAZORPAY_ID, RAZORPAY_SECRET)
            yield AtProvider(
                RazorpayRefunds(lambda: key, razorpay.address),
                RazorpayRefunds(lambda: RazorpayKey("", ""), razorpay.address),
                razorpay,
            )


def repayment(request: str = "stripe-pi_ana-r1", minor: int = 5940, **changes: Any) -> Repayment:
    fields = {
        "request": request, "payment": PAYMENT, "amount": Money(minor=minor, currency="USD"),
        "sessions": ("tfc-3-biomedical",),
    }  # fmt: skip
    return Repayment.model_validate(fields | changes)


def test_a_request_moves_its_money_once_however_often_it_is_asked(provider: AtProvider) -> None:
    first = provider.refunds.give_back(repayment())
    again = provider.refunds.give_back(repayment())

    assert first == again
    assert provider.gone() == 5940


def test_two_requests_move_money_twice(provider: AtProvider) -> None:
    provider.refunds.give_back(repayment())
    provider.refunds.give_back(repayment("stripe-pi_ana-r2"))

    assert provider.gone() == 2 * 5940


def test_an_answer_that_was_lost_is_asked_for_again_and_nothing_moves_twice(
    provider: AtProvider,
) -> None:
    provider.moods("lost")
    with pytest.raises(Unavailable):
        provider.refunds.give_back(repayment())
    assert provider.gone() == 5940

    assert isinstance(provider.refunds.give_back(repayment()), str)
    assert provider.gone() == 5940


def test_a_provider_that_does_not_answer_has_moved_nothing_and_is_asked_again(
    provider: AtProvider,
) -> None:
    provider.moods("silent")
    with pytest.raises(Unavailable):
        provider.refunds.give_back(repayment())
    assert provider.gone() == 0

    provider.refunds.give_back(repayment())
    assert provider.gone() == 5940


def test_more_than_was_paid_never_goes_back_and_that_is_a_clear_no(provider: AtProvider) -> None:
    provider.refunds.give_back(repayment(minor=29000))
    refused = provider.refunds.give_back(repayment("stripe-pi_ana-r2", minor=5940))

    assert isinstance(refused, Decision)
    assert not refused.granted
    assert "Quillon" not in refused.why
    assert provider.gone() == 29000


def test_a_payment_that_the_provider_does_not_know_is_a_clear_no(provider: AtProvider) -> None:
    assert isinstance(provider.refunds.give_back(repayment(payment="pi_other")), Decision)


def test_without_a_key_nobody_is_asked(provider: AtProvider) -> None:
    assert provider.without_key.give_back(repayment()) is None
    assert provider.gone() == 0


def test_a_refund_by_hand_that_we_have_not_heard_of_holds_the_next_one_back(
    provider: AtProvider,
) -> None:
    provider.give_by_hand(5940)
    with pytest.raises(Unavailable):
        provider.refunds.give_back(repayment())
    assert provider.gone() == 5940

    provider.refunds.give_back(repayment(heard_of=5940))
    assert provider.gone() == 2 * 5940


@pytest.mark.parametrize("provider", ["stripe", "razorpay", "paypal"], indirect=True)
def test_days_later_the_same_request_still_moves_nothing_again(provider: AtProvider) -> None:
    provider.moods("lost")
    with pytest.raises(Unavailable):
        provider.refunds.give_back(repayment())
    provider.stands_in.forget_requests()

    provider.refunds.give_back(repayment())

    assert provider.gone() == 5940


@pytest.mark.parametrize("provider", ["stripe", "razorpay"], indirect=True)
def test_each_refund_names_its_request_and_its_classes_and_a_key_of_its_own(
    provider: AtProvider,
) -> None:
    provider.refunds.give_back(repayment(sessions=("tfc-3-biomedical", "tfc-4-regulation")))

    (made,) = provider.stands_in.refunds
    notes = made.get("metadata") or made.get("notes")
    assert notes == {
        "request": "stripe-pi_ana-r1",
        "sessions": "tfc-3-biomedical,tfc-4-regulation",
    }
    assert [key for method, _, key in provider.stands_in.asked if method == "POST"] == [
        "stripe-pi_ana-r1"
    ]


@pytest.mark.parametrize("provider", ["stripe", "razorpay", "paypal"], indirect=True)
def test_a_busy_provider_is_asked_another_time(provider: AtProvider) -> None:
    provider.moods("busy")
    with pytest.raises(Unavailable):
        provider.refunds.give_back(repayment())


def test_a_key_that_may_not_give_back_is_a_clear_no() -> None:
    with (
        serving(Stripe) as stripe,
        serving(Razorpay) as razorpay,
        paypal_api.serving() as paypal,
    ):
        for refunds in (
            StripeRefunds(lambda: "rk_other", stripe.address),
            RazorpayRefunds(lambda: RazorpayKey("x", "y"), razorpay.address),
            PaypalRefunds(PaypalApi(lambda: PaypalKey("x", "y"), paypal.address)),
        ):
            refused = refunds.give_back(repayment())
            assert isinstance(refused, Decision)
            assert refused.reasons[0].code == "key_refused"


def test_a_provider_that_forgets_its_requests_would_pay_twice_if_nobody_looked_first() -> None:
    """The negative control: without looking, the second request is a second refund."""
    with serving(Stripe) as stripe:
        stripe.payments[PAYMENT] = 29700
        refunds = StripeRefunds(lambda: STRIPE_KEY, stripe.address)
        refunds.give_back(repayment())
        stripe.forget_requests()
        for made in stripe.refunds:
            made["metadata"] = {}  # as if none of ours could be told from others
        refunds.give_back(repayment(heard_of=5940))
        assert stripe.gone(PAYMENT) == 2 * 5940


# --- PayPal's own ----------------------------------------------------------------------------


@pytest.fixture
def paypal() -> Iterator[PaypalServer]:
    """PayPal, with one payment of $297.00."""
    with paypal_api.serving() as stands_in:
        stands_in.sold(PAYMENT, "297.00")
        yield stands_in


def _at(paypal: PaypalServer) -> PaypalRefunds:
    return PaypalRefunds(PaypalApi(lambda: paypal_api.KEY, paypal.address))


def test_paypal_is_told_the_request_and_the_exact_amount_as_it_writes_them(
    paypal: PaypalServer,
) -> None:
    assert _at(paypal).give_back(repayment("paypal-pi_ana-r1")) == "REFUND00000001"

    assert paypal.bodies[-1] == {
        "amount": {"value": "59.40", "currency_code": "USD"},
        "custom_id": "paypal-pi_ana-r1",
    }
    assert list(paypal.remembered) == ["paypal-pi_ana-r1"]


def test_what_paypal_writes_back_is_known_for_ours_and_somebody_elses_is_not(
    paypal: PaypalServer,
) -> None:
    refunds = _at(paypal)
    refunds.give_back(repayment("paypal-pi_ana-r1"))
    (made,) = paypal.refunds
    event = changed("payment.capture.refunded", **made)
    assert fact_of(event).request == "paypal-pi_ana-r1"

    made["custom_id"] = "general-class-2"  # what it was bought as
    assert fact_of(changed("payment.capture.refunded", **made)).request == ""
    with pytest.raises(Unavailable):
        refunds.give_back(repayment("paypal-pi_ana-r2"))


@pytest.mark.parametrize(
    ("currency", "minor", "written"),
    [("USD", 5940, "59.40"), ("JPY", 450, "450"), ("HUF", 45000, "450"), ("TWD", 45000, "450")],
)
def test_paypal_takes_no_coins_of_some_currencies(currency: str, minor: int, written: str) -> None:
    assert _written(Money(minor=minor, currency=currency)) == written


@pytest.mark.parametrize(
    ("answer", "word"),
    [({"id": "REFUND1"}, "none that we know"), ({"status": 7}, "none that we know")],
)
def test_an_answer_of_paypals_that_cannot_be_read_is_asked_for_again(
    paypal: PaypalServer, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any], word: str
) -> None:
    monkeypatch.setattr(paypal, "_refund", lambda *_: (201, answer))

    with pytest.raises(Unavailable, match=word):
        _at(paypal).give_back(repayment("paypal-pi_ana-r1"))
