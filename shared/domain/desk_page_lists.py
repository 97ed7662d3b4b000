"""What a page of the desk shows, as a list to take away: the same things, a row for each."""

from collections.abc import Iterable

from shared.domain.desk_lists import ORDERS, Listed, Row, moment, order_line, whole_why, yes
from shared.domain.desk_person import PersonPage, SearchPage
from shared.domain.desk_series import SeriesPage
from shared.domain.desk_session import SessionPage
from shared.domain.machine_room import MachineRoomView
from shared.domain.money import Money
from shared.domain.sessions import Series
from shared.domain.waiting_items import WaitingItem

_TODAY: Row = (
    "Since",
    "Kind",
    "What",
    "Why",
    "Known of it",
    "To do",
    "Series",
    "Session",
    "Person",
)
_FOUND: Row = ("Kind", "Name", "Address", "Where")
_ALL_SERIES: Row = ("Series", "Title", "Institute", "First session", "Last session", "Sessions")
_SEATS: Row = (
    *("Session", "Title", "Begins", "Ends", "Seats held", "Seats in all", "Close", "Counted"),
    *("Registered", "Attended in full", "Earned", "Issued", "Wait for staff", "Why not earned"),
)
_MONEY: Row = ("Provider", "Rate", "Currency", "Orders", "Came in", "Went back", "Stayed")
_READY: Row = ("What", "Stands", "Why", "To do")
_TIMELINE: Row = ("At", "Ahead", "What", "By", "Why")
_HELD: Row = (
    *("Session", "Title", "Begins", "Seat", "Why", "Minutes", "Attended", "Why so", "Earned"),
    *("Why not", "Certificate", "Number", "May watch", "Until"),
)
_MACHINES: Row = ("Kind", "Where", "What", "At", "Cause", "Tries", "About")


def listed_today(items: Iterable[WaitingItem]) -> Listed:
    """Everything that waits, the oldest first."""
    rows = (
        (
            moment(item.since),
            item.kind.value,
            item.title,
            " ".join(item.reasons),
            "; ".join(f"{fact.label}: {fact.value}" for fact in item.evidence),
            item.act,
            item.series or "",
            item.session or "",
            item.learner or "",
        )
        for item in items
    )
    return Listed(name="today", columns=_TODAY, rows=tuple(rows))


def listed_found(pages: Iterable[SearchPage]) -> Listed:
    """Everything that a search found, page after page."""
    rows: dict[Row, None] = {}
    for page in pages:
        rows |= {("thing", thing.text, "", thing.path): None for thing in page.things}
        rows |= {
            ("person", one.name, one.address, f"staff/people/{one.learner}"): None
            for one in page.people
        }
    return Listed(name="found", columns=_FOUND, rows=tuple(rows))


def listed_series(series: Iterable[Series]) -> Listed:
    """Every series."""
    rows = (
        (
            one.series,
            one.catalogue.series.title,
            one.catalogue.institute.name,
            moment(one.catalogue.sessions[0].starts_at),
            moment(one.catalogue.sessions[-1].starts_at),
            str(len(one.catalogue.sessions)),
        )
        for one in series
    )
    return Listed(name="series", columns=_ALL_SERIES, rows=tuple(rows))


def listed_seats(page: SeriesPage) -> Listed:
    """The sessions of a series: seats, and how each came out at its last close."""
    rows = []
    for one in page.seats:
        came_to = one.counts.came_to if one.counts else None
        counted = (
            str(one.counts.registered) if one.counts else "",
            *(
                str(number)
                for number in (
                    (came_to.attended, came_to.earned, came_to.issued, came_to.parked)
                    if came_to
                    else ()
                )
            ),
        )
        why = (
            "; ".join(f"{code}: {many}" for code, many in sorted(came_to.reasons.items()))
            if (came_to)
            else ""
        )
        rows.append(
            (
                one.session.id,
                one.session.title,
                moment(one.session.starts_at),
                moment(one.session.ends_at),
                str(one.taken),
                str(one.session.capacity or ""),
                one.state.phase.value if one.state else "",
                moment(one.counts.counted_at if one.counts else None),
                *(counted if came_to else ("",) * 5),
                why,
            )
        )
    return Listed(name=f"sessions-{page.series.series}", columns=_SEATS, rows=tuple(rows))


def listed_money(page: SeriesPage) -> Listed:
    """What came into a series and went back, by provider and rate."""
    rows = (
        (
            line.provider,
            line.tier,
            line.currency,
            str(line.orders),
            *(
                Money(minor=max(0, minor), currency=line.currency).decimal
                for minor in (line.paid, line.back)
            ),
            line.kept.decimal,
        )
        for line in page.money
    )
    return Listed(name=f"money-{page.series.series}", columns=_MONEY, rows=tuple(rows))


def listed_ready(page: SessionPage) -> Listed:
    """What of a session is ready, and what is not."""
    rows = tuple((one.what, one.ready.value, one.why, one.act) for one in page.checks)
    return Listed(name=f"ready-{page.known.session.id}", columns=_READY, rows=rows)


def listed_timeline(page: SessionPage, *, words: bool) -> Listed:
    """What happened to a session and what will. Without `words`, no reasons of anybody."""
    rows = (
        (moment(one.at), yes(one.ahead), one.text, one.by, one.why if words else "")
        for one in page.happened
    )
    return Listed(name=f"timeline-{page.known.session.id}", columns=_TIMELINE, rows=tuple(rows))


def listed_held(page: PersonPage, *, words: bool) -> Listed:
    """The sessions that a person has, or had, a seat in. Without `words`, reasons are codes."""
    rows = []
    for series in page.mine.series:
        for one in series.sessions:
            verdict, given = one.verdict, one.certificate
            rows.append(
                (
                    one.session.id,
                    one.session.title,
                    moment(one.session.starts_at),
                    yes(one.seat.granted),
                    "" if one.seat.granted else whole_why(one.seat, words=words),
                    str(verdict.minutes) if verdict else "",
                    yes(verdict.attended.granted) if verdict else "",
                    whole_why(verdict.attended, words=words) if verdict else "",
                    yes(verdict.earned.granted) if verdict else "",
                    whole_why(verdict.earned, words=words)
                    if verdict and not verdict.earned.granted
                    else "",
                    given.certificate.status.value if given else "",
                    given.certificate.text.number if given else "",
                    yes(bool(one.watch)),
                    moment(one.watch_until),
                )
            )
    return Listed(name=f"sessions-{page.person.learner}", columns=_HELD, rows=tuple(rows))


def listed_orders(page: PersonPage) -> Listed:
    """A person's orders."""
    rows = tuple(order_line(one) for one in page.orders)
    return Listed(name=f"orders-{page.person.learner}", columns=ORDERS, rows=rows)


def listed_machines(view: MachineRoomView) -> Listed:
    """What failed, what stands wrong, and what the sweeps found. Nothing that anybody wrote."""
    rows: list[Row] = []
    for queue in view.queues or ():
        for letter in queue.letters:
            at, tries = moment(letter.sent_at), str(letter.tries or "")
            rows.append(
                ("dead letter", queue.name, letter.id, at, letter.reason, tries, letter.about)
            )
        more = queue.lies_there - len(queue.letters)
        if more > 0:
            rows.append(("dead letter", queue.name, f"{more} more", "", "", "", ""))
    for run in view.runs or ():
        cause = ", ".join(part for part in (run.status, run.step, run.error) if part)
        rows.append(("workflow", run.machine, run.name, moment(run.ended_at), cause, "", ""))
    if view.drift is not None:
        for how, alarms in (("missing", view.drift.missing), ("late", view.drift.late)):
            rows += [("alarm", one.series, one.what, moment(one.at), how, "", "") for one in alarms]
        rows += [("alarm", "", name, "", "of an earlier plan", "", "") for name in view.drift.idle]
    for which, runs in view.sweeps.items():
        for swept in runs:
            found = "; ".join(f"{name}: {many}" for name, many in swept.found.items())
            rows.append(("sweep", which, found or "nothing", moment(swept.at), "", "", ""))
    for said, missing in (
        ("queues", view.queues),
        ("workflows", view.runs),
        ("alarms", view.drift),
    ):
        if missing is None:
            rows.append((said, "", "could not be looked at just now", "", "", "", ""))
    return Listed(name="machine-room", columns=_MACHINES, rows=tuple(rows))
