"""Lists that staff take away, whole: these do read as much as there is, a hundred at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import TypeVar

from shared.domain.accreditor_export import COLUMNS
from shared.domain.desk_lists import (
    EVALUATIONS,
    LEDGER,
    LETTERS,
    ORDERS,
    PEOPLE,
    ROSTER,
    Listed,
    Row,
    ledger_line,
    letter_line,
    order_line,
    person_line,
    roster_line,
)
from shared.domain.desk_person import PersonPage
from shared.domain.ledger import for_money
from shared.domain.name_order import place_of
from shared.domain.payments import Order
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.export_session import export_rows
from shared.usecases.find_session import find_session
from shared.usecases.look_at_roster import roster_rows
from shared.usecases.sum_up_evaluations import sum_up_evaluations

_AT_ONCE = 100
T = TypeVar("T")


def list_roster(session: str, *, words: bool, records: Records, now: datetime) -> Listed | None:
    """Everybody in a session, by name. Without `words`, reasons are codes."""
    found = find_session(session, records)
    if found is None:
        return None
    rows = [
        row
        for chunk in _chunks(_seats(session, records))
        for row in roster_rows(found.catalogue, session, chunk, records, now)
    ]
    language = found.catalogue.institute.languages[0]
    rows.sort(key=lambda row: place_of(row.name, row.learner, language))
    lines = tuple(roster_line(row, words=words) for row in rows)
    return Listed(name=f"roster-{session}", columns=ROSTER, rows=lines)


def list_for_accreditor(session: str, *, records: Records) -> Listed | None:
    """What an accreditor is shown of a session: a row for each licence, by name."""
    found = find_session(session, records)
    if found is None:
        return None
    language = found.catalogue.institute.languages[0]
    rows = sorted(export_rows(found, records), key=lambda row: place_of(row[0], "", language))
    return Listed(name=f"accreditor-{session}", columns=COLUMNS, rows=tuple(rows))


def list_evaluations(session: str, *, records: Records, now: datetime) -> Listed | None:
    """What people said of a session, in sums, or why that is not shown; then their comments."""
    told = sum_up_evaluations(session, records=records, now=now)
    if told is None:
        return None
    rows = [_said(f"{told['answers']} answered. {told['why']}".strip())]
    rows += [
        (
            one["asked"],
            "" if one["average"] is None else f"{one['average']:.2f}",
            *map(str, one["marks"]),
            str(one["cannot_say"]),
        )
        for one in told["questions"]
    ]
    rows += [_said(f"They say: {comment}") for comment in told["comments"]]
    return Listed(name=f"evaluations-{session}", columns=EVALUATIONS, rows=tuple(rows))


def _said(text: str) -> Row:
    return (text, *("" for _ in EVALUATIONS[1:]))


def list_people(series: str, *, records: Records) -> Listed | None:
    """Everybody who has, or had, a seat in a series, by name."""
    kept = records.get(Series.key_of(series), Series)
    if kept is None:
        return None
    rates: dict[str, set[str]] = defaultdict(set)
    orders: dict[str, set[str]] = defaultdict(set)
    sessions: Counter[str] = Counter()
    for seat in _seats_of(kept, records):
        rates[seat.learner] |= {grant.tier for grant in seat.grants.values()}
        sessions[seat.learner] += 1
        orders[seat.learner] |= set(seat.grants)
    people: dict[str, Learner | None] = dict.fromkeys(sessions)
    for chunk in _chunks(iter(sorted(sessions))):
        known = records.get_all([Learner.key_of(one) for one in chunk], Learner)
        people |= {one.learner: one for one in known.values()}
    language = kept.catalogue.institute.languages[0]
    by_name = sorted(people, key=lambda one: place_of(_name(people[one]), one, language))
    rows = tuple(
        person_line(one, people[one], rates[one], sessions[one], orders[one]) for one in by_name
    )
    return Listed(name=f"people-{series}", columns=PEOPLE, rows=rows)


def list_orders(series: str, *, records: Records) -> Listed | None:
    """Every order that gave, or gives, a seat in a series, in the order in which they came."""
    kept = records.get(Series.key_of(series), Series)
    if kept is None:
        return None
    names = {name for seat in _seats_of(kept, records) for name in seat.grants}
    found: list[Order] = []
    for chunk in _chunks(iter(sorted(names))):
        found += records.get_all([Order.key_of(one) for one in chunk], Order).values()
    found.sort(key=lambda one: (one.first_seen_at, one.order))
    rows = tuple(order_line(one) for one in found)
    return Listed(name=f"orders-{series}", columns=ORDERS, rows=rows)


def list_letters(page: PersonPage) -> Listed:
    """Every letter to a person."""
    rows = tuple(letter_line(one) for one in page.letters)
    return Listed(name=f"letters-{page.person.learner}", columns=LETTERS, rows=rows)


def list_ledger(page: PersonPage, *, words: bool) -> Listed:
    """Everything that happened to a person."""
    lines = page.ledger if words else for_money(page.ledger)
    rows = tuple(ledger_line(one) for one in lines)
    return Listed(name=f"ledger-{page.person.learner}", columns=LEDGER, rows=rows)


def _name(person: Learner | None) -> str:
    return person.name if person else ""


def _seats_of(series: Series, records: Records) -> Iterator[Registration]:
    for session in series.catalogue.sessions:
        yield from _seats(session.id, records)


def _seats(session: str, records: Records) -> Iterator[Registration]:
    partition, prefix = Registration.key_of(session, "")
    return records.find(partition, Registration, prefix)


def _chunks(all_of_them: Iterator[T]) -> Iterator[list[T]]:
    while chunk := list(islice(all_of_them, _AT_ONCE)):
        yield chunk
