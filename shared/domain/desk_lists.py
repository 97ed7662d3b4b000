"""Lists that staff take away: their columns, and a row for each line."""

from datetime import datetime

from shared.domain.desk_roster import RosterRow
from shared.domain.ledger import Entry
from shared.domain.letters import Letter
from shared.domain.payments import Order
from shared.domain.registrations import Learner
from shared.domain.value import Value

Row = tuple[str, ...]


class Listed(Value):
    """A list: what its file is called, its headings, its rows."""

    name: str
    columns: Row
    rows: tuple[Row, ...]


ROSTER: Row = (
    *("Person", "Name", "Address", "Seat", "Rates", "Registered"),
    *("Minutes", "Attended", "Why", "Certificate", "Number", "May watch"),
)
ORDERS: Row = (
    *("Order", "Person", "Provider", "Rate", "Status", "Paid", "Went back", "Currency"),
    *("First seen", "Sessions"),
)
PEOPLE: Row = ("Person", "Name", "Address", "Rates", "Sessions", "Orders")
LETTERS: Row = ("Letter", "About", "Copy", "Status", "Owed", "Sent", "Arrived", "Note")
LEDGER: Row = ("At", "What", "By", "Why")


def roster_line(row: RosterRow, *, words: bool) -> Row:
    """One person of a roster. Without `words`, reasons are codes."""
    attended = row.attended
    why = ""
    if attended is not None:
        why = attended.why if words else ", ".join(one.code for one in attended.reasons)
    return (
        row.learner,
        row.name,
        row.address,
        row.status.value,
        ", ".join(row.tiers),
        _at(row.registered_at),
        "" if row.minutes is None else str(row.minutes),
        "" if attended is None else _yes(attended.granted),
        why,
        row.certificate.value if row.certificate else "",
        row.number,
        _yes(row.recording.granted),
    )


def order_line(order: Order) -> Row:
    """One order of a series."""
    price = order.price
    return (
        order.order,
        order.learner or "",
        order.provider,
        order.tier or "",
        order.status.value if order.status else "",
        price.decimal if price else "",
        order.refunded.decimal if order.refunded else "",
        price.currency if price else "",
        _at(order.first_seen_at),
        ", ".join(order.sessions),
    )


def person_line(
    learner: str, person: Learner | None, tiers: set[str], sessions: int, orders: set[str]
) -> Row:
    """One person of a series."""
    return (
        learner,
        person.name if person else "",
        person.address if person else "",
        ", ".join(sorted(tiers)),
        str(sessions),
        ", ".join(sorted(orders)),
    )


def letter_line(letter: Letter) -> Row:
    """One letter to a person."""
    return (
        letter.letter.value,
        letter.session or letter.series or "",
        str(letter.again) if letter.again else "",
        letter.status.value.lower(),
        _at(letter.owed_at),
        _at(letter.sent_at),
        _at(letter.delivered_at),
        letter.note or "",
    )


def ledger_line(entry: Entry) -> Row:
    """One line of a person's ledger."""
    return (_at(entry.at), entry.text, entry.by, entry.why)


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%SZ}" if moment else ""


def _yes(granted: bool) -> str:
    return "yes" if granted else "no"
