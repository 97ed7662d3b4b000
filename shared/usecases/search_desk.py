"""Find a person, an order, a certificate, a session or a series by what staff have in their hands.

Nothing is scanned. A search asks at most ten questions, however many people there are: everything
has a key of its own, and people are found by the beginnings of their names, fifty at a time.
"""

import re
from collections.abc import Iterator

from shared.domain.certificates import (
    PUBLIC_ID_LENGTH,
    Certificate,
    CertificatePointer,
    is_public_id,
)
from shared.domain.desk_person import FoundPerson, FoundThing, SearchPage
from shared.domain.findings import (
    Finding,
    address_word,
    asked_by,
    fits,
    number_typed,
    number_word,
)
from shared.domain.languages import ENGLISH
from shared.domain.links import learner_id
from shared.domain.name_order import place_of
from shared.domain.payments import Order
from shared.domain.people import clean_address, clean_name
from shared.domain.registrations import Learner
from shared.domain.sessions import Series, SessionState
from shared.ports import Records
from shared.usecases.who_is import person_of

# People who are looked at, and the longest that is asked for.
AT_ONCE, _LONGEST = 50, 200
_PROVIDERS = ("stripe", "razorpay", "paypal", "eventbrite", "award")
_ADDRESS = re.compile(r"(?:^|[\s<,;:])([^\s<>,;:]+@[^\s<>,;]+)")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,119}", re.ASCII)


def search_desk(asked: str, *, begins: str = "", keys: list[bytes], records: Records) -> SearchPage:
    """Everything that may be meant. `begins` is the `next` of the page before this one."""
    asked = " ".join(asked.split())[:_LONGEST]
    if not asked:
        return SearchPage(asked="")
    # As it stands in a letter: "Amara Osei <amara@example.org>", or "mailto:...".
    if address := _ADDRESS.search(asked):
        return SearchPage(asked=asked, people=_by_address(address[1], keys, records))
    things = _things(asked, records) if not begins else ()
    people, following = _by_name(asked, begins, keys, records)
    certified = _by_certificate(asked, records) if not begins else ()
    known = {one.learner: one for one in (*certified, *people)}
    return SearchPage(asked=asked, people=tuple(known.values()), things=things, next=following)


def search_whole(asked: str, *, keys: list[bytes], records: Records) -> Iterator[SearchPage]:
    """One page after the other, to the last."""
    begins, first = "", True
    while begins or first:
        page = search_desk(asked, begins=begins, keys=keys, records=records)
        yield page
        begins, first = page.next, False


def _by_address(address: str, keys: list[bytes], records: Records) -> tuple[FoundPerson, ...]:
    """Whoever pays from there, and whoever's address was corrected to it."""
    cleaned = clean_address(address)
    if cleaned is None:
        return ()
    ids = [person_of(learner_id(cleaned, key), records) for key in keys]
    words = [word for key in keys if (word := address_word(cleaned, key))]
    for word in words:
        ids += [one.person for one in records.page(Finding.partition_of(word), Finding)]
    return _people(ids, records)


def _by_name(
    asked: str, begins: str, keys: list[bytes], records: Records
) -> tuple[tuple[FoundPerson, ...], str]:
    """Whose name it fits, of the next fifty who may bear it; and where the rest begins."""
    words = asked_by(asked, keys[0])
    at, _, after = begins.partition(".")
    if at.isdecimal() and int(at) < len(words):
        words = [words[int(at)]]  # where the page before this one has looked
    pages = [
        records.page(Finding.partition_of(word), Finding, after=after, most=AT_ONCE + 1)
        for word in words
    ]
    if not pages:
        return (), ""
    fewest = min(range(len(pages)), key=lambda one: len(pages[one]))
    found = pages[fewest]
    people = _people([one.person for one in found[:AT_ONCE]], records)
    same = at if after else str(fewest)
    following = f"{same}.{found[AT_ONCE - 1].person}" if len(found) > AT_ONCE else ""
    fitting = [one for one in people if fits(asked, one.name)]
    fitting.sort(key=lambda one: place_of(one.name, one.learner, ENGLISH))
    return tuple(fitting), following


def _by_certificate(asked: str, records: Records) -> tuple[FoundPerson, ...]:
    """Whose certificate has this number, or this address of its public page."""
    last = "".join(filter(str.isalnum, asked.rstrip("/").rpartition("/")[2])).upper()
    if len(last) == PUBLIC_ID_LENGTH and is_public_id(last):
        pointer = records.get(CertificatePointer.key_of(last), CertificatePointer)
        return _people([pointer.holder], records) if pointer else ()
    number = number_typed(asked) or (asked if _ID.fullmatch(asked) else None)
    if number is None:
        return ()
    found = records.page(Finding.partition_of(number_word(number)), Finding)
    held = [
        one.person
        for one in found
        if records.get(Certificate.key_of(one.scope, one.person), Certificate) is not None
    ]
    return _people(held, records)


def _things(asked: str, records: Records) -> tuple[FoundThing, ...]:
    """The order, the session or the series of that id."""
    asked = asked.removeprefix("#").strip()
    if not _ID.fullmatch(asked):
        return ()
    wanted = [Order.key_of(one) for one in (asked, *(f"{p}-{asked}" for p in _PROVIDERS))]
    things = []
    for order in records.get_all(wanted, Order).values():
        if order.learner:
            text = (
                f"Order {order.order}: {order.price or 'no amount'}, {order.status or 'not paid'}"
            )
            things.append(FoundThing(path=f"staff/people/{order.learner}", text=text))
        else:
            text = f"Order {order.order} is nobody's yet: it waits under Today"
            things.append(FoundThing(path="staff", text=text))
    state = records.get(SessionState.key_of(asked), SessionState)
    if state is not None:
        things.append(FoundThing(path=f"staff/sessions/{asked}", text=f"Session {asked}"))
    series = records.get(Series.key_of(asked), Series)
    if series is not None:
        text = f"Series {series.catalogue.series.title}"
        things.append(FoundThing(path=f"staff/series/{asked}", text=text))
    return tuple(things)


def _people(ids: list[str], records: Records) -> tuple[FoundPerson, ...]:
    keys = [Learner.key_of(one) for one in dict.fromkeys(ids)]
    found = records.get_all(keys, Learner)
    return tuple(
        FoundPerson(learner=one.learner, name=clean_name(one.name), address=one.address)
        for one in (found[key] for key in keys if key in found)
        if one.erased_at is None
    )
