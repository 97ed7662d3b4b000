"""Payment deliveries as providers send them: every event once at least, some twice, in any order.

Who buys what is counted out, not drawn; the seed only draws what comes twice and in which order.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from devstack import paths
from shared.domain.catalogue import Catalogue
from tests.payments import changed, checkout, refund

TWICE = 0.3
_OFFER = re.compile(r"( - id: )(?=\w+-(class-\d|bundle)\b)")
_TICKET = re.compile(r'(eventbrite: ")\d+(\d{4}")')
# Orders whose numbers begin with these digits are those that a fault may pick out by name.
MARKED = 900_000


@dataclass(frozen=True)
class Buyer:
    """Somebody who pays, what the provider tells of it, and what must be so in the end."""

    number: int
    address: str
    events: tuple[str, ...]
    ends: str

    @property
    def order(self) -> str:
        """The id of their order."""
        return f"stripe-pi_{self.number}"


def series_file(name: str, folder: Path) -> Path:
    """IDHA's catalogue as the file of another series, so that every test has its own.

    Each offer is sold by one series only; here "general-bundle" becomes "<name>-general-bundle".
    """
    published = paths.REPO / "events" / "catalogue_published" / "idha-2025.yaml"
    text = published.read_text(encoding="utf-8").replace("idha-2025", name)
    text = _OFFER.sub(rf"\1{name}-", text).replace("plink_", f"plink_{name}_")
    # A ticket of Eventbrite's has digits for a name.
    text = _TICKET.sub(rf"\g<1>{crc32(name.encode())}\2", text)
    text = text.replace("    covers: general-bundle", f"    covers: {name}-general-bundle")
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def buyers(catalogue: Catalogue, events: int, domain: str, marked: int = 0) -> list[Buyer]:
    """Buyers of so many different events: plain sales, refunds in whole and in part, late payments.

    The last `marked` of them are plain sales that can be told by their numbers.
    """
    found: list[Buyer] = []
    left = events
    while left:
        number = len(found)
        kind = ("plain", "part", "whole", "part", "later", "part", "plain")[number % 7]
        kind = "plain" if left < marked + 4 else kind
        at = number + (MARKED if left <= marked else 0)
        found.append(_buyer(catalogue, kind, at, f"buyer-{number}@{domain}"))
        left -= len(found[-1].events)
    return found


def delivered(everybody: list[Buyer], total: int, seed: int) -> list[str]:
    """So many deliveries of all their events, the surplus being repetitions, shuffled."""
    draw = random.Random(seed)
    events = [event for buyer in everybody for event in buyer.events]
    repeated = draw.choices(events, k=total - len(events))
    shuffled = events + repeated
    draw.shuffle(shuffled)
    return shuffled


def _buyer(catalogue: Catalogue, kind: str, number: int, address: str) -> Buyer:
    sale = _sale(catalogue)
    paid = checkout(catalogue, sale, "Robin Fault", number, address=address)
    match kind:
        case "whole":
            events: tuple[str, ...] = (paid, refund(catalogue, sale, number))
        case "part":
            parts = (_refunded_in_part(catalogue, number, part) for part in (1, 2, 3))
            events = (paid, *parts)
        case "later":
            events = tuple(_pays_later(catalogue, number, address))
        case _:
            events = (paid,)
    return Buyer(number, address, events, "refunded" if kind == "whole" else "paid")


def _sale(catalogue: Catalogue) -> str:
    return f"{catalogue.series.id}-general-class-1"


def _refunded_in_part(catalogue: Catalogue, number: int, part: int) -> str:
    """That a tenth of the payment, and another one each time, has gone back so far."""
    amount = catalogue.offer(_sale(catalogue)).amount
    return changed(
        "charge.refunded.partial",
        event={"id": f"evt_part_{part}_{number}"},
        payment_intent=f"pi_{number}",
        amount=amount,
        amount_refunded=amount * part // 10,
    )


def _pays_later(catalogue: Catalogue, number: int, address: str) -> Iterator[str]:
    offer = catalogue.offer(_sale(catalogue))
    for name in ("completed.unpaid", "async_payment_succeeded"):
        yield changed(
            f"checkout.session.{name}",
            event={"id": f"evt_{name}_{number}"},
            payment_intent=f"pi_{number}",
            payment_link=offer.provider_ids["stripe"],
            amount_total=offer.amount,
            currency=offer.currency.lower(),
            customer_details={"email": address, "name": "Robin Fault"},
        )
