"""Lists that staff take away: their columns, and a row for each line."""

from datetime import datetime

from shared.domain.decisions import Decision
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
    *("Minutes", "Attended", "Why", "Earned", "Why not", "Certificate", "Number", "May watch"),
)
ORDERS: Row = (
    *("Order", "Person", "Provider", "Rate", "Status", "Paid", "Went back", "Currency"),
    *("First seen", "Sessions"),
)
PEOPLE: Row = ("Person", "Name", "Address", "Rates", "Sessions", "Orders")
LETTERS: Row = ("Letter", "About", "Copy", "Status", "Owed", "Sent", "Arrived", "Note")
EVALUATIONS: Row = ("Asked", "Average", "1", "2", "3", "4", "5", "Cannot say")
LEDGER: Row = ("At", "What", "By", "Why")


def roster_line(row: RosterRow, *, words: bool) -> Row:
    """One person of a roster. Without `words`, reasons are codes."""
    attended, earned = row.attended, row.earned
    return (
        row.learner,
        row.name,
        row.address,
        row.status.value,
        ", ".join(row.tiers),
        moment(row.registered_at),
        "" if row.minutes is None else str(row.minutes),
        "" if attended is None else yes(attended.granted),
        "" if attended is None else whole_why(attended, words=words),
        "" if earned is None else yes(earned.granted),
        "" if earned is None or earned.granted else whole_why(earned, words=words),
        row.certificate.value if row.certificate else "",
        row.number,
        yes(row.recording.granted),
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
        moment(order.first_seen_at),
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
        moment(letter.owed_at),
        moment(letter.sent_at),
        moment(letter.delivered_at),
        letter.note or "",
    )


def ledger_line(entry: Entry) -> Row:
    """One line of a person's ledger."""
    return (moment(entry.at), entry.text, entry.by, entry.why)


def moment(at: datetime | None) -> str:
    """A moment as spreadsheets sort it (UTC); nothing for none."""
    return f"{at:%Y-%m-%d %H:%M:%SZ}" if at else ""


def whole_why(decision: Decision, *, words: bool) -> str:
    """The reasons in words, or as codes for those who may not read them."""
    return decision.why if words else ", ".join(one.code for one in decision.reasons)


def yes(granted: bool) -> str:
    """ "yes" or "no"."""
    return "yes" if granted else "no"
