"""Take away everything of one person, step by step: each may be repeated, and any may be the last.

Their name and address go last, so that a run that was cut off finds everything again by them. What
stays is what an accreditor asks for; when that term has ended, a further run takes it away too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from shared.domain.attendance import AttendanceReport
from shared.domain.certificates import Certificate
from shared.domain.erasure import WAITING, Erasure, Forgotten, kept_until
from shared.domain.likeness import Trace
from shared.domain.payments import Order
from shared.domain.record import Record
from shared.domain.redaction import without_name, without_words
from shared.domain.registrations import Learner, Registration
from shared.domain.sessions import Series
from shared.domain.sightings import Sighting
from shared.ports import Files, Records
from shared.usecases.commit_again import until_committed
from shared.usecases.count_seats import seat_change, takes_seat
from shared.usecases.count_takings import count_takings
from shared.usecases.erase_applications import erase_application
from shared.usecases.gather_person import Everything, gather_person


@dataclass(frozen=True)
class Stores:
    """Everywhere that something of somebody is kept."""

    records: Records
    applications: Records
    uploads: Files
    documents: Files
    raw_events: Files
    identity_key: bytes


def erase_person(learner: str, stores: Stores, now: datetime) -> bool:
    """Do what is left to be done; False if there is nothing. Raises Unavailable: come again."""
    records = stores.records
    erasure = records.get(Erasure.key_of(learner), Erasure)
    if erasure is None or erasure.waiting != WAITING:
        return False
    if erasure.done_at is not None:
        # A term has ended. Everything else is gone, and what came since is not to go.
        ids = (learner, *erasure.others)
        _take_what_ended(ids, erasure, stores, now)
        _settle(erasure, ids, records, now)
        return True
    found = gather_person(
        learner,
        records=records,
        applications=stores.applications,
        identity_key=stores.identity_key,
        now=now,
        in_doubt=True,
    )
    for application, _ in found.applications:
        erase_application(
            application.series,
            application.reference,
            records=records,
            applications=stores.applications,
            now=now,
        )
    _remember_whom_to_forget(found, records)
    _take_what_ended(found.ids, erasure, stores, now)
    _take_files(found, stores)
    for one in (*found.mine, *found.apart):
        if not isinstance(one, Learner | Erasure):
            _empty(one, found, records, now)
    _settle(erasure, found.ids, records, now)
    return True


def _remember_whom_to_forget(found: Everything, records: Records) -> None:
    """Before anything goes: whatever comes again from now on writes no words of theirs down."""

    def attempt(session: str, names: set[str]) -> None:
        kept = records.get(Forgotten.key_of(session), Forgotten) or Forgotten(session=session)
        if not names <= {*kept.names}:
            all_of_them = tuple(sorted({*kept.names, *names}))
            records.commit(kept.model_copy(update={"names": all_of_them}))

    for session, names in found.named_by.items():
        until_committed(partial(attempt, session, names))


def _take_files(found: Everything, stores: Stores) -> None:
    """Providers' events that name them, reports that name them, and badges.

    What a report said stands in records row by row; the file itself, in which everybody else
    stands too, is not needed any more. A file that another took the place of goes with it.
    """
    for key in found.raw_events:
        stores.raw_events.forget(key)
    for key in _reports_of(found, stores.records):
        stores.uploads.forget(key)
    for session in found.named_by:
        for key, _, _ in list(stores.uploads.under(f"attendance/{session}/")):
            if found.may_mention(_read(stores.uploads, key)):
                stores.uploads.forget(key)
    for document in found.documents:
        if document.startswith("badges/"):
            stores.documents.forget(document)


def _reports_of(found: Everything, records: Records) -> set[str]:
    """The files of the reports that were taken in and hold a row of theirs."""
    sources = {
        AttendanceReport.key_of(one.session, one.source)
        for one in (*found.mine, *found.apart)
        if isinstance(one, Sighting)
    }
    reports = (records.get(key, AttendanceReport) for key in sources)
    return {report.file for report in reports if report is not None}


def _read(files: Files, key: str) -> str:
    try:
        return files.read(key).decode("utf-8-sig", "replace")
    except KeyError:
        return ""  # somebody else took it away


def _empty(record: Record, found: Everything, records: Records, now: datetime) -> None:
    """One record without a word of theirs; a seat ahead is given up with it."""

    def attempt() -> None:
        kept = records.get(record.key(), type(record))
        if kept is None:
            return
        if isinstance(kept, Registration):
            _give_up(kept, records, now)
            return
        emptied = without_words(kept, now)
        if isinstance(emptied, Trace):
            others = tuple(one for one in emptied.learners if one not in found.ids)
            emptied = emptied.model_copy(update={"learners": others})
        if emptied != kept:
            records.commit(emptied)

    until_committed(attempt)


def _give_up(kept: Registration, records: Records, now: datetime) -> None:
    """End a registration of what is ahead; one that is over is the record of who was there."""
    series = records.get(Series.key_of(kept.series), Series)
    sessions = {one.id: one for one in series.catalogue.sessions} if series else {}
    session = sessions.get(kept.session)
    if series is None or session is None or now >= session.ends_at or not kept.grants:
        return
    ended = kept.model_copy(update={"grants": {}})
    order = records.get(Order.key_of(min(kept.grants)), Order)
    by = {kept.session: takes_seat(kept, ended)}
    counted = count_takings(order, by, records) if order is not None else []
    records.commit(ended, *counted, seats=seat_change(series.catalogue, kept, ended))


def _settle(erasure: Erasure, ids: tuple[str, ...], records: Records, now: datetime) -> None:
    """Their name and address go, and what stays is written down, in one commit."""

    def attempt() -> None:
        current = records.get(erasure.key(), Erasure)
        if current is None or current.waiting != WAITING:
            return
        stays = [(one, until) for one, until in _given(ids, erasure, records) if until > now]
        last = max((until for _, until in stays), default=None)
        people = (records.get(Learner.key_of(one), Learner) for one in ids)
        emptied = [without_words(one, now) for one in people if one and one.erased_at]
        changed = [one for one in emptied if isinstance(one, Learner)]
        records.commit(current.done([one for one, _ in stays], last, now), *changed)

    until_committed(attempt)


def _given(
    ids: tuple[str, ...], erasure: Erasure, records: Records
) -> Iterator[tuple[Certificate, datetime]]:
    """The certificates that they had been given by then, each with the end of its term.

    Who came back since has others, which are theirs as anybody's are.
    """
    for learner in ids:
        for one in records.of_learner(learner, Certificate):
            if one.issued_at is None or one.issued_at > erasure.asked_at or not one.text.name:
                continue
            series = records.get(Series.key_of(one.series), Series)
            until = kept_until(one, series.catalogue if series else None)
            if until is not None:
                yield one, until


def _take_what_ended(ids: tuple[str, ...], erasure: Erasure, stores: Stores, now: datetime) -> None:
    """Take away every certificate whose term has ended: name, words and document."""
    records = stores.records
    for one, until in _given(ids, erasure, records):
        if until > now:
            continue
        documents = [one.document, *(kept.document for kept in one.earlier)]
        for document in documents:
            if document:
                stores.documents.forget(document)

        def attempt(of: Certificate = one) -> None:
            kept = records.get(of.key(), Certificate)
            if kept is not None:
                records.commit(without_name(kept))

        until_committed(attempt)
