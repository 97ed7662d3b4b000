"""How long the desk's pages take, warm, with ten thousand people in one class, on the local stack.

And with five hundred applications for a scholarship.

`python -m devstack up`, then `python -m benchmarks.desk`: it fills a class and asks for each page
over HTTP, as a browser does. The figures stand in docs/desk.md.
"""

import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

from devstack import desk
from devstack.stack import Stack, load_stack
from shared.adapters.dynamo_records import DynamoRecords
from shared.adapters.dynamo_staff_sessions import DynamoStaffSessions
from shared.domain.applications import reference_of
from shared.domain.awards import Fund
from shared.domain.links import learner_id
from shared.domain.registrations import Registration
from shared.domain.rounds import Round, RoundPhase
from shared.domain.sessions import Series, SeriesPointer, open_session
from shared.domain.staff import Role, Staff
from shared.domain.staff_sessions import session_of
from shared.usecases.look_at_roster import SORTED
from shared.usecases.offer_awards import policy_of
from tests.desk import CLASS_1, address_of, crowd
from tests.scholarships import ONE, many_applications, round_catalogue

PEOPLE, APPLICATIONS, TIMES = 10_000, 500, 9
# The classes with a scholarship round, so that its pages can be asked for, too.
CLASSES = round_catalogue()
CLASS_2 = CLASSES.sessions[1]
BUDGET_MS = 500


def pages(key: bytes) -> dict[str, str]:
    """Each page, by its name."""
    person = learner_id(address_of(3), key)
    return {
        "Today": "staff",
        "all series": "staff/series",
        "a series": f"staff/series/{CLASSES.series.id}",
        "a session": f"staff/sessions/{CLASS_1.id}",
        "the next fifty of its roster": f"staff/sessions/{CLASS_1.id}?from={person}",
        f"a roster of {SORTED}, by name": f"staff/sessions/{CLASS_2.id}",
        "a person": f"staff/people/{person}",
        "a search by name": "staff/search?q=Amara%20Os",
        "a search by address": "staff/search?q=person3%40example.org",
        "a search by order": "staff/search?q=pi_3",
        "the form of an upload": f"staff/sessions/{CLASS_1.id}/upload/video",
        "all scholarship rounds": "staff/scholarships",
        "a scholarship round": f"staff/scholarships/{CLASSES.series.id}",
        "an application": f"staff/scholarships/{CLASSES.series.id}/"
        + reference_of(CLASSES.series.id, "crowd.3", key),
    }


def fill(stack: Stack, key: bytes) -> None:
    """The series, everybody in its first class, and in its second as many as are sorted; once."""
    records, now = desk.records(stack), datetime.now(UTC)
    if records.get(Series.key_of(CLASSES.series.id), Series) is None:
        published = Series(
            series=CLASSES.series.id,
            revision="r1",
            catalogue=CLASSES,
            published_at=now,
            uploaded_at=now,
        )
        states = (open_session(one.id, CLASSES.series.id, one.ends_at) for one in CLASSES.sessions)
        records.commit(published, SeriesPointer(series=CLASSES.series.id), *states)
        policy = policy_of(CLASSES)
        around = Round(series=CLASSES.series.id, closes_at=policy.closes_at)
        fund = Fund(series=CLASSES.series.id, currency="USD", balance=21000, put_in=21000)
        records.commit(around.model_copy(update={"phase": RoundPhase.VOTING}), fund)
        sent = many_applications(CLASSES.series.id, APPLICATIONS, key, now)
        # An operator may not write applications in batches, and need not.
        DynamoRecords(stack.client("dynamodb", "root"), stack.scholarships).put_all(sent)
    if not records.page(f"SESSION#{CLASS_1.id}", Registration, "REG#", most=1):
        records.put_all(crowd(PEOPLE, key, now))
        seats = (one for one in crowd(SORTED, key, now) if isinstance(one, Registration))
        records.put_all(one.model_copy(update={"session": CLASS_2.id}) for one in seats)


def timed(stack: Stack, path: str, cookie: str) -> tuple[float, int]:
    """How long one answer takes in milliseconds, and how many bytes it has."""
    asked = urllib.request.Request(f"{stack.api_url}/{path}", headers={"Cookie": cookie})  # noqa: S310
    began = time.perf_counter()
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - our own stack
        size = len(answer.read())
        assert answer.status == 200
    return (time.perf_counter() - began) * 1000, size


def measured(stack: Stack, key: bytes, cookie: str) -> Iterator[tuple[str, float, float, int]]:
    """(page, median and longest in milliseconds, bytes), once each function is warm."""
    for name, path in pages(key).items():
        timed(stack, path, cookie)
        taken = [timed(stack, path, cookie) for _ in range(TIMES)]
        times = [one for one, _ in taken]
        yield name, median(times), max(times), taken[0][1]


def main() -> int:
    """Fill, measure, print; 1 if any median is over the budget."""
    stack = load_stack()
    key = desk.keys(stack)[0]
    fill(stack, key)
    staff = Staff(name=ONE, roles=frozenset({Role.COORDINATOR, Role.REVIEWER}))
    session = session_of("a-secret-of-the-benchmark", staff, datetime.now(UTC))
    table = stack.outputs["StaffSessionsTable"]
    DynamoStaffSessions(stack.client("dynamodb", "root"), table).keep(session)
    found = list(measured(stack, key, "staff=a-secret-of-the-benchmark"))
    lines = ["| Page | Median, ms | Longest, ms | Bytes |", "|---|---|---|---|"]
    lines += [f"| {name} | {mid:.0f} | {most:.0f} | {size:,} |" for name, mid, most, size in found]
    print("\n".join(lines))
    roster, size = timed(
        stack, f"staff/sessions/{CLASS_1.id}/roster.csv", "staff=a-secret-of-the-benchmark"
    )
    print(f"\nThe whole roster as a file: {roster / 1000:.1f} s, {size:,} bytes.")
    return int(any(mid > BUDGET_MS for _, mid, _, _ in found))


if __name__ == "__main__":
    sys.exit(main())
