"""Take back that two addresses are one person's.

What is kept are facts of orders and of who was seen under which address, so who has what follows
from them anew: each order goes to whoever has its buyer's address, by the code that grants. What
is cut off, the sweep finishes.
"""

from datetime import datetime

from shared.domain.likeness import PARTING, Likeness, Said, SamePerson
from shared.domain.links import learner_id
from shared.domain.mailboxes import Mailbox
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.registrations import Learner
from shared.domain.sessions import SessionState
from shared.ports import Records
from shared.usecases.account_attendance import account_for
from shared.usecases.be_found import to_be_found
from shared.usecases.commit_again import until_committed
from shared.usecases.count_unmatched import count_unmatched
from shared.usecases.decide_again import decide_again
from shared.usecases.quote_parting import address_of, greeting, quote_parting
from shared.usecases.rule_on_likeness import move_order
from shared.usecases.who_is import who_is


class CannotBeParted(Exception):
    """They count as two, or something is in the way; the message says what."""


def part_people(
    other: str, *, by: str, why: str, records: Records, identity_key: bytes, now: datetime
) -> str:
    """They are two after all. The id of whom the address counted for. Raises CannotBeParted."""

    def attempt() -> SamePerson:
        quote = quote_parting(other, records=records, identity_key=identity_key, now=now)
        if quote is None:
            raise CannotBeParted("These two count as two people already.")
        if quote.in_the_way:
            raise CannotBeParted(" ".join(quote.in_the_way))
        same, said = quote.same, Said(same=False, by=by, at=now, why=why)
        since = {"waiting": PARTING, "waiting_since": now.isoformat()}
        parted = same.model_copy(update={"parted": said, **since})
        changes: list[Record] = [parted]
        pair = records.get(Likeness.key_of(same.series, same.person, other), Likeness)
        if pair is not None:
            done = {"said": said, "waiting": None, "waiting_since": None}
            changes.append(pair.model_copy(update=done))
        records.commit(*changes)
        return parted

    parted = until_committed(attempt)
    finish_parting(parted, records=records, identity_key=identity_key, now=now)
    return parted.person


def finish_parting(
    parted: SamePerson, *, records: Records, identity_key: bytes, now: datetime
) -> bool:
    """Bring everything under its own name; True once that is done. Begun anew where it stopped."""
    sessions: set[str] = set()
    ids, moved = (parted.person, parted.other), True
    for learner in ids:
        for order in records.of_learner(learner, Order):
            sessions |= {*order.sessions}
            if who_is(address_of(order), records, identity_key) != order.learner:
                moved &= move_order(order.order, records, identity_key, now)
    _greet_anew(parted.person, records, identity_key)
    said_at = parted.parted.at if parted.parted else now
    cause = f"two-people/{'+'.join(sorted(ids))}/{said_at:%Y%m%dT%H%M%SZ}"
    for session in sorted(sessions):
        account_for(session, records=records, now=now)
        state = records.get(SessionState.key_of(session), SessionState)
        if state is not None and state.closed:
            # The second may have been there, where only the first had a seat: that is for staff.
            count_unmatched(session, records=records, now=now)
        for learner in ids:
            decide_again(session, learner, cause=cause, records=records, now=now)

    def attempt() -> bool:
        kept = records.get(parted.key(), SamePerson)
        if not moved or kept is None or kept.waiting != PARTING:
            return False
        records.commit(kept.model_copy(update={"waiting": None, "waiting_since": None}))
        return True

    return until_committed(attempt)


def _greet_anew(learner: str, records: Records, key: bytes) -> None:
    """Call and reach the first one as their own orders say, where one of the second's did."""

    def attempt() -> None:
        person = records.get(Learner.key_of(learner), Learner)
        if person is None or person.erased_at is not None:
            return
        after = greeting(person, "", records, key)
        if after is None:
            return
        changes: list[Record] = [after, *to_be_found(person, after, key, records)]
        mailbox = records.get(Mailbox.key_of(learner), Mailbox)
        if mailbox is not None and after.address != person.address:
            changes.append(mailbox.corrected(learner_id(after.address, key)))
        records.commit(*changes)

    until_committed(attempt)
