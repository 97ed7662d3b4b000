"""By whom and by what a payment event that is kept as it came is found again.

What is kept of one person is handed to them, or taken away, by reading that and nothing else,
however much others paid in that month. Ids only: of whoever has an address that stands in the
event, and of the orders it is about, whether or not today's code can read it.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple

from shared.domain.links import learner_id
from shared.domain.people import clean_address
from shared.domain.record import Key, Record

FOLDER: Final = "payment-events"
# As long as the bucket keeps an event.
_KEPT_FOR: Final = timedelta(days=30)
_ADDRESS: Final = re.compile(r"[^\s<>\"'(),:;\[\]\\@]+@[^\s<>\"'(),:;\[\]\\@]+\.\w+")
# How each provider writes the id that we call an order by; PayPal often within a link.
_PAYMENT: Final = {
    "stripe": re.compile(r"\b(?:pi|cs|ch|py)_\w+"),
    "razorpay": re.compile(r"\bpay_\w+"),
    "paypal": re.compile(r"\b[0-9A-Z]{17}\b"),
}


class KeptEvent(Record):
    """That a kept event names a person, or an order. Nothing of what it says of them."""

    kind: ClassVar[str] = "kept_event"

    about: str
    provider: str
    name: str

    @staticmethod
    def partition_of(about: str) -> str:
        """Where everything that is kept of that person, or of that order, is listed."""
        return f"KEPT#{about}"

    def key(self) -> Key:
        return Key(self.partition_of(self.about), f"{self.provider}/{self.name}")

    @property
    def file(self) -> str:
        """The key of the event itself."""
        return file_of(self.provider, self.name)

    @staticmethod
    def kept(about: str, provider: str, name: str, now: datetime) -> "KeptEvent":
        """The entry of an event that is kept now."""
        expires_at = int((now + _KEPT_FOR).timestamp())
        return KeptEvent(about=about, provider=provider, name=name, expires_at=expires_at)


class Mentioned(NamedTuple):
    """Whom and what an event names: ids of people, made from their addresses, and of orders."""

    people: frozenset[str]
    orders: frozenset[str]


def file_of(provider: str, name: str) -> str:
    """The key of a kept event: from whom it is, and the hash of its bytes."""
    return f"{FOLDER}/{provider}/{name}.json"


def mentioned_in(provider: str, body: bytes, identity_key: bytes) -> Mentioned:
    """Whom and what an event names, wherever in it. Takes whatever was sent, and never raises."""
    texts = list(_texts(body))
    addresses = (clean_address(one) for text in texts for one in _ADDRESS.findall(text))
    payment = _PAYMENT.get(provider)
    payments = (one for text in texts if payment for one in payment.findall(text))
    return Mentioned(
        people=frozenset(learner_id(one, identity_key) for one in addresses if one),
        orders=frozenset(f"{provider}-{one}" for one in payments),
    )


def _texts(body: bytes) -> Iterator[str]:
    """Every text in it; all of it as one where it is not JSON."""
    try:
        ahead: list[Any] = [json.loads(body)]
    except (ValueError, RecursionError):
        ahead = [body.decode("utf-8", "replace")]
    while ahead:
        match ahead.pop():
            case str() as text:
                yield text
            case dict() as several:
                ahead += several.values()
            case list() as several:
                ahead += several
