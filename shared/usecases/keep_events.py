"""Keep every verified payment event as it came, for a month, so that it can be read again.

It is kept before anything is done with it: one that cannot be understood today is there for the
code that will understand it. Only what is told again of somebody who took everything away is not.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from shared.domain.erasure import Erasure
from shared.domain.kept_events import FOLDER, KeptEvent, Mentioned, file_of, mentioned_in
from shared.domain.payments import Order, PaymentFact
from shared.domain.registrations import Learner
from shared.ports import Files, Records
from shared.usecases.who_is import person_of

_PROVIDER = re.compile("[a-z]{1,20}")


class RawEvent(NamedTuple):
    """An event as it came: from whom, its bytes, the hash that names it, when it was last kept."""

    provider: str
    body: bytes
    name: str
    kept_at: datetime


def keep_event(
    provider: str,
    body: bytes,
    facts: Sequence[PaymentFact] | None,
    *,
    files: Files,
    records: Records,
    identity_key: bytes,
    now: datetime,
) -> bool:
    """Keep it under the hash of its bytes, so that a repetition is the same object.

    `facts` are what it states, None if it cannot be read. False if it is not kept, because whom it
    speaks of took everything away. Raises Unavailable if it could not be kept; then nothing of it
    may be done.
    """
    folder = provider if _PROVIDER.fullmatch(provider) else "unknown"
    name = hashlib.sha256(body).hexdigest()
    said = mentioned_in(folder, body, identity_key)
    orders = said.orders | {fact.order for fact in facts or ()}
    if facts is not None and _of_the_erased(Mentioned(said.people, orders), facts, records):
        return False
    # Found first, then there: what is there is always found.
    records.put_all(KeptEvent.kept(one, folder, name, now) for one in sorted(said.people | orders))
    files.write(file_of(folder, name), body, "application/json")
    return True


def kept_events(files: Files) -> Iterator[RawEvent]:
    """Every event that is kept. Raises Unavailable if they cannot be read."""
    for key, _, kept_at in files.under(f"{FOLDER}/"):
        provider, _, file = key.removeprefix(f"{FOLDER}/").partition("/")
        yield RawEvent(provider, files.read(key), file.removesuffix(".json"), kept_at)


def _of_the_erased(said: Mentioned, facts: Sequence[PaymentFact], records: Records) -> bool:
    """Whether it speaks of somebody who took everything away, and of nothing that came after."""
    orders = (records.get(Order.key_of(one), Order) for one in said.orders)
    if any(order is not None and order.erased_at for order in orders):
        return True
    people = {person_of(one, records) for one in said.people}
    erased = [found for one in people if (found := records.get(Erasure.key_of(one), Erasure))]
    if not erased:
        return False
    if facts:
        return all(fact.at <= max(one.asked_at for one in erased) for fact in facts)
    # It tells nothing of money: it goes with them, unless they came back.
    gone = (records.get(Learner.key_of(one.learner), Learner) for one in erased)
    return any(person is not None and person.erased_at for person in gone)
