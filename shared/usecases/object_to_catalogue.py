"""What speaks against a catalogue file, though it can be read: each a question, with its place."""

from collections.abc import Iterator

from shared.domain.catalogue import Catalogue
from shared.domain.registrations import Registration
from shared.domain.sessions import OfferPointer, Series, SessionState
from shared.ports import Records
from shared.usecases.publish_cancellations import cancellation_objections
from shared.usecases.publish_round import scholarship_objections

Objection = tuple[tuple[str | int, ...], str]


def objections(
    catalogue: Catalogue, before: Series | None, records: Records
) -> Iterator[Objection]:
    """Everything that cannot be done to what was published, sold and held before."""
    yield from _on_seats(catalogue, before, records)
    yield from cancellation_objections(catalogue, before, records)
    yield from scholarship_objections(catalogue, records)


def _on_seats(
    catalogue: Catalogue, before: Series | None, records: Records
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What cannot be done to a series that people hold seats in, with the place in the file."""
    series_id = catalogue.series.id
    for at, session in enumerate(catalogue.sessions):
        state = records.get(SessionState.key_of(session.id), SessionState)
        if state is None:
            continue
        if state.series != series_id:
            yield (
                ("sessions", at, "id"),
                f"The session '{session.id}' belongs to the series '{state.series}'. "
                "Could this one have another id?",
            )
        elif state.was_held and state.ends_at != session.ends_at:
            yield (
                ("sessions", at, "ends"),
                f"'{session.id}' has already been closed, and its end was moved. "
                "Is it a new session, with an id of its own?",
            )
    for at, offer in enumerate(catalogue.prices):
        for offer_id in (offer.id, *offer.provider_ids.values()):
            pointer = records.get(OfferPointer.key_of(offer_id), OfferPointer)
            if pointer is not None and pointer.series != series_id:
                yield (
                    ("prices", at),
                    f"'{offer_id}' already belongs to the series '{pointer.series}'. "
                    "Which of the two sells it?",
                )
    kept = {session.id for session in catalogue.sessions}
    for session in before.catalogue.sessions if before else ():
        if session.id not in kept and _has_registrations(session.id, records):
            yield (
                ("sessions",),
                f"The session '{session.id}' is missing, and people are registered for it. "
                "Could it stay, with another date, or with 'cancelled:' and the reason?",
            )


def _has_registrations(session: str, records: Records) -> bool:
    partition, prefix = Registration.key_of(session, "")
    return next(iter(records.find(partition, Registration, prefix)), None) is not None
