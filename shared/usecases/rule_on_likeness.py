"""What staff say of two who look like one person: one, or two. Asked once, and remembered.

If they are one, whatever the second address bought and will buy is the first one's. The orders are
moved by the code that grants them, each in its own commit; what was cut off, the sweep finishes.
"""

from datetime import datetime
from typing import Any

from shared.domain.likeness import MOVING, WAITING, Likeness, Said, SamePerson
from shared.domain.payments import Order
from shared.domain.people import clean_name
from shared.domain.record import Record
from shared.domain.registrations import Learner
from shared.failures import SoldOut
from shared.ports import Records
from shared.usecases.account_attendance import account_for
from shared.usecases.commit_again import until_committed
from shared.usecases.decide_again import decide_again
from shared.usecases.find_purchase import find_purchase
from shared.usecases.grant_order import Purchase, grant_order
from shared.usecases.who_is import person_of


class NothingToSay(Exception):
    """Nobody asks about these two (any more); the message says so."""


def likenesses_in_review(*, records: Records, now: datetime) -> list[dict[str, Any]]:
    """Every two who look like one person, oldest first: the reasons, who they are, a suggestion."""
    return [_item(pair, records) for pair in records.waiting(WAITING, now, Likeness)]


def say_same_person(
    pair: str, *, by: str, why: str, records: Records, identity_key: bytes, now: datetime
) -> str:
    """They are one: both addresses are the one's who came first. The id of that person.

    `pair` is "<series>/<id>+<id>". Raises NothingToSay, or Unavailable: then say it again.
    """

    def attempt() -> Likeness:
        asked = _asked(pair, records, or_two=True)
        said = Said(same=True, by=by, at=now, why=why)
        person, other = _first_and_second(asked, records)
        moving = {"said": said, "waiting": MOVING, "waiting_since": now.isoformat()}
        changes: list[Record] = [asked.model_copy(update=moving)]
        if other != person:
            # They may have been one before, and two again since.
            known = records.get(SamePerson.key_of(other), SamePerson)
            changes.append(
                SamePerson(
                    version=known.version if known else 0,
                    learner=person,
                    other=other,
                    person=person,
                    series=asked.series,
                    by=by,
                    at=now,
                    why=why,
                )
            )
        records.commit(*changes)
        return asked.model_copy(update=moving)

    asked = until_committed(attempt)
    finish_moving(asked, records=records, identity_key=identity_key, now=now)
    return person_of(asked.pair[0], records)


def say_two_people(pair: str, *, by: str, why: str, records: Records, now: datetime) -> None:
    """They are two, and are not asked about again. Raises NothingToSay."""

    def attempt() -> None:
        asked = _asked(pair, records)
        said = Said(same=False, by=by, at=now, why=why)
        done = {"said": said, "waiting": None, "waiting_since": None}
        records.commit(asked.model_copy(update=done))

    until_committed(attempt)


def finish_moving(pair: Likeness, *, records: Records, identity_key: bytes, now: datetime) -> bool:
    """Bring what the two bought, and when they were there, under one name; True if that is done.

    A class that is full keeps nobody out: the seat is only in another name.
    """
    sessions: set[str] = set()
    for learner in pair.pair:
        orders = records.of_learner(learner, Order)
        sessions |= {session for order in orders for session in order.sessions}
        if person_of(learner, records) != learner:
            for order in orders:
                move_order(order.order, records, identity_key, now)
    person = person_of(pair.pair[0], records)
    for session in sorted(sessions):
        account_for(session, records=records, now=now)
        said_at = f"/{pair.said.at:%Y%m%dT%H%M%SZ}" if pair.said else ""
        cause = f"same-person/{'+'.join(pair.pair)}{said_at}"
        decide_again(session, person, cause=cause, records=records, now=now)

    def attempt() -> bool:
        kept = records.get(pair.key(), Likeness)
        if kept is None or kept.waiting != MOVING:
            return False
        records.commit(kept.model_copy(update={"waiting": None, "waiting_since": None}))
        return True

    return until_committed(attempt)


def move_order(order_id: str, records: Records, identity_key: bytes, now: datetime) -> bool:
    """Have an order be that of whoever has its buyer's address now; False for want of a seat.

    What pays the rest of an award is its holder's, whoever paid.
    """

    def attempt() -> bool:
        order = records.get(Order.key_of(order_id), Order)
        found = find_purchase(order, records, order.live, identity_key) if order else None
        if order is None or not isinstance(found, Purchase) or found.award is not None:
            return True
        try:
            grant_order(order, found, records=records, identity_key=identity_key, now=now)
        except SoldOut:
            return False  # it waits for staff as before
        return True

    return until_committed(attempt)


def _first_and_second(pair: Likeness, records: Records) -> tuple[str, str]:
    """Under which id they go on, and which id is theirs too: who bought something first."""
    people = sorted({person_of(one, records) for one in pair.pair})
    if len(people) == 1:
        return people[0], people[0]
    first, second = sorted(people, key=lambda one: (_since(one, records), one))
    return first, second


def _since(learner: str, records: Records) -> str:
    orders = records.of_learner(learner, Order)
    return min((order.first_seen_at.isoformat() for order in orders), default="~")


def _asked(pair: str, records: Records, *, or_two: bool = False) -> Likeness:
    """What staff are asked; with `or_two` also of whom they have said that they are two."""
    series, _, ids = pair.partition("/")
    one, _, other = ids.partition("+")
    asked = records.get(Likeness.key_of(series, one, other), Likeness)
    two = or_two and asked is not None and asked.said is not None and not asked.said.same
    if asked is None or not (asked.waiting == WAITING or two):
        raise NothingToSay(
            "Nobody asks (any more) whether these two are one person. Somebody may have said it."
        )
    return asked


def _item(pair: Likeness, records: Records) -> dict[str, Any]:
    people = [records.get(Learner.key_of(one), Learner) for one in pair.pair]
    reasons = pair.found.reasons
    return {
        "pair": f"{pair.series}/{'+'.join(pair.pair)}",
        "since": pair.waiting_since,
        "people": [f"{clean_name(one.name)} <{one.address}>" for one in people if one],
        "reasons": [reason.text for reason in reasons if reason.code != "suggestion"],
        "suggestion": next((r.text for r in reasons if r.code == "suggestion"), None),
    }
