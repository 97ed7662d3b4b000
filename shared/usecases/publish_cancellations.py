"""What a catalogue file that cancels classes changes, and what its writer is told of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from shared.domain.cancellations import Cancellation, cancel
from shared.domain.catalogue import Catalogue, Session
from shared.domain.sessions import Series, SessionPhase, SessionState, open_session
from shared.ports import Records
from shared.usecases.cancel_class import say_sums, seats_to_refund

# So many people's payments are looked up for the report at once; more are counted on the way.
_COUNTED_AT_ONCE = 1000


def cancellation_objections(
    catalogue: Catalogue, before: Series | None, records: Records
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What cannot be cancelled, or not be taken back, with the place in the file."""
    earlier = {one.id: one for one in before.catalogue.sessions} if before else {}
    for at, session in enumerate(catalogue.sessions):
        known = earlier.get(session.id)
        if known is not None and known.cancelled and not session.cancelled:
            yield (
                ("sessions", at, "id"),
                f"'{session.id}' was cancelled: people have been told, and their money is on its "
                "way back. Is this a new session, with an id of its own?",
            )
        state = records.get(SessionState.key_of(session.id), SessionState)
        if session.cancelled and state is not None and state.was_held:
            yield (
                ("sessions", at, "cancelled"),
                f"'{session.id}' has taken place and was closed. Is another one cancelled?",
            )


def newly_cancelled(catalogue: Catalogue, records: Records) -> list[Session]:
    """The classes that this file is the first to cancel."""
    return [
        session
        for session in catalogue.sessions
        if session.cancelled is not None
        and records.get(Cancellation.key_of(session.id), Cancellation) is None
    ]


def cancellation_changes(
    catalogue: Catalogue, records: Records, now: datetime
) -> Iterator[Cancellation]:
    """One cancellation for each class that this file is the first to cancel."""
    for session in newly_cancelled(catalogue, records):
        yield cancel(session.id, catalogue.series.id, session.cancelled or "", now)


def cancelled_state(
    session: Session, state: SessionState | None, series: str, now: datetime
) -> Iterator[SessionState]:
    """The state of a cancelled class, if it is another than before: nothing is to be closed."""
    if state is None:
        state = open_session(session.id, series, session.ends_at)
    if state.phase is not SessionPhase.CANCELLED:
        yield state.at(SessionPhase.CANCELLED, now)


def say_published(catalogue: Catalogue, cancelled: Sequence[Session], records: Records) -> str:
    """What the report beside the file says: what is on sale now, and what goes back to whom."""
    lines = [
        f"{catalogue.series.title} is published: {len(catalogue.sessions)} sessions, "
        f"{len(catalogue.prices)} prices."
    ]
    for session in cancelled:
        counted = seats_to_refund(session.id, records, _COUNTED_AT_ONCE)
        if counted is None:
            told = (
                f"more than {_COUNTED_AT_ONCE:,} people get their share back. "
                "The sum comes by letter when all have been seen to"
            )
        else:
            people, back = counted
            who = f"{people:,} person gets" if people == 1 else f"{people:,} people get"
            told = f"{who} back {say_sums(back)} in all" if people else "nobody holds a seat"
        lines.append(f"'{session.title}' is cancelled: {told}. Each hears of it by letter.")
    return "\n\n".join(lines)
