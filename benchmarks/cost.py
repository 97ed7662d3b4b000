"""What one registration costs from payment to certificate and recording: requests counted, priced.

`python -m benchmarks.cost` plays one learner through the real use cases on records that count, and
writes docs/cost.md. Prices are AWS's list prices for us-east-1 in US dollars; they are the only
thing here that is not counted. Look them up before you rely on the sum.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shared.adapters.catalogue_yaml import read_catalogue
from shared.adapters.memory import MemoryRecords
from shared.domain.record import Key, Record
from shared.domain.registrations import SeatChange
from shared.ports import R
from tests.world import World

_REPO = Path(__file__).resolve().parent.parent
_CATALOGUE = _REPO / "events" / "catalogue_published" / "idha-2025.yaml"

# What, in which unit, at how many dollars a million. DynamoDB on demand, Lambda on arm64.
PRICES = {
    "DynamoDB write units": 0.625,
    "DynamoDB read units": 0.125,
    "Lambda requests": 0.20,
    "Lambda MB-seconds": 0.0000133334 / 1024 * 1e6,
    "Step Functions transitions": 25.0,
    "SQS requests": 0.40,
    "API requests": 3.50,
    "S3 writes": 5.0,
    "S3 reads": 0.40,
    "letters": 100.0,
}
# Per person: function → (times called, MB it has, seconds it is taken to run warm).
_CALLS = {
    "PaymentWebhookReceive": (1, 512, 0.1),
    "PaymentWebhookRecord": (1, 512, 0.2),
    "SessionCloseReserveCertificate": (1, 512, 0.2),
    "SessionClosePrintCertificate": (1, 1769, 0.2),
    "SessionClosePostCertificate": (1, 512, 0.2),
    "RecordingOweLetter": (1, 512, 0.1),
    "LetterOutboxSend": (3, 1024, 0.3),
    "LearnerPagesOpen": (2, 512, 0.2),
}
# Child executions: reserve, print, post and two choices; owe the letter.
_TRANSITIONS = 5 + 1 + 2


@dataclass(frozen=True)
class Line:
    """One row of the bill: how much of what, in dollars for a thousand registrations."""

    what: str
    amount: float
    dollars: float


class CountingRecords(MemoryRecords):
    """Records that count what DynamoDB would bill."""

    def __init__(self) -> None:
        super().__init__()
        self.units: Counter[str] = Counter()

    def get(self, key: Key, of: type[R]) -> R | None:
        found = super().get(key, of)
        self.units["DynamoDB read units"] += -(-_bytes(found) // 4096) if found else 1
        return found

    def find(self, partition: str, of: type[R], prefix: str = "", after: str = "") -> Iterator[R]:
        found = list(super().find(partition, of, prefix, after))
        self.units["DynamoDB read units"] += max(1, -(-sum(map(_bytes, found)) // 4096))
        return iter(found)

    def waiting(self, as_what: str, until: datetime, of: type[R]) -> list[R]:
        self.units["DynamoDB read units"] += 1
        return super().waiting(as_what, until, of)

    def commit(self, *records: Record, seats: Sequence[SeatChange] = ()) -> None:
        super().commit(*records, seats=seats)
        # A transaction is billed twice, and each index that a record stands in once more.
        for record in records:
            places = 2 + (record.learner is not None) + (record.waiting is not None)
            self.units["DynamoDB write units"] += places * -(-_bytes(record) // 1024)


def bill() -> list[Line]:
    """The bill of one registration of one class, for a thousand of them, without the video."""
    world = World(records=CountingRecords())
    catalogue = read_catalogue(_CATALOGUE.read_bytes())
    session = catalogue.sessions[0]
    world.publish(catalogue)
    assert isinstance(world.records, CountingRecords)
    world.records.units.clear()
    world.pay(catalogue, "general-class-1", "ana@example.org")
    world.post()
    world.now = session.ends_at
    world.report(session.id, [("ana@example.org", session.starts_at, session.ends_at)])
    world.finish_close(session.id)
    world.upload_recording(session.id)
    world.post()
    world.open_recording(session.id, "ana@example.org")
    amounts: dict[str, float] = dict(world.records.units)
    amounts |= {
        "Lambda requests": sum(times for times, _, _ in _CALLS.values()),
        "Lambda MB-seconds": sum(t * mb * seconds for t, mb, seconds in _CALLS.values()),
        "Step Functions transitions": _TRANSITIONS,
        "SQS requests": 3,
        "API requests": 3,
        "S3 writes": 2,
        "S3 reads": 3,
        "letters": len(world.mailer.sent) - 1,  # the report to staff is one a class
    }
    return [Line(what, amounts[what], amounts[what] * PRICES[what] / 1000) for what in PRICES]


def page() -> str:
    """docs/cost.md."""
    lines = bill()
    rows = "\n".join(f"| {line.what} | {line.amount:,.0f} | {line.dollars:.4f} |" for line in lines)
    total = sum(line.dollars for line in lines)
    return f"""# What it costs

One registration, from the payment to the certificate and the recording's link, at AWS's list prices
(us-east-1, on demand, no free tier). `python -m benchmarks.cost` counts the requests of the real
use cases and writes this page; prices stand in `benchmarks/cost.py`. Look them up before you rely
on the sum.

| What | per registration | $ for 1,000 |
|---|---|---|
{rows}
| **together** | | **{total:.2f}** |

The steps of a whole class (its close, its report, its roster) come once a class, not once a person,
and are in the count of this one learner: a class of many costs less per head.

What is not in it:

- **Video.** A recording of 1 GB sent to one viewer costs about $0.09, more than all the rest.
- **What stands still.** Four secrets ($0.40 a month each), sixteen alarms ($0.10 each), two keys
  ($1.00 each), stored data.
- **Stripe's own fee**, which is larger than all of it.
"""


def _bytes(record: Record) -> int:
    return len(record.model_dump_json(exclude_none=True))


if __name__ == "__main__":
    (_REPO / "docs" / "cost.md").write_text(page(), encoding="utf-8")
    sys.stdout.write(page())
