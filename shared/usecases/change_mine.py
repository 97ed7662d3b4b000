"""What somebody puts right about themselves on their own page: how they are called, and where.

Who they are stays: everything of theirs stands under the id that it always had. A name counts at
once; a certificate that was printed stays as it was. An address counts when both ends have agreed.
"""

from collections.abc import Callable
from datetime import datetime

from shared.domain.applications import origin_of
from shared.domain.certificates import Certificate
from shared.domain.letters import LetterKind, owe
from shared.domain.mailboxes import AddressChange, Mailbox
from shared.domain.my_page import AddressView, NameView
from shared.domain.particulars import Particulars
from shared.domain.people import NAME_LIMIT, clean_address, clean_name, mask_address
from shared.domain.record import Record
from shared.domain.registrations import Learner, Registration, latest_of
from shared.ports import Records
from shared.usecases.be_found import to_be_found
from shared.usecases.commit_again import until_committed
from shared.usecases.count_sent import one_more
from shared.usecases.open_my_page import holder_of, series_of
from shared.usecases.open_pages import NotFound
from shared.usecases.owe_letters import not_yet_owed

PER_PERSON_AND_HOUR = 3
PER_ORIGIN_AND_HOUR = 20
_PLACE = "my-address"
_NO_ADDRESS = "Could you look at the address once more? It needs an @ and a place."


def open_name(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> NameView | NotFound:
    """The form, with the name they are known by."""
    person = holder_of(token, keys=keys, records=records, now=now)
    return NotFound() if person is None else _name_view(token, person, records)


def put_name_right(
    token: str, typed: str, *, keys: list[bytes], records: Records, now: datetime
) -> NameView | NotFound:
    """Call them so from now on, or say what is to be put right. No real name is refused."""
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    problem = _wrong_with(typed)
    if problem:
        view = _name_view(token, person, records)
        return view.model_copy(update={"typed": typed, "problem": problem})

    def attempt() -> Learner:
        known = records.get(Learner.key_of(person.learner), Learner) or person
        if known.renamed_at is not None and known.name == clean_name(typed):
            return known
        named = known.model_copy(update={"name": clean_name(typed), "renamed_at": now})
        records.commit(named, *to_be_found(known, named, keys[0], records))
        return named

    view = _name_view(token, until_committed(attempt), records)
    return view.model_copy(update={"saved": True})


def open_address(
    token: str, *, keys: list[bytes], records: Records, now: datetime
) -> AddressView | NotFound:
    """The form, with the address letters go to now, masked."""
    person = holder_of(token, keys=keys, records=records, now=now)
    return NotFound() if person is None else _address_view(token, person, records)


def ask_another_address(
    token: str,
    address: str,
    sent_from: str,
    *,
    keys: list[bytes],
    records: Records,
    change_id: Callable[[], str],
    now: datetime,
) -> AddressView | NotFound:
    """Write to both ends: the new one confirms that it is theirs, the earlier one agrees.

    An earlier one from which letters come back is not asked. Raises TooMany, Unavailable. A click
    twice within a minute is one request.
    """
    person = holder_of(token, keys=keys, records=records, now=now)
    if person is None:
        return NotFound()
    view, cleaned = _address_view(token, person, records), clean_address(address)
    if cleaned is None:
        return view.model_copy(update={"typed": address, "problem": _NO_ADDRESS})
    if cleaned == person.address:
        problem = "Your letters go to this address already."
        return view.model_copy(update={"typed": address, "problem": problem})

    def attempt() -> None:
        hour = f"{now:%Y%m%dT%H}"
        counts: list[Record] = [
            one_more(origin_of(_PLACE, of, keys[0]), hour, limit, records=records, now=now)
            for of, limit in (
                (f"net.{sent_from}", PER_ORIGIN_AND_HOUR),
                (f"learner.{person.learner}", PER_PERSON_AND_HOUR),
            )
        ]
        change = AddressChange(
            learner=person.learner, change=change_id(), address=cleaned, asked_at=now,
            from_page=True,
        )  # fmt: skip
        kinds = [LetterKind.ADDRESS_CONFIRM, *([] if view.bounces else [LetterKind.ADDRESS_AGREE])]
        letters = [
            owe(
                kind,
                f"{person.learner}/{change.change}",
                now,
                learner=person.learner,
                series=_latest_series(person.learner, records),
            )
            for kind in kinds
        ]
        records.commit(*counts, change, *not_yet_owed(letters, records))

    until_committed(attempt)
    return view.model_copy(update={"typed": "", "asked": True})


def _latest_series(learner: str, records: Records) -> str | None:
    """In whose name the letters are written."""
    latest = latest_of(records.of_learner(learner, Registration))
    return latest.series if latest else None


def _wrong_with(typed: str) -> str:
    """What is to be put right in a name, if anything."""
    if not clean_name(typed):
        return "What shall we call you?"
    if len(" ".join(typed.split())) > NAME_LIMIT:
        return f"We have room for {NAME_LIMIT} letters. Which part should we use?"
    return ""


def _name_view(token: str, person: Learner, records: Records) -> NameView:
    found = records.page_of(person.learner, (Registration, Certificate))
    registrations = [one for one in found if isinstance(one, Registration)]
    told = records.get(Particulars.key_of(person.learner), Particulars)
    name = clean_name(person.name)
    printed = (told.certificate_name if told else None) or name
    return NameView(
        token=token,
        catalogues=tuple(series.catalogue for series in series_of(registrations, records)),
        name=name,
        typed=name,
        printed=printed,
        misnamed=any(
            one.given and one.revocation is None and clean_name(one.text.name) != printed
            for one in found
            if isinstance(one, Certificate)
        ),
    )


def _address_view(token: str, person: Learner, records: Records) -> AddressView:
    mailbox = records.get(Mailbox.key_of(person.learner), Mailbox)
    registrations = records.of_learner(person.learner, Registration)
    return AddressView(
        token=token,
        catalogues=tuple(series.catalogue for series in series_of(registrations, records)),
        masked=mask_address(person.address),
        bounces=mailbox is not None and mailbox.bounced_at is not None,
    )
