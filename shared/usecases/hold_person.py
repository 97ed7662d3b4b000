"""Hold a person's places while something about them is looked into, and lift that again.

The word and what it changes for their places are one commit. Places that they get meanwhile are
held from the start; what they missed follows when it is lifted: letters, and their credit.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from shared.domain.catalogue import Catalogue
from shared.domain.decisions_wanted import want_decision
from shared.domain.entitlements import entitlements
from shared.domain.holds import Hold, HoldWord
from shared.domain.letters import Letter
from shared.domain.payments import Order, OrderStatus
from shared.domain.record import Record
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.ports import Records
from shared.usecases.announce_recording import may_be_watched, recording_letter
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import not_yet_wanted
from shared.usecases.owe_letters import not_yet_owed
from shared.usecases.tell_of_order import letters_of_order

# With letters and decisions beside each, what fits into one commit.
_AT_ONCE = 25


class NothingToHold(Exception):
    """Nobody of that id is known, or it is as it was asked for already; the message says which."""


def is_held(learner: str, records: Records) -> bool:
    """Whether that person's places are held."""
    kept = records.get(Hold.key_of(learner), Hold)
    return kept is not None and kept.holds


def hold_person(
    learner: str, *, holds: bool, by: str, why: str, records: Records, now: datetime
) -> None:
    """Hold that person's places, or lift it. Raises NothingToHold."""
    word = HoldWord(holds=holds, by=by, why=why, at=now)

    def say() -> None:
        if records.get(Learner.key_of(learner), Learner) is None:
            raise NothingToHold("Nobody of that id is known.")
        kept = records.get(Hold.key_of(learner), Hold) or Hold(learner=learner)
        if kept.holds == holds:
            if any(_other(records.of_learner(learner, Registration), holds)):
                return  # said before, and cut off before it was done
            raise NothingToHold("It is so already.")
        records.commit(kept.with_word(word))

    until_committed(say)
    # The word first: a place that is made in between is held from the start.
    while places := list(_other(records.of_learner(learner, Registration), holds))[:_AT_ONCE]:
        until_committed(lambda some=places: _change(some, holds, records, now))  # type: ignore[misc]


def _other(places: Iterable[Registration], holds: bool) -> Iterator[Registration]:
    return (place for place in places if place.on_hold != holds)


def _change(places: list[Registration], holds: bool, records: Records, now: datetime) -> None:
    """Change these places, as they are by now, with what follows from it."""
    found = [records.get(place.key(), Registration) for place in places]
    changed = [
        place.model_copy(update={"on_hold": holds}) for place in _other(filter(None, found), holds)
    ]
    changes: list[Record] = [*changed]
    letters: list[Letter] = []
    for place in changed if not holds else ():
        series = records.get(Series.key_of(place.series), Series)
        if series is None:
            continue
        letters += _missed(place, series.catalogue, records, now)
        cause = f"hold/{place.version}"
        wanted = want_decision(place.session, place.series, place.learner, cause, now)
        changes += not_yet_wanted([wanted], records)
    if changes:
        records.commit(*changes, *not_yet_owed(letters, records))


def _missed(
    place: Registration, catalogue: Catalogue, records: Records, now: datetime
) -> Iterator[Letter]:
    """The letters that were not written while it was held."""
    for name in place.grants:
        order = records.get(Order.key_of(name), Order)
        if order is not None and order.status is OrderStatus.PAID:
            yield from letters_of_order(order, place.learner, now)
    listed = any(held.id == place.session for held in catalogue.held_sessions)
    if not listed or now < catalogue.session(place.session).ends_at:
        return
    right = entitlements(catalogue, place.session, place, now).recording
    if right.granted and may_be_watched(place.session, records):
        yield recording_letter(place.session, place.learner, place.series, now)
