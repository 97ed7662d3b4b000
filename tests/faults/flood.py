"""A flood of Stripe's events: every story that money tells, told to the real handlers at once.

Each worker is a process of its own, as a function's worker is: it takes its share of deliveries
in by the door, then takes batches of ten from the queue, as Lambda hands them over, until none is
left. The faults are put in where a worker's SDK puts a request on the wire.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from devstack.stack import REGION, ROOT
from shared.domain.catalogue import Catalogue
from tests.from_template import make_bucket, make_queue, make_table
from tests.payments import changed, checkout, refund

KEY, SECRET = "an identity key for the flood, and long enough for that", "whsec_flood"
_KINDS = (
    *("plain", "whole", "part", "failed refund", "disputed"),
    *("won", "lost", "upgrade", "later", "plain"),
)
_ENDS = {"whole": "refunded", "disputed": "held", "lost": "revoked"}


@dataclass(frozen=True)
class Story:
    """What one buyer does, event by event, and the status that each payment must end in."""

    kind: str
    address: str
    events: tuple[str, ...]
    ends: dict[str, str]


def stories(catalogue: Catalogue, events: int) -> list[Story]:
    """Buyers of so many different events at least, every kind in turn."""
    found: list[Story] = []
    told = 0
    while told < events:
        number = len(found)
        found.append(_story(catalogue, _KINDS[number % len(_KINDS)], number * 2))
        told += len(found[-1].events)
    return found


def _story(catalogue: Catalogue, kind: str, number: int) -> Story:
    prefix, address = catalogue.series.id, f"buyer-{number}@flood.example"
    single, bundle = f"{prefix}-general-class-1", f"{prefix}-supporter-bundle"
    offer = bundle if kind in ("part", "failed refund") else single
    events = [] if kind == "later" else [_paid(catalogue, offer, number, address)]
    events += _what_follows(catalogue, kind, single, number, address)
    ends = {f"stripe-pi_{number}": _ENDS.get(kind, "paid")}
    if kind == "upgrade":
        events.append(_paid(catalogue, bundle, number + 1, address))
        ends[f"stripe-pi_{number + 1}"] = "paid"
    return Story(kind, address, tuple(events), ends)


def _paid(catalogue: Catalogue, offer: str, number: int, address: str) -> str:
    return checkout(catalogue, offer, "Robin Flood", number, address=address)


def _what_follows(
    catalogue: Catalogue, kind: str, single: str, number: int, address: str
) -> Iterator[str]:
    first = catalogue.sessions[0].id
    match kind:
        case "whole":
            yield refund(catalogue, single, number)
        case "part":
            yield _refund(number, "updated", "succeeded", first)
        case "failed refund":
            yield _refund(number, "updated", "succeeded", first)
            yield _refund(number, "failed", "failed", first)
        case "disputed" | "won" | "lost":
            yield _dispute(number, "created")
            if kind != "disputed":
                yield _dispute(number, f"closed.{kind}")
        case "later":
            bought = catalogue.offer(single)
            for name in ("completed.unpaid", "async_payment_succeeded"):
                yield changed(
                    f"checkout.session.{name}",
                    event={"id": f"evt_{name}_{number}"},
                    payment_intent=f"pi_{number}",
                    payment_link=bought.provider_ids["stripe"],
                    amount_total=bought.amount,
                    currency=bought.currency.lower(),
                    customer_details={"email": address, "name": "Robin Flood"},
                )


def _refund(number: int, name: str, status: str, session: str) -> str:
    """A step of the refund of one class of a Supporter's bundle."""
    return changed(
        f"refund.{name}",
        event={"id": f"evt_re_{status}_{number}"},
        id=f"re_{number}",
        payment_intent=f"pi_{number}",
        amount=5940,
        status=status,
        metadata={"sessions": session},
    )


def _dispute(number: int, step: str) -> str:
    return changed(
        f"charge.dispute.{step}",
        event={"id": f"evt_dp_{step}_{number}"},
        id=f"dp_{number}",
        payment_intent=f"pi_{number}",
    )


def make_account(endpoint: str, name: str) -> dict[str, str]:
    """Everything that the two functions need, under that name; the environment that tells them."""
    session: Any = boto3.Session(ROOT.access_key_id, ROOT.secret_access_key, None, REGION)

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=endpoint)

    make_table(client("dynamodb"), "Records", name)
    make_bucket(client("s3"), "RawEvents", f"{name}-raw-events", "eu-central-1")
    queue = make_queue(client("sqs"), "PaymentEvents", name)
    # What failed comes again sooner than on AWS, and later than the slowest batch takes.
    client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"VisibilityTimeout": "30"})
    for secret, value in (("identity", {"key": KEY}), ("stripe", {"signing_secrets": [SECRET]})):
        client("secretsmanager").create_secret(
            Name=f"{name}-{secret}", SecretString=json.dumps(value)
        )
    return {
        **{key: os.environ[key] for key in ("PATH", "HOME", "LANG", "TMPDIR") if key in os.environ},
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ROOT.access_key_id,
        "AWS_SECRET_ACCESS_KEY": ROOT.secret_access_key,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "tending",
        "POWERTOOLS_METRICS_NAMESPACE": "Tending",
        "STAGE": "staging",
        "RECORDS_TABLE": name,
        "RAW_EVENTS_BUCKET": f"{name}-raw-events",
        "IDENTITY_KEYS_SECRET_ID": f"{name}-identity",
        "STRIPE_WEBHOOK_SECRET_ID": f"{name}-stripe",
        "PAYMENT_EVENTS_QUEUE_URL": queue,
    }


def deliver_all(
    bodies: list[str], environ: dict[str, str], folder: Path, *, workers: int, apart: bool = False
) -> "Counter[str]":
    """Have every delivery taken in and recorded; what the workers counted, faults among it."""
    shares = []
    for number in range(workers):
        share = folder / f"{environ['RECORDS_TABLE']}-{number}.json"
        share.write_text(json.dumps(bodies[number::workers]), encoding="utf-8")
        shares.append(str(share))
    command = [sys.executable, "-m", "tests.faults.flood_worker", *shares]
    command += ["apart"] if apart else []
    # Into a file: nobody reads along, and a pipe that is full would stop the workers.
    said = folder / "said"
    with said.open("wb") as out:
        done = subprocess.run(
            command, check=False, env=environ, stdout=out, stderr=out, timeout=800
        )
    text = said.read_text(encoding="utf-8")
    assert done.returncode == 0, text[-2000:]
    return Counter(json.loads(text.splitlines()[-1]))
