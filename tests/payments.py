"""Stripe's events for tests: the model events in events/, changed only where a test says so."""

import json
from pathlib import Path
from typing import Any

from shared.domain.catalogue import Catalogue

FOLDER = Path(__file__).parent.parent / "events" / "payment_webhook"


def body_of(name: str) -> str:
    """The body of a model event ("charge.refunded.full")."""
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def changed(name: str, *, event: dict[str, Any] | None = None, **fields: Any) -> str:
    """A model event with other fields in its object, and in the event itself."""
    body = json.loads(body_of(name)) | (event or {})
    body["data"]["object"] |= fields
    return json.dumps(body)


def checkout(
    catalogue: Catalogue, offer_id: str, name: str, number: int, *, address: str = ""
) -> str:
    """That somebody paid the price of an offer through its link; `number` tells payments apart.

    They write from <name>@example.org unless an address is given.
    """
    offer = catalogue.offer(offer_id)
    details = {"email": address or f"{name.lower()}@example.org", "name": name}
    return changed(
        "checkout.session.completed.paid",
        event={"id": f"evt_{number}"},
        payment_intent=f"pi_{number}",
        payment_link=offer.provider_ids["stripe"],
        amount_total=offer.amount,
        currency=offer.currency.lower(),
        customer_details=details,
    )


def refund(catalogue: Catalogue, offer_id: str, number: int) -> str:
    """That the payment of that number went back whole."""
    offer = catalogue.offer(offer_id)
    return changed(
        "charge.refunded.full",
        event={"id": f"evt_refund_{number}"},
        payment_intent=f"pi_{number}",
        amount=offer.amount,
        amount_refunded=offer.amount,
        currency=offer.currency.lower(),
    )
