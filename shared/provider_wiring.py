"""Builds what asks the payment providers, each with the key that an operator has put in, if any.

A part of `wiring`, which is where everybody asks for it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from shared import settings, wiring

if TYPE_CHECKING:
    from shared.adapters.eventbrite_api import EventbriteOrders
    from shared.adapters.paypal_api import PaypalApi, PaypalKey
    from shared.adapters.razorpay_refunds import RazorpayKey
    from shared.domain.payments import PaymentFact
    from shared.ports import ProviderEvents, Refunds
    from shared.usecases.ask_who_paid import Asking


def events() -> "dict[str, ProviderEvents]":
    """What each says it told us."""
    from shared.adapters.paypal_event_list import PaypalEventList
    from shared.adapters.razorpay_event_list import RazorpayEventList

    return {
        "razorpay": RazorpayEventList(razorpay_key),
        "paypal": PaypalEventList(paypal_api()),
        "eventbrite": eventbrite_orders(),
    }


def refunds() -> "dict[str, Refunds]":
    """Where money can be given back, each with the key that was put in for that alone."""
    from shared.adapters.paypal_api import LIVE, SANDBOX, PaypalApi, PaypalKey
    from shared.adapters.paypal_refunds import PaypalRefunds
    from shared.adapters.razorpay_refunds import RazorpayKey, RazorpayRefunds
    from shared.adapters.stripe_refunds import StripeRefunds

    paypal = PaypalApi(
        lambda: PaypalKey(*_refund_key("paypal", "client_id", "client_secret")),
        LIVE if wiring.takes_real_money() else SANDBOX,
    )
    return {
        "stripe": StripeRefunds(lambda: _refund_key("stripe", "api_key")[0]),
        "razorpay": RazorpayRefunds(
            lambda: RazorpayKey(*_refund_key("razorpay", "key_id", "key_secret"))
        ),
        "paypal": PaypalRefunds(paypal),
    }


def _refund_key(provider: str, *names: str) -> list[str]:
    """What an operator put there for that provider; empty texts if nobody has."""
    kept = wiring.secret(settings.read(settings.RefundSettings).secret_id).get(provider)
    return [str(kept.get(name, "")) if isinstance(kept, dict) else "" for name in names]


def asking() -> "Asking":
    """Whom to ask who paid, and what is done with an answer: the same as with a delivery."""
    from shared.adapters.payment_providers import read_event
    from shared.adapters.paypal_payments import PaypalPayments
    from shared.usecases.ask_who_paid import Asking

    live = wiring.takes_real_money()
    return Asking(
        payments={"paypal": PaypalPayments(paypal_api())},
        read=lambda provider, body: read_event(provider, body, live=live).facts,
        keep=keep,
        records=wiring.records(),
        identity_key=wiring.identity_keys()[0],
        live=live,
        now=wiring.now(),
    )


def keep(provider: str, body: bytes, facts: "Sequence[PaymentFact] | None") -> bool:
    """Keep what a provider said, and what it states (None if it cannot be read), for a month."""
    from shared.usecases.keep_events import keep_event

    return keep_event(
        provider,
        body,
        facts,
        files=wiring.raw_events(),
        records=wiring.records(),
        identity_key=wiring.identity_keys()[0],
        now=wiring.now(),
    )


@lru_cache
def paypal_api() -> "PaypalApi":
    """PayPal's API: the live one where real money is taken, else its sandbox."""
    from shared.adapters.paypal_api import LIVE, SANDBOX, PaypalApi

    return PaypalApi(_paypal_key, LIVE if wiring.takes_real_money() else SANDBOX)


@lru_cache
def eventbrite_orders() -> "EventbriteOrders":
    """Eventbrite's orders. One for all, because it remembers when it was told to ask no more."""
    from shared.adapters.eventbrite_api import API, EventbriteOrders

    told = settings.read(settings.EventbriteSettings)
    address = told.local_api if told.stage == "local" and told.local_api else API
    # Asked for anew each time: a token that was put in meanwhile counts.
    return EventbriteOrders(
        lambda: str(wiring.secret(told.secret_id).get("private_token", "")), address
    )


def razorpay_key() -> "RazorpayKey":
    """The key of Razorpay's API; its id says itself whether it is for real money."""
    from shared.adapters.razorpay_refunds import RazorpayKey

    kept = wiring.secret(settings.read(settings.RazorpayApiSettings).secret_id)
    return RazorpayKey(str(kept.get("key_id", "")), str(kept.get("key_secret", "")))


def _paypal_key() -> "PaypalKey":
    from shared.adapters.paypal_api import PaypalKey

    kept = wiring.secret(settings.read(settings.PaypalApiSettings).secret_id)
    return PaypalKey(str(kept.get("client_id", "")), str(kept.get("client_secret", "")))
