"""The season's payments as Stripe would send them: the example events, with these people."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from devstack import paths
from devstack.season.people import Person
from shared.domain.catalogue import Catalogue

_EVENTS = paths.REPO / "events" / "payment_webhook"


class Till:
    """Makes the events of one season. Every payment has its own ids, and keeps them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._season = uuid.uuid4().hex[:10]

    def paid(self, person: Person, amount: int | None = None) -> bytes:
        """That the person paid (the listed price, unless another amount is given)."""
        return self._of_session(person, "checkout.session.completed", "paid", amount)

    def unpaid(self, person: Person) -> bytes:
        """That the person checked out with a method that pays later."""
        return self._of_session(person, "checkout.session.completed", "unpaid")

    def paid_later(self, person: Person) -> bytes:
        """That such a payment arrived."""
        return self._of_session(person, "checkout.session.async_payment_succeeded", "paid")

    def refunded(self, person: Person) -> bytes:
        """That all of a payment went back."""
        event = _example("charge.refunded")
        charge = event["data"]["object"]
        offer = self._catalogue.offer(person.offer)
        charge |= {
            "id": f"ch_{self._key(person)}",
            "payment_intent": f"pi_{self._key(person)}",
            "amount": offer.amount,
            "amount_captured": offer.amount,
            "amount_refunded": offer.amount,
            "currency": offer.currency.lower(),
            "refunded": True,
        }
        return self._sealed(event, person, "refund")

    def _of_session(
        self, person: Person, kind: str, status: str, amount: int | None = None
    ) -> bytes:
        event = _example(kind)
        offer = self._catalogue.offer(person.offer)
        total = offer.amount if amount is None else amount
        event["data"]["object"] |= {
            "id": f"cs_{self._key(person)}",
            "payment_intent": f"pi_{self._key(person)}",
            "payment_status": status,
            "payment_link": offer.provider_ids.get("stripe"),
            "metadata": {"offer": offer.id},
            "amount_subtotal": total,
            "amount_total": total,
            "currency": offer.currency.lower(),
        }
        event["data"]["object"]["customer_details"] |= {
            "email": person.address,
            "name": person.name,
        }
        return self._sealed(event, person, f"{kind}-{status}")

    def _sealed(self, event: dict[str, Any], person: Person, what: str) -> bytes:
        event["id"] = f"evt_{uuid.uuid5(uuid.NAMESPACE_OID, self._key(person) + what).hex}"
        event["created"] = int(datetime.now(UTC).timestamp())
        event["livemode"] = False
        return json.dumps(event, ensure_ascii=False, indent=2).encode()

    def _key(self, person: Person) -> str:
        return uuid.uuid5(uuid.NAMESPACE_OID, self._season + person.address).hex[:24]


def _example(kind: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((_EVENTS / f"{kind}.json").read_text(encoding="utf-8"))
    return event
