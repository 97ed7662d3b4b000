"""Correct a person's address, and send what was missed while letters came back.

Staff do it by name. A person does it with the reference of their payment; the new address counts
once a link that was sent there has been followed, so nobody can lead somebody else's letters away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from shared.domain.applications import origin_of
from shared.domain.letters import Letter, LetterKind, LetterStatus, owe
from shared.domain.likeness import SamePerson
from shared.domain.links import learner_id, read
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.payments import Order
from shared.domain.people import clean_address
from shared.domain.registrations import Learner
from shared.failures import Conflict
from shared.ports import Records
from shared.usecases.be_found import to_be_found
from shared.usecases.commit_again import until_committed
from shared.usecases.count_sent import one_more
from shared.usecases.mailbox_of import mailbox_of
from shared.usecases.owe_letters import not_yet_owed

PER_ORIGIN_AND_HOUR = 10
_PLACE = "address"
_CHUNK = 50
_OLD_END = "old"
THEMSELVES = "themselves"


@dataclass(frozen=True)
class OpenedChange:
    """A change of address, and whether it was opened at the earlier address."""

    change: AddressChange
    old: bool = False


class NoSuchPerson(LookupError):
    """Nobody of that id is known."""


class NoAddress(ValueError):
    """What was given is no address that mail can reach."""


def correct_address(
    learner: str, address: str, *, by: str, records: Records, key: bytes, now: datetime
) -> int:
    """Write to that address from now on; how many letters that were missed are owed again.

    Raises NoSuchPerson or NoAddress. Doing it twice sends nothing twice.
    """
    cleaned = clean_address(address)
    if cleaned is None:
        raise NoAddress("That is no address that mail can reach.")

    def attempt() -> None:
        person = records.get(Learner.key_of(learner), Learner)
        if person is None:
            raise NoSuchPerson("Nobody of that address is known.")
        address_id = learner_id(cleaned, key)
        mailbox = mailbox_of(person, records, key)
        changed = person.model_copy(
            update={"address": cleaned, "corrected_at": now, "corrected_by": by}
        )
        found = to_be_found(person, changed, key, records)
        also = _also_theirs(person, address_id, by, records, now)
        records.commit(changed, mailbox.corrected(address_id), *found, *also)

    until_committed(attempt)
    return _send_what_was_missed(learner, records)


def _also_theirs(
    person: Learner, address_id: str, by: str, records: Records, now: datetime
) -> list[SamePerson]:
    """That whoever writes from the new address is this person, unless somebody else is known by it.

    The person's id stays what it was: everything they have stands under it.
    """
    known = address_id == person.learner or records.get(Learner.key_of(address_id), Learner)
    said = records.get(SamePerson.key_of(address_id), SamePerson)
    if known or (said is not None and said.holds):
        return []
    return [
        SamePerson(
            learner=person.learner, other=address_id, person=person.learner, series="",
            by=by, at=now, why="Their address was corrected.", version=said.version if said else 0,
        )
    ]  # fmt: skip


def _send_what_was_missed(learner: str, records: Records) -> int:
    """Every letter that came back, or was kept back, is owed again, if it is still true by then."""
    missed = iter(
        letter
        for letter in records.of_learner(learner, Letter)
        if letter.status is LetterStatus.RETURNED
    )
    again = 0
    while chunk := list(islice(missed, _CHUNK)):
        for letter in chunk:
            try:
                records.commit(letter.owed_again("The address was corrected."))
                again += 1
            except Conflict:
                continue  # it is being dealt with
    return again


def ask_for_change(
    reference: str,
    address: str,
    sent_from: str,
    *,
    records: Records,
    key: bytes,
    change_id: Callable[[], str],
    now: datetime,
) -> bool:
    """Ask the new address whether it is theirs; False if it is no address.

    `reference` is that of a payment, as it stands in letters and receipts. Whether it is known
    changes nothing of the answer. Raises TooMany, Unavailable.
    """
    cleaned = clean_address(address)
    if cleaned is None:
        return False

    def attempt() -> None:
        origin = origin_of(_PLACE, f"net.{sent_from}", key)
        hour = f"{now:%Y%m%dT%H}"
        count = one_more(origin, hour, PER_ORIGIN_AND_HOUR, records=records, now=now)
        order = _order(reference.strip(), records)
        mailbox = order and records.get(Mailbox.key_of(order.learner or ""), Mailbox)
        # Only where letters come back: a reference alone must not lead them elsewhere.
        if order is None or not mailbox or mailbox.bounced_at is None:
            records.commit(count)
            return
        learner = order.learner or ""
        change = AddressChange(learner=learner, change=change_id(), address=cleaned, asked_at=now)
        letter = owe(
            LetterKind.ADDRESS_CONFIRM,
            f"{learner}/{change.change}",
            now,
            learner=learner,
            series=order.series,
        )
        records.commit(count, change, *not_yet_owed([letter], records))

    until_committed(attempt)
    return True


def open_change(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> OpenedChange | None:
    """The change behind a link of ours, and which end the link was sent to; else None."""
    learner, _, rest = (read("address", token, keys, now) or "").partition("/")
    change, _, end = rest.partition("/")
    if end not in ("", _OLD_END):
        return None
    kept = records.get(AddressChange.key_of(learner, change), AddressChange)
    return OpenedChange(kept, old=end == _OLD_END) if kept else None


def confirm_change(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> OpenedChange | None:
    """Say yes at one end, and let the address count once everybody asked has; None as above.

    Doing it twice changes nothing more.
    """

    def attempt() -> OpenedChange | None:
        opened = open_change(token, keys=keys, records=records, now=now)
        if opened is None or opened.change.confirmed_at is not None:
            return opened
        heard = opened.change.heard(old=opened.old, now=now)
        if heard != opened.change:
            records.commit(heard)
            heard = heard.model_copy(update={"version": heard.version + 1})
        mailbox = records.get(Mailbox.key_of(heard.learner or ""), Mailbox)
        bounces = mailbox is not None and mailbox.bounced_at is not None
        if not heard.complete(bounces=bounces):
            return OpenedChange(heard, old=opened.old)
        correct_address(
            heard.learner or "",
            heard.address,
            by=THEMSELVES,
            records=records,
            key=keys[0],
            now=now,
        )
        confirmed = heard.model_copy(update={"confirmed_at": now})
        records.commit(confirmed)
        return OpenedChange(confirmed, old=opened.old)

    return until_committed(attempt)


def stop_announcements(
    token: str, *, keys: list[bytes], records: Records, key: bytes, now: datetime
) -> bool:
    """Send that person no more announcements; False for any other token."""
    learner = read("unsubscribe", token, keys, now) or ""

    def attempt() -> bool:
        person = records.get(Learner.key_of(learner), Learner)
        if person is None:
            return False
        mailbox = mailbox_of(person, records, key)
        if mailbox.unsubscribed_at is None:
            records.commit(mailbox.model_copy(update={"unsubscribed_at": now}))
        return True

    return until_committed(attempt)


def _order(reference: str, records: Records) -> Order | None:
    """The order of that reference, with or without the provider's name before it."""
    tried = [reference, *(f"{provider}-{reference}" for provider in _PROVIDERS)]
    found = (records.get(Order.key_of(one), Order) for one in tried if one)
    return next((order for order in found if order is not None and order.learner), None)


_PROVIDERS = ("stripe", "razorpay", "paypal", "eventbrite")
